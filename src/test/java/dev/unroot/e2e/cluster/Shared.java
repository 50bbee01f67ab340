package dev.unroot.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A static field that {@link Cluster} sets before the class begins, to what its type says; not to be closed there. */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@interface Shared {}
