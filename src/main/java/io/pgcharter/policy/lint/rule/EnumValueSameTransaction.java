package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A value added to an enum and used in the same transaction.
final class EnumValueSameTransaction implements Rule {
    private static final Card CARD = new Card(
            "enum-value-same-transaction",
            Severity.ERROR,
            "a value added to an enum and used in the same transaction",
            "PostgreSQL refuses to use it before the transaction has ended.",
            "Add the value in an earlier file.",
            """
            ALTER TYPE part_state ADD VALUE 'retired';
            UPDATE parts SET state = 'retired' WHERE id = 7;
            """,
            """
            ALTER TYPE part_state ADD VALUE 'retired';
            -- next file
            UPDATE parts SET state = 'retired' WHERE id = 7;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.transaction().isReal()
                        && !at.transaction().enumValues().isEmpty()
                        && !at.is("AlterEnumStmt")
                        && at.node()
                                .descendants()
                                .filter(node -> node.is("A_Const"))
                                .anyMatch(node -> at.transaction()
                                        .enumValues()
                                        .contains(node.child("sval").text("sval"))),
                "the value is not usable before the transaction that added it has ended");
    }
}
