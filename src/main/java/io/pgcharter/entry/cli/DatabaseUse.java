package io.pgcharter.entry.cli;

import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.Flow;
import io.pgcharter.policy.charter.Charter.Rule;
import java.util.List;
import java.util.Locale;

/// How the charter lets a database be used, in words.
final class DatabaseUse {
    private DatabaseUse() {}

    /// One line for each flow that begins or ends in `environment`; one saying so if there are none.
    static List<String> of(Charter charter, EnvironmentName environment) {
        List<String> uses = charter.flows().stream()
                .filter(flow -> flow.from().equals(environment) || flow.to().equals(environment))
                .map(flow -> use(charter, flow, environment))
                .toList();
        return uses.isEmpty() ? List.of("no flow begins or ends here: nothing may be brought in or out") : uses;
    }

    private static String use(Charter charter, Flow flow, EnvironmentName environment) {
        String what = flow.what().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String way = flow.from().equals(environment) ? what + " to " + flow.to() : what + " from " + flow.from();
        return way + ": " + rule(flow.rule()) + " (" + charter.where(flow.line()) + ")";
    }

    private static String rule(Rule rule) {
        return switch (rule) {
            case Rule.Allow _ -> "allowed";
            case Rule.Confirm _ -> "after confirmation";
            case Rule.Approvals(int count, String role, var _) ->
                "after " + count + " approval" + (count == 1 ? "" : "s") + " by " + role;
            case Rule.Deny _ -> "denied";
        };
    }
}
