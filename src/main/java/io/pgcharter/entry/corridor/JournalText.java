package io.pgcharter.entry.corridor;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Says in words what a journal entry's JSON says.
public final class JournalText {
    /// What of an operation is a target, in the order of importance.
    private static final List<String> TARGETS = List.of("database", "source", "target", "repository", "request", "run");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JournalText() {}

    /// What the operation touches: `production`, `production onsite`.
    ///
    /// @param operation JSON of the operation, such as `{"database":"production","operation":"Status"}`
    public static String target(String operation) {
        JsonNode node = JSON.readTree(operation);
        List<String> targets = new ArrayList<>();
        for (String name : TARGETS) {
            if (node.path(name).isString()) {
                targets.add(node.path(name).stringValue());
            }
        }
        return String.join(" ", targets);
    }

    /// What was decided and by which rule, or how it ended.
    ///
    /// @param details JSON of the entry's details
    public static String detail(String details) {
        JsonNode node = JSON.readTree(details);
        if (node.path("decision").isString()) {
            JsonNode reason = node.path("reasons").path(0);
            String because = reason.isMissingNode()
                    ? ""
                    : ": " + text(reason, "text") + " (" + text(reason, "rule") + ", " + text(reason, "where") + ")";
            return text(node, "decision") + because;
        }
        if (node.path("outcome").isString()) {
            JsonNode problem = node.path("problem");
            return text(node, "outcome")
                    + (problem.isMissingNode() ? "" : ": " + text(problem, "code") + ": " + text(problem, "fact"));
        }
        String whole = text(node, "part-of");
        return whole.isEmpty() ? "" : "part of run " + whole;
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).isString() ? node.path(name).stringValue() : "";
    }
}
