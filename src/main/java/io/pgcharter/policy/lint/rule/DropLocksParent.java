package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;

/// DROP of a foreign key, or of a table that has one.
final class DropLocksParent implements Rule {
    private static final Card CARD = new Card(
            "drop-locks-parent",
            Severity.WARNING,
            "DROP of a foreign key, or of a table that has one",
            "The table that it points to is locked too: nobody can read or write it until the " + "transaction ends.",
            "Set lock_timeout and try again; drop one at a time, each in a transaction of its own.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, maker bigint CONSTRAINT parts_maker REFERENCES makers (id));
            CREATE INDEX parts_by_maker ON parts (maker);
            -- next file
            ALTER TABLE parts DROP CONSTRAINT parts_maker;
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, maker bigint CONSTRAINT parts_maker CHECK (maker > 0));
            -- next file
            ALTER TABLE parts DROP CONSTRAINT parts_maker;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        boolean drops = (at.is("DropStmt") && at.node().text("removeType").equals("OBJECT_TABLE"))
                || !at.alters("AT_DropConstraint", "AT_DropColumn").isEmpty();
        return at.when(
                drops
                        && at.effect().touches().keySet().stream()
                                        .filter(at::isOld)
                                        .count()
                                > dropped(at),
                "tables that the foreign keys point to are locked too: "
                        + at.effect().touches().keySet());
    }

    private static long dropped(Situation at) {
        return at.is("DropStmt") ? at.node().list("objects").size() : 1;
    }
}
