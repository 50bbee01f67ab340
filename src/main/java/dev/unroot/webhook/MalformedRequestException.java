package dev.unroot.webhook;

/** HTTP that leaves open what is asked; the message is a sentence for whoever sent it. */
final class MalformedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedRequestException(String message) {
        super(message, null, false, false);
    }
}
