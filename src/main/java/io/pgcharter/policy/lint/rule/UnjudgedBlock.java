package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.Block;
import io.pgcharter.model.sql.Block.Step.Unread;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Spot;
import java.util.List;

/// A DO block with SQL that cannot be read before it runs.
final class UnjudgedBlock implements Rule {
    private static final Card CARD = new Card(
            "unjudged-block",
            Severity.NOTICE,
            "a DO block with SQL that cannot be read before it runs",
            "What it locks, reads and breaks is not judged here; `rehearse` measures it.",
            "Write the statements down, or EXECUTE constant texts.",
            """
            DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN weight integer', 'parts'); END $$;
            """,
            """
            DO $$ BEGIN EXECUTE 'ALTER TABLE parts ADD COLUMN weight integer'; END $$;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    /// One for each block, at the first such place.
    @Override
    public List<Hit> judge(Situation at) {
        List<Unread> unread = at.file().block(at.statement()).map(Block::unread).orElse(List.of());
        if (unread.isEmpty()) {
            return List.of();
        }
        Unread first = unread.getFirst();
        String more = unread.size() == 1 ? "" : ", and " + (unread.size() - 1) + " more in this block";
        return List.of(Hit.of(
                new Spot(at.file(), new Statement(at.node(), first.span()), Node.NONE),
                "not judged: " + first.what() + more));
    }
}
