package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A value added to an enum without saying where.
final class EnumValueWithoutPlace implements Rule {
    private static final Card CARD = new Card(
            "enum-value-without-place",
            Severity.NOTICE,
            "a value added to an enum without saying where",
            "It comes last. Values compare and sort in their order, which cannot be changed later.",
            "Say BEFORE or AFTER which value it stands.",
            """
            ALTER TYPE part_state ADD VALUE 'retired';
            """,
            """
            ALTER TYPE part_state ADD VALUE 'retired' AFTER 'sold';
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        boolean isAdded = at.is("AlterEnumStmt")
                && at.node().text("oldVal").isEmpty()
                && !at.node().text("newVal").isEmpty();
        return at.when(
                isAdded && at.node().text("newValNeighbor").isEmpty(),
                "'" + at.node().text("newVal") + "' will sort behind all others, for good");
    }
}
