package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.OperationText;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.web.Submissions.Submitted;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Operations as programs ask for them. What they are answered with is what `--json` prints.
final class OperationRoutes {
    private static final int WAIT_SECONDS_DEFAULT = 1;
    private static final int WAIT_SECONDS_MAX = 30;

    private final Corridor corridor;
    private final Submissions submissions;

    OperationRoutes(Corridor corridor, Submissions submissions) {
        this.corridor = corridor;
        this.submissions = submissions;
    }

    /// `POST /api/v1/operations/{verb}?as=ENV&confirm=NAME&wait=SECONDS`
    Answer submit(Request request) {
        return submit(request, OperationBody.read(request.path("verb"), json(request)));
    }

    /// `POST /api/v1/explain/{verb}`: what the guard would say. Submits nothing.
    Answer explain(Request request) {
        Operation operation = OperationBody.read(request.path("verb"), json(request));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("operation", OperationText.of(operation));
        document.putAll(OutcomeJson.of(corridor.explain(operation, asking(request))));
        return Answer.json(document);
    }

    /// `POST /api/v1/runs/{run}/cancel`
    Answer cancel(Request request) {
        return submit(request, new Operation.Cancel(request.run()));
    }

    /// `POST /api/v1/approvals/{request}/approve`
    Answer approve(Request request) {
        return submit(request, new Operation.Approve(request.path("request")));
    }

    private Answer submit(Request request, Operation operation) {
        int seconds = request.count("wait", WAIT_SECONDS_DEFAULT, WAIT_SECONDS_MAX);
        return answer(submissions.submit(operation, asking(request), Duration.ofSeconds(seconds)));
    }

    private static Asking asking(Request request) {
        return request.visitor().asking(Request.environment(request.query("as")), request.query("confirm"));
    }

    /// The body, which must say that it is JSON: a form of a foreign page cannot.
    private static String json(Request request) {
        String type = Optional.ofNullable(request.context().contentType()).orElse("");
        if (!type.equals("application/json") && !type.startsWith("application/json;")) {
            throw new Rejection(
                    415,
                    Rejection.invalid(
                                    "the body is not said to be JSON",
                                    "operations are JSON objects",
                                    "send 'Content-Type: application/json'")
                            .problem(),
                    Map.of());
        }
        return request.body();
    }

    private static Answer answer(Submitted submitted) {
        return switch (submitted) {
            case Submitted.GoesOn(RunId run) -> new Answer.Json(202, Map.of("outcome", "running", "run", run.text()));
            case Submitted.Ended(Outcome outcome) -> new Answer.Json(status(outcome), OutcomeJson.of(outcome));
        };
    }

    static int status(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> 200;
            case Outcome.Failed(var _, var problem) -> Rejection.status(problem.code());
            case Outcome.Waiting _ -> 409;
            case Outcome.Refused _ -> 403;
        };
    }
}
