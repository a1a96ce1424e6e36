package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.ArrayList;
import java.util.List;

/// GRANT ALL, GRANT … TO PUBLIC, GRANT … WITH GRANT OPTION.
final class WideGrant implements Rule {
    private static final Card CARD = new Card(
            "wide-grant",
            Severity.WARNING,
            "GRANT ALL, GRANT … TO PUBLIC, GRANT … WITH GRANT OPTION",
            "Those have it who need it not, or hand it on: PUBLIC is every role there is and every " + "one to come.",
            "Grant what is needed to a role of its own.",
            """
            GRANT ALL ON parts TO app;
            """,
            """
            GRANT SELECT, INSERT ON parts TO app;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (!at.is("GrantStmt") || !at.node().flag("is_grant")) {
            return List.of();
        }
        List<String> wide = new ArrayList<>();
        if (at.node().list("privileges").isEmpty()) {
            wide.add("every privilege");
        }
        if (at.node().list("grantees").stream()
                .anyMatch(role -> role.text("roletype").equals("ROLESPEC_PUBLIC"))) {
            wide.add("to everybody");
        }
        if (at.node().flag("grant_option")) {
            wide.add("to be handed on");
        }
        return at.when(!wide.isEmpty(), "granted: " + String.join(", ", wide));
    }
}
