package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// REPLICA IDENTITY NOTHING.
final class ReplicaIdentityNothing implements Rule {
    private static final Card CARD = new Card(
            "replica-identity-nothing",
            Severity.WARNING,
            "REPLICA IDENTITY NOTHING",
            "Where the table is published, UPDATE and DELETE of the application fail from then on.",
            "The primary key, or USING INDEX of a unique one over columns that are NOT NULL.",
            """
            ALTER TABLE parts REPLICA IDENTITY NOTHING;
            """,
            """
            ALTER TABLE parts REPLICA IDENTITY USING INDEX parts_number;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.changes("AT_ReplicaIdentity").stream()
                .filter(command -> command.definition().text("identity_type").equals("n"))
                .map(command ->
                        at.hit("rows of " + command.table() + " cannot be told apart where they are replicated"))
                .toList();
    }
}
