package dev.unroot.registry;

/**
 * Tells credentials apart, and holds nothing of them: whoever reads it learns neither secret nor user name, nor can test a
 * guess against it.
 */
public record CredentialKey(String value) {
    /** Of an answer that was given to nobody in particular. */
    public static final CredentialKey ANYONE = new CredentialKey("anyone");
    /** Of what the operator has configured, which is shown for every pod. */
    public static final CredentialKey OPERATOR = new CredentialKey("operator");
}
