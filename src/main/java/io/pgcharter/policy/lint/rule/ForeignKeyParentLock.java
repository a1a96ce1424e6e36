package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// CREATE TABLE with a foreign key to a table that others use.
final class ForeignKeyParentLock implements Rule {
    private static final Card CARD = new Card(
            "foreign-key-parent-lock",
            Severity.NOTICE,
            "CREATE TABLE with a foreign key to a table that others use",
            "That table cannot be written to until the transaction ends, though none of its rows is " + "read.",
            "Set lock_timeout and try again; keep the transaction short.",
            """
            CREATE TABLE orders (id bigint PRIMARY KEY, part bigint REFERENCES parts (id));
            CREATE INDEX orders_part ON orders (part);
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY);
            CREATE TABLE orders (id bigint PRIMARY KEY, part bigint REFERENCES parts (id));
            CREATE INDEX orders_part ON orders (part);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (!at.is("CreateStmt") || !at.node().list("inhRelations").isEmpty()) {
            return List.of();
        }
        return at.effect().touches().keySet().stream()
                .filter(at::isOld)
                .map(parent -> at.hit(parent + " cannot be written to until the transaction ends"))
                .toList();
    }
}
