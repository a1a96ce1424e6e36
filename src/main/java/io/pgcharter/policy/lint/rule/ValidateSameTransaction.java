package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// VALIDATE CONSTRAINT in the transaction that added it NOT VALID.
final class ValidateSameTransaction implements Rule {
    private static final Card CARD = new Card(
            "validate-same-transaction",
            Severity.ERROR,
            "VALIDATE CONSTRAINT in the transaction that added it NOT VALID",
            "The strong lock of the first is held while the second reads all rows: nothing is won.",
            "VALIDATE in a later file.",
            """
            ALTER TABLE parts ADD CONSTRAINT parts_weight CHECK (weight > 0) NOT VALID;
            ALTER TABLE parts VALIDATE CONSTRAINT parts_weight;
            """,
            """
            ALTER TABLE parts ADD CONSTRAINT parts_weight CHECK (weight > 0) NOT VALID;
            -- next file
            ALTER TABLE parts VALIDATE CONSTRAINT parts_weight;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.alters("AT_ValidateConstraint").stream()
                .filter(command -> at.transaction().isReal() && at.transaction().addedUnproven(command.name()))
                .map(command -> at.hit("the lock from adding " + command.name() + " is still held"))
                .toList();
    }
}
