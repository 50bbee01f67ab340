package dev.unroot.model;

/** A value that is in force, and the field that decided it. */
public record Setting<T>(T value, FieldPath path) {}
