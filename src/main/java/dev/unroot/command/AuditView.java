package dev.unroot.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What an audit prints a line for. */
enum AuditView {
    NAMESPACE,
    IMAGE,
    WORKLOAD,
    CAUSE;

    static final class Converter implements ITypeConverter<AuditView> {
        @Override
        public AuditView convert(String value) {
            return switch (value) {
                case "namespace" -> NAMESPACE;
                case "image" -> IMAGE;
                case "workload" -> WORKLOAD;
                case "cause" -> CAUSE;
                default -> throw new TypeConversionException("write namespace, image, workload or cause");
            };
        }
    }
}
