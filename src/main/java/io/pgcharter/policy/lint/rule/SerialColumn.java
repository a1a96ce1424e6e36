package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A column of type serial or bigserial in a new table.
final class SerialColumn implements Rule {
    private static final Card CARD = new Card(
            "serial-column",
            Severity.NOTICE,
            "a column of type serial or bigserial in a new table",
            "Its sequence has rights and an owner of its own, and INSERTs may write to it.",
            "bigint GENERATED ALWAYS AS IDENTITY.",
            """
            CREATE TABLE parts (id bigserial PRIMARY KEY);
            """,
            """
            CREATE TABLE parts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return Columns.ofType(at, "serial", "bigserial", "smallserial")
                .filter(_ -> at.is("CreateStmt"))
                .map(column -> at.hit(column, "identity does the same, and belongs to the column"))
                .toList();
    }
}
