package dev.unroot.command;

import dev.unroot.audit.State;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --fail-on}, in the words of findings. */
final class FailOnConverter implements ITypeConverter<State> {
    @Override
    public State convert(String value) {
        return switch (value) {
            case "violation" -> State.DENIED;
            case "unverified" -> State.NOT_VERIFIED;
            case "will-not-start" -> State.WILL_NOT_START;
            default -> throw new TypeConversionException("write violation, unverified or will-not-start");
        };
    }
}
