package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD EXCLUDE on a table that others use.
final class ExcludeConstraint implements Rule {
    private static final Card CARD = new Card(
            "exclude-constraint",
            Severity.WARNING,
            "ADD EXCLUDE on a table that others use",
            "Nobody can read or write the table while its index is built. There is no form that does "
                    + "not: an EXCLUDE can neither be NOT VALID nor use an index.",
            "Do it in a window, or fill a new table that has it and swap the two.",
            """
            ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&);
            """,
            """
            CREATE TABLE bookings (
              room integer PRIMARY KEY,
              during tstzrange,
              CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&)
            );
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
        return at.adds("CONSTR_EXCLUSION").stream()
                .map(command -> at.hit(command.definition(), command.table() + " is locked while an index is built"))
                .toList();
    }
}
