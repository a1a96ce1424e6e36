package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.ObjectName;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A foreign key that is added and checked at once.
final class ForeignKeyNotNotValid implements Rule {
    private static final Card CARD = new Card(
            "foreign-key-not-not-valid",
            Severity.ERROR,
            "a foreign key that is added and checked at once",
            "Nobody can write to either table while all rows of the one are looked up in the other.",
            "Add it NOT VALID, then VALIDATE CONSTRAINT in a later transaction: that stops nobody.",
            """
            ALTER TABLE parts ADD CONSTRAINT parts_maker FOREIGN KEY (maker) REFERENCES makers (id);
            """,
            """
            ALTER TABLE parts ADD CONSTRAINT parts_maker FOREIGN KEY (maker) REFERENCES makers (id) NOT VALID;
            -- next file
            ALTER TABLE parts VALIDATE CONSTRAINT parts_maker;
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
        return at.adds("CONSTR_FOREIGN").stream()
                .filter(command -> !command.definition().flag("skip_validation"))
                .map(command -> at.hit(
                                command.definition(),
                                command.table() + " and "
                                        + ObjectName.of(command.definition().child("pktable"))
                                        + " cannot be written to while the key is checked")
                        .withSql(Safe.notValid(at, command, "_fkey")))
                .toList();
    }
}
