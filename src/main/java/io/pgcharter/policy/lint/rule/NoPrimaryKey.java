package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Ending;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import java.util.List;

/// A new table without a primary key.
final class NoPrimaryKey implements Rule {
    private static final Card CARD = new Card(
            "no-primary-key",
            Severity.WARNING,
            "a new table without a primary key",
            "Logical replication cannot tell its rows apart: UPDATE and DELETE fail there, and a copy"
                    + " cannot be compared row by row.",
            "A primary key.",
            """
            CREATE TABLE parts (name text);
            """,
            """
            CREATE TABLE parts (name text PRIMARY KEY);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> conclude(Ending end) {
        return end.made().stream()
                .filter(table -> !table.hasPrimaryKey() && !table.isDependent())
                .filter(table -> !Ending.spot(table).statement().node().is("CreateTableAsStmt"))
                .map(table -> Hit.of(Ending.spot(table), table.name() + " has no primary key"))
                .toList();
    }
}
