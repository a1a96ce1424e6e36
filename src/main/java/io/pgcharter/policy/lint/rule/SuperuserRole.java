package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.Set;

/// A role with SUPERUSER, BYPASSRLS or REPLICATION.
final class SuperuserRole implements Rule {
    private static final Card CARD = new Card(
            "superuser-role",
            Severity.ERROR,
            "a role with SUPERUSER, BYPASSRLS or REPLICATION",
            "No grant and no policy holds for it.",
            "Grant the predefined role that has what is needed, such as pg_read_all_data.",
            """
            CREATE ROLE helper SUPERUSER;
            """,
            """
            CREATE ROLE helper LOGIN;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                (at.is("CreateRoleStmt") || at.is("AlterRoleStmt"))
                        && at.node().list("options").stream()
                                .anyMatch(option -> STRONG.contains(option.text("defname"))
                                        && option.child("arg").flag("boolval")),
                "no grant and no policy holds for such a role");
    }

    private static final Set<String> STRONG = Set.of("superuser", "bypassrls", "isreplication");
}
