package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A column of type json.
final class JsonColumn implements Rule {
    private static final Card CARD = new Card(
            "json-column",
            Severity.WARNING,
            "a column of type json",
            "It has no equality: SELECT DISTINCT, UNION and GROUP BY fail, and it cannot be indexed.",
            "jsonb.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, details json);
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, details jsonb);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return Columns.ofType(at, "json")
                .map(column -> at.hit(column, "json has no equality; jsonb has"))
                .toList();
    }
}
