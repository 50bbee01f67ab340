package dev.unroot.webhook;

import dev.unroot.certificate.ClientCheck;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** {@code POST /validate} and {@code /validate/enforced}: turns away what is no admission review by its head, and starts an exchange for all else. */
final class AdmissionHandler implements Handler<HttpServerRequest> {
    private final AdmissionContext tools;
    private final boolean enforced;

    /** @param enforced whether what comes is from namespaces that enforce, as far as the API server knows */
    AdmissionHandler(AdmissionContext tools, boolean enforced) {
        this.tools = tools;
        this.enforced = enforced;
    }

    @Override
    public void handle(HttpServerRequest request) {
        long started = System.nanoTime();
        Responses answers = tools.answers();
        ClientCheck clients = tools.options().clients();
        String stranger =
                clients == null ? null : clients.problem(request.connection().sslSession());
        if (stranger != null) {
            answers.refuse(request, 403, stranger);
            return;
        }
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            answers.refuse(
                    request,
                    405,
                    request.path() + " takes POST, not "
                            + OneLine.of(request.method().name(), 20) + ".");
            return;
        }
        if (!isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            answers.refuse(request, 415, "Send an AdmissionReview with Content-Type: application/json.");
            return;
        }
        RequestTimeout timeout;
        try {
            timeout = RequestTimeout.parse(parameter(request, "timeout"));
        } catch (BadRequestException e) {
            answers.refuse(request, 400, e.getMessage());
            return;
        }
        new AdmissionExchange(tools, request, enforced, timeout, started).begin();
    }

    private static @Nullable String parameter(HttpServerRequest request, String name) throws BadRequestException {
        if (request.query() == null) {
            return null;
        }
        try {
            return request.getParam(name);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("The query string cannot be decoded: write it as ?timeout=10s.");
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.trim().equalsIgnoreCase("application/json");
    }
}
