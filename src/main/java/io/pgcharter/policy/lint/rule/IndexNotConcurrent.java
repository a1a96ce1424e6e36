package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Table;
import java.util.List;

/// CREATE INDEX without CONCURRENTLY on a table that others use.
final class IndexNotConcurrent implements Rule {
    private static final Card CARD = new Card(
            "index-not-concurrent",
            Severity.ERROR,
            "CREATE INDEX without CONCURRENTLY on a table that others use",
            "Nobody can write to the table while all its rows are read and sorted.",
            "CREATE INDEX CONCURRENTLY, in a file of its own, since it cannot run in a transaction.",
            """
            CREATE INDEX parts_name ON parts (name);
            """,
            """
            CREATE INDEX CONCURRENTLY parts_name ON parts (name);
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
        return at
                .when(
                        at.is("IndexStmt")
                                && !at.node().flag("concurrent")
                                && at.isOld(at.relation())
                                && !at.known()
                                        .table(at.relation())
                                        .map(Table::isPartitioned)
                                        .orElse(false),
                        "building an index on " + at.relation() + " keeps everybody from writing to it")
                .stream()
                .map(hit -> hit.withSql(at.text().replaceFirst("(?i)\\bINDEX\\b", "INDEX CONCURRENTLY") + ";"))
                .toList();
    }
}
