package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP … CASCADE and TRUNCATE … CASCADE.
final class Cascade implements Rule {
    private static final Card CARD = new Card(
            "cascade",
            Severity.ERROR,
            "DROP … CASCADE and TRUNCATE … CASCADE",
            "What depends on it goes too, whatever it is on the day when it runs.",
            "Name what is to go, one by one.",
            """
            DROP TYPE part_state CASCADE;
            """,
            """
            DROP TYPE part_state;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        boolean drops = at.is("DropStmt") || at.is("TruncateStmt") || at.is("DropOwnedStmt");
        boolean whole = drops && at.node().text("behavior").equals("DROP_CASCADE");
        boolean part = at.changes("AT_DropColumn", "AT_DropConstraint").stream()
                .anyMatch(command -> command.node().text("behavior").equals("DROP_CASCADE"));
        return at.when(whole || part, "what depends on it is dropped too, whatever that is");
    }
}
