package io.pgcharter.entry.corridor;

import com.fasterxml.jackson.annotation.JsonValue;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Outcomes as `--json` prints them and as the API answers. The shape is documented in docs/json.md and stays stable.
public final class OutcomeJson {
    private OutcomeJson() {}

    public static Map<String, Object> of(Outcome outcome) {
        Map<String, Object> document = new LinkedHashMap<>();
        switch (outcome) {
            case Outcome.Done(var run, var report) -> {
                document.put("outcome", "done");
                document.put("run", run.text());
                document.put("report", report);
            }
            case Outcome.Failed(var run, var problem) -> {
                document.put("outcome", "failed");
                document.put("run", run.text());
                document.put("problem", of(problem));
            }
            case Outcome.Refused(var run, var reasons) -> {
                document.put("outcome", "refused");
                document.put("run", run.text());
                document.put("reasons", of(reasons));
            }
            case Outcome.Waiting(var run, var decision, var request) -> {
                document.put("outcome", "waiting");
                document.put("run", run.text());
                request.ifPresent(id -> document.put("request", id));
                document.putAll(of(decision));
            }
        }
        return document;
    }

    /// A problem that was met before anything was submitted.
    /// Its `outcome` is `failed` and it has no run.
    public static Map<String, Object> ofFailure(Problem problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("outcome", "failed");
        document.put("problem", of(problem));
        return document;
    }

    public static Map<String, Object> of(Decision decision) {
        Map<String, Object> document = new LinkedHashMap<>();
        switch (decision) {
            case Decision.Allowed _ -> document.put("decision", "allowed");
            case Decision.Denied _ -> document.put("decision", "denied");
            case Decision.NeedsConfirmation(var _, String name, var _) -> {
                document.put("decision", "needs-confirmation");
                document.put("name", name);
            }
            case Decision.NeedsApproval(var _, int given, int needed, String role, var _) -> {
                document.put("decision", "needs-approval");
                document.put("given", given);
                document.put("needed", needed);
                document.put("role", role);
            }
        }
        document.put("reasons", of(decision.reasons()));
        return document;
    }

    private static List<Map<String, Object>> of(List<Reason> reasons) {
        return reasons.stream().map(OutcomeJson::of).toList();
    }

    private static Map<String, Object> of(Reason reason) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("rule", reason.rule());
        document.put("text", reason.text());
        document.put("where", reason.where());
        return document;
    }

    public static Map<String, Object> of(Problem problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("code", problem.code().name());
        document.put("fact", problem.fact());
        document.put("cause", problem.cause());
        document.put("remedy", problem.remedy());
        return document;
    }

    /// Its text, on several lines. What is shown once, to whoever asked for it, stands in it: a link, a token.
    public static String text(Object document) {
        return mapper(true).writeValueAsString(document);
    }

    /// What writes documents so.
    public static JsonMapper mapper(boolean isIndented) {
        return JsonMapper.builder()
                .configure(SerializationFeature.INDENT_OUTPUT, isIndented)
                .addMixIn(Secret.class, Revealed.class)
                .build();
    }

    private interface Revealed {
        @JsonValue
        String reveal();

        @Override
        @JsonValue(false)
        String toString();
    }
}
