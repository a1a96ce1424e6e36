package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// Row-level security taken off a table that others use.
final class RowLevelSecurityRemoved implements Rule {
    private static final Card CARD = new Card(
            "row-level-security-removed",
            Severity.ERROR,
            "DISABLE or NO FORCE ROW LEVEL SECURITY, and DROP POLICY, on a table that others use",
            "Whoever may read the table reads the rows of all clients; or, when the last policy goes, nobody sees any.",
            "ALTER POLICY, or CREATE POLICY of the new one first, in the same transaction.",
            """
            ALTER TABLE parts DISABLE ROW LEVEL SECURITY;
            """,
            """
            ALTER POLICY own ON parts USING (client = current_user);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (at.is("DropStmt") && at.node().text("removeType").equals("OBJECT_POLICY")) {
            return at.effect().touches().keySet().stream()
                    .filter(at::isOld)
                    .map(table -> at.hit("a policy of " + table + " is dropped"))
                    .toList();
        }
        return at.alters("AT_DisableRowSecurity", "AT_NoForceRowSecurity").stream()
                .map(command -> at.hit(command.table() + " is no longer guarded row by row"
                        + (command.kind().equals("AT_NoForceRowSecurity") ? " against its owner" : "")))
                .toList();
    }
}
