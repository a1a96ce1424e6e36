package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Ending;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import java.util.List;

/// Row-level security without a policy.
final class RowLevelSecurityWithoutPolicy implements Rule {
    private static final Card CARD = new Card(
            "row-level-security-without-policy",
            Severity.NOTICE,
            "row-level security without a policy",
            "Nobody but the owner sees a row: everything is forbidden.",
            "CREATE POLICY in the same file.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY);
            ALTER TABLE parts ENABLE ROW LEVEL SECURITY;
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, client text);
            ALTER TABLE parts ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON parts USING (client = current_user);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> conclude(Ending end) {
        return end.made().stream()
                .filter(table -> table.hasRowSecurity() && !table.hasPolicies())
                .map(table -> Hit.of(Ending.spot(table), table.name() + " shows no row to anybody but its owner"))
                .toList();
    }
}
