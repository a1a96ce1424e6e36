package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP SCHEMA and DROP DATABASE.
final class DropSchema implements Rule {
    private static final Card CARD = new Card(
            "drop-schema",
            Severity.ERROR,
            "DROP SCHEMA and DROP DATABASE",
            "Everything in it is gone.",
            "Drop what it holds by name, so that each is seen.",
            """
            DROP SCHEMA old;
            """,
            """
            CREATE SCHEMA old;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                at.is("DropdbStmt")
                        || (at.is("DropStmt") && at.node().text("removeType").equals("OBJECT_SCHEMA")),
                "everything in it is lost");
    }
}
