package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A unique index on a table that holds rows.
final class UniqueOnRows implements Rule {
    private static final Card CARD = new Card(
            "unique-on-rows",
            Severity.NOTICE,
            "a unique index on a table that holds rows",
            "It fails if two rows are alike, after all the reading.",
            "Count them first: SELECT columns, count(*) … GROUP BY columns HAVING count(*) > 1; " + "`rehearse` does.",
            """
            CREATE UNIQUE INDEX CONCURRENTLY parts_name ON parts (name);
            """,
            """
            CREATE INDEX CONCURRENTLY parts_name ON parts (name);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("IndexStmt") && at.node().flag("unique") && at.isOld(at.relation()),
                "it fails if two rows of " + at.relation() + " are alike");
    }
}
