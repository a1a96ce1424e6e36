package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A statement outside a transaction without IF EXISTS or IF NOT EXISTS.
final class NotRerunnable implements Rule {
    private static final Card CARD = new Card(
            "not-rerunnable",
            Severity.NOTICE,
            "a statement outside a transaction without IF EXISTS or IF NOT EXISTS",
            "If the file fails later on, it cannot be run again.",
            "One such statement a file; or IF EXISTS, save for CREATE INDEX CONCURRENTLY, which "
                    + "leaves invalid ones.",
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            CREATE INDEX CONCURRENTLY parts_weight ON parts (weight);
            """,
            """
            ALTER TABLE parts ADD COLUMN IF NOT EXISTS weight integer;
            CREATE INDEX CONCURRENTLY parts_weight ON parts (weight);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (at.transaction().isReal() || at.script().statements().size() < 2) {
            return List.of();
        }
        boolean adds = at.changes("AT_AddColumn", "AT_DropColumn", "AT_DropConstraint").stream()
                .anyMatch(command -> !command.node().flag("missing_ok"));
        boolean makes = at.is("CreateStmt") && !at.node().flag("if_not_exists");
        boolean drops = at.is("DropStmt") && !at.node().flag("missing_ok");
        return at.when(adds || makes || drops, "it fails when the file is run again");
    }
}
