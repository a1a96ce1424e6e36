package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A CHECK that is added and checked at once.
final class CheckNotNotValid implements Rule {
    private static final Card CARD = new Card(
            "check-not-not-valid",
            Severity.ERROR,
            "a CHECK that is added and checked at once",
            "Nobody can read or write the table while all its rows are checked.",
            "Add it NOT VALID, then VALIDATE CONSTRAINT in a later transaction: that stops nobody.",
            """
            ALTER TABLE parts ADD CONSTRAINT parts_weight CHECK (weight > 0);
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
    public boolean costsByRows() {
        return true;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.adds("CONSTR_CHECK").stream()
                .filter(command -> !command.definition().flag("skip_validation"))
                .map(command -> at.hit(
                                command.definition(), command.table() + " is locked while each of its rows is checked")
                        .withSql(Safe.notValid(at, command, "_check")))
                .toList();
    }
}
