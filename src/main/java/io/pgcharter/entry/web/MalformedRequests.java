package io.pgcharter.entry.web;

import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers what is no HTTP, or too much of it, before any route sees it: one problem in JSON, and nothing of what was
/// sent.
final class MalformedRequests extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, "application/json"));
        response.getHeaders().put(new HttpField(HttpHeader.CACHE_CONTROL, "no-store"));
        response.getHeaders().put(new HttpField("X-Content-Type-Options", "nosniff"));
        Content.Sink.write(response, true, text(response.getStatus()), callback);
        return true;
    }

    private static String text(int status) {
        String fact = switch (status) {
            case 414 -> "the address is too long";
            case 431 -> "the headers are too long";
            case 408 -> "the request came too slowly";
            default -> "this is not a request that can be understood";
        };
        Problem problem = new Problem(
                status == 500 ? ProblemCode.INTERNAL : ProblemCode.REQUEST_INVALID,
                fact,
                "the server answered before any route saw it, with " + status,
                "correct the request; see docs/api.md");
        return OutcomeJson.text(OutcomeJson.ofFailure(problem)) + "\n";
    }
}
