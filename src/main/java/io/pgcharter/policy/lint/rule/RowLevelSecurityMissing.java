package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Ending;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import java.util.List;

/// A new table without row-level security, in a schema for which the charter demands it.
final class RowLevelSecurityMissing implements Rule {
    private static final Card CARD = new Card(
            "row-level-security-missing",
            Severity.ERROR,
            "a new table without row-level security, in a schema for which the charter demands it",
            "Whoever may read the table reads the rows of all clients.",
            "ALTER TABLE … ENABLE ROW LEVEL SECURITY, and a policy, in the same file.",
            """
            CREATE TABLE guarded.parts (id bigint PRIMARY KEY);
            """,
            """
            CREATE TABLE guarded.parts (id bigint PRIMARY KEY, client text);
            ALTER TABLE guarded.parts ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON guarded.parts USING (client = current_user);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> conclude(Ending end) {
        return end.made().stream()
                .filter(table -> end.wishes().demands().wantsRowSecurity(table.name()) && !table.isDependent())
                .filter(table -> !table.hasRowSecurity())
                .map(table -> Hit.of(
                        Ending.spot(table), table.name() + " has no row-level security, which the charter demands"))
                .toList();
    }
}
