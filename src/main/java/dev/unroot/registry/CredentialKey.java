package dev.unroot.registry;

/**
 * Tells credentials apart, and holds nothing of them: whoever reads it learns neither secret nor user name, nor can test a
 * guess against it.
 */
public record CredentialKey(String value) {
    /** Of an answer that was given to nobody in particular. */
    public static final CredentialKey ANYONE = new CredentialKey("anyone");
    /** Of whatever the operator has configured: it is shown for every pod, so what it gets is everybody's to have. */
    public static final CredentialKey OPERATOR = new CredentialKey("operator");

    /** Whether what was answered to it is everybody's to have. */
    public boolean isEverybodys() {
        return equals(ANYONE) || equals(OPERATOR);
    }
}
