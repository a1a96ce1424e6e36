package io.pgcharter.entry.web;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import java.util.Map;

/// Why a request is not served.
final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;
    private final transient Map<String, String> headers;

    /// @param status of HTTP @param headers that the answer has besides
    Rejection(int status, Problem problem, Map<String, String> headers) {
        super(problem.text(), null, false, false);
        this.status = status;
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    static Rejection invalid(String fact, String cause, String remedy) {
        return new Rejection(400, new Problem(ProblemCode.REQUEST_INVALID, fact, cause, remedy), Map.of());
    }

    static Rejection notFound(String what) {
        return new Rejection(
                404,
                new Problem(
                        ProblemCode.NOT_FOUND,
                        what,
                        "nothing is known by that name or address",
                        "see the list it was taken from, or docs/api.md for the addresses"),
                Map.of());
    }

    static Rejection tooMany(String fact, long seconds) {
        return new Rejection(
                429,
                new Problem(
                        ProblemCode.TOO_MANY_REQUESTS,
                        fact,
                        "so that nobody can guess passwords or keep others out",
                        "wait " + seconds + " s, then try again"),
                Map.of("Retry-After", Long.toString(seconds)));
    }

    static Rejection forbidden(String fact, String cause, String remedy) {
        return new Rejection(403, new Problem(ProblemCode.FORBIDDEN, fact, cause, remedy), Map.of());
    }

    /// What a problem is in the words of HTTP.
    static int status(ProblemCode code) {
        return switch (code) {
            case USAGE, REQUEST_INVALID -> 400;
            case LOGIN_NEEDED -> 401;
            case FORBIDDEN, IDENTITY_REFUSED -> 403;
            case NOT_FOUND -> 404;
            case TARGET_BUSY -> 409;
            case TOO_MANY_REQUESTS -> 429;
            case INTERNAL -> 500;
            case STATE_UNAVAILABLE -> 503;
            default -> 422;
        };
    }

    int status() {
        return status;
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> headers() {
        return headers;
    }
}
