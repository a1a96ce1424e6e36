package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.stream.Collectors;

/// Rows changed in the transaction that locked the table.
final class SchemaAndRowsTogether implements Rule {
    private static final Card CARD = new Card(
            "schema-and-rows-together",
            Severity.WARNING,
            "rows changed in the transaction that locked the table",
            "The lock is held for as long as all rows take.",
            "Change rows in a file of its own, in batches.",
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            UPDATE parts SET weight = 0 WHERE weight IS NULL;
            """,
            """
            ALTER TABLE parts ADD COLUMN weight integer;
            -- next file
            UPDATE parts SET weight = 0 WHERE weight IS NULL;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        boolean changes = at.is("UpdateStmt")
                || at.is("DeleteStmt")
                || (at.is("InsertStmt")
                        && !at.node().child("selectStmt").list("fromClause").isEmpty());
        String locked = at.transaction().locks().entrySet().stream()
                .filter(lock -> lock.getValue().stopsReaders())
                .map(lock -> lock.getKey().toString())
                .sorted()
                .collect(Collectors.joining(", "));
        return at.when(
                changes && at.transaction().isReal() && !locked.isEmpty(),
                "the lock on " + locked + " is held until all rows are changed");
    }
}
