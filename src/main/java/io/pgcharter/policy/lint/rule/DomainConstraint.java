package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// ALTER DOMAIN ADD CONSTRAINT without NOT VALID.
final class DomainConstraint implements Rule {
    private static final Card CARD = new Card(
            "domain-constraint",
            Severity.ERROR,
            "ALTER DOMAIN ADD CONSTRAINT without NOT VALID",
            "Nobody can write to any table with a column of the domain while all their rows are read.",
            "Add it NOT VALID, then ALTER DOMAIN … VALIDATE CONSTRAINT in a later transaction.",
            """
            ALTER DOMAIN weight ADD CONSTRAINT positive CHECK (VALUE > 0);
            """,
            """
            ALTER DOMAIN weight ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
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
        return at.when(
                at.is("AlterDomainStmt")
                        && (at.node().text("subtype").equals("O")
                                || (at.node().text("subtype").equals("C")
                                        && !at.node().child("def").flag("skip_validation"))),
                "every table with a column of the domain is read, and cannot be written to");
    }
}
