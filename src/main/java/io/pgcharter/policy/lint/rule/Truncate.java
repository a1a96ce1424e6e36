package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// TRUNCATE of a table that others use.
final class Truncate implements Rule {
    private static final Card CARD = new Card(
            "truncate",
            Severity.WARNING,
            "TRUNCATE of a table that others use",
            "All rows are gone, without triggers per row, and nobody can use the table until the "
                    + "transaction ends.",
            "DELETE in batches, if rows are really to go.",
            """
            TRUNCATE parts;
            """,
            """
            DELETE FROM parts WHERE id BETWEEN 1 AND 5000;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("TruncateStmt") && at.effect().touches().keySet().stream().anyMatch(at::isOld),
                "all rows of " + at.effect().touches().keySet() + " are lost");
    }
}
