package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A column of type char(n).
final class CharColumn implements Rule {
    private static final Card CARD = new Card(
            "char-column",
            Severity.NOTICE,
            "a column of type char(n)",
            "It is filled up with spaces, which comparisons and lengths then leave out.",
            "text, with a CHECK of its length if it matters.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, code char(4));
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, code text);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return Columns.ofType(at, "bpchar")
                .map(column -> at.hit(column, "char(n) is filled up with spaces"))
                .toList();
    }
}
