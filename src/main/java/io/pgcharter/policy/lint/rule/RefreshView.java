package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// REFRESH MATERIALIZED VIEW without CONCURRENTLY.
final class RefreshView implements Rule {
    private static final Card CARD = new Card(
            "refresh-view",
            Severity.WARNING,
            "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
            "Nobody can read the view until it is computed.",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index on the view.",
            """
            REFRESH MATERIALIZED VIEW part_sums;
            """,
            """
            REFRESH MATERIALIZED VIEW CONCURRENTLY part_sums;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("RefreshMatViewStmt")
                        && !at.node().flag("concurrent")
                        && !at.node().flag("skipData"),
                "nobody can read " + at.relation() + " until it is computed");
    }
}
