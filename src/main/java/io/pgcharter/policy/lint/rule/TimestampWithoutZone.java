package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A column of type timestamp without time zone.
final class TimestampWithoutZone implements Rule {
    private static final Card CARD = new Card(
            "timestamp-without-zone",
            Severity.WARNING,
            "a column of type timestamp without time zone",
            "It is no instant: what it means depends on who reads it, and an hour a year is twice.",
            "timestamptz.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, made timestamp);
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, made timestamptz);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return Columns.ofType(at, "timestamp")
                .map(column -> at.hit(column, column.text("colname") + " holds no instant, but a clock's face"))
                .toList();
    }
}
