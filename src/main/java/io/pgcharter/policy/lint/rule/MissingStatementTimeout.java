package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// A table that others use is read or written whole while they wait, without statement_timeout.
final class MissingStatementTimeout implements Rule {
    private static final Card CARD = new Card(
            "missing-statement-timeout",
            Severity.NOTICE,
            "a table that others use is read or written whole while they wait, without statement_timeout",
            "How long it takes depends on the rows that are there then; nothing ends it if it is longer than was thought.",
            "SET statement_timeout to what others can wait for; in a charter, `statement-timeout` of the migrations.",
            """
            ALTER TABLE parts ALTER COLUMN name SET NOT NULL;
            """,
            """
            SET statement_timeout = '5s';
            ALTER TABLE parts ALTER COLUMN name SET NOT NULL;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public boolean costsByRows() {
        return true;
    }

    @Override
    public List<Hit> judge(Situation at) {
        return at.when(
                !at.limits().onTime()
                        && at.effect().touches().entrySet().stream()
                                .anyMatch(entry -> entry.getValue().lock().stopsWriters()
                                        && entry.getValue().scans()
                                        && at.isOld(entry.getKey())),
                "nothing limits how long others wait while it works");
    }
}
