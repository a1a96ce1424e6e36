package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// Several ALTER TABLE in one file that each read or rewrite the table.
final class RepeatedAlter implements Rule {
    private static final Card CARD = new Card(
            "repeated-alter",
            Severity.NOTICE,
            "several ALTER TABLE in one file that each read or rewrite the table",
            "Its rows are read once for each.",
            "One ALTER TABLE with several commands reads them once.",
            """
            ALTER TABLE parts ALTER COLUMN name SET NOT NULL;
            ALTER TABLE parts ALTER COLUMN weight SET NOT NULL;
            """,
            """
            ALTER TABLE parts ALTER COLUMN name SET NOT NULL, ALTER COLUMN weight SET NOT NULL;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("AlterTableStmt")
                        && at.transaction().worked(at.relation())
                        && at.effect().on(at.relation()).scans()
                        && at.isOld(at.relation()),
                "an earlier statement of this file has read " + at.relation() + " already");
    }
}
