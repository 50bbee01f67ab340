package dev.unroot.command;

import dev.unroot.model.Level;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --level}. */
final class LevelConverter implements ITypeConverter<Level> {
    @Override
    public Level convert(String value) {
        return Level.parse(value).orElseThrow(() -> new TypeConversionException("write " + Level.list()));
    }
}
