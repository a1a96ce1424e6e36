package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.ColumnType;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ADD COLUMN of a domain that has a constraint.
final class AddColumnConstrainedDomain implements Rule {
    private static final Card CARD = new Card(
            "add-column-constrained-domain",
            Severity.ERROR,
            "ADD COLUMN of a domain that has a constraint",
            "The table and all its indexes are written anew while nobody can use it, NULLs too.",
            "Add the column with the domain's base type and a CHECK that is NOT VALID.",
            """
            CREATE DOMAIN weight AS integer CHECK (VALUE > 0);
            ALTER TABLE parts ADD COLUMN net weight;
            """,
            """
            CREATE DOMAIN weight AS integer;
            ALTER TABLE parts ADD COLUMN net weight;
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
        return at.alters("AT_AddColumn").stream()
                .filter(command -> at.known()
                        .isConstrainedDomain(ColumnType.of(command.definition().child("typeName"))))
                .map(command ->
                        at.hit(command.definition(), command.table() + " is written anew for the domain's constraint"))
                .toList();
    }
}
