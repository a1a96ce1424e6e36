package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Table;
import java.util.List;

/// CREATE INDEX on a partitioned table that others use.
final class PartitionedIndex implements Rule {
    private static final Card CARD = new Card(
            "partitioned-index",
            Severity.ERROR,
            "CREATE INDEX on a partitioned table that others use",
            "The indexes of all partitions are built in one statement, all of them locked; "
                    + "CONCURRENTLY is refused there.",
            "CREATE INDEX ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, ALTER "
                    + "INDEX … ATTACH PARTITION.",
            """
            CREATE TABLE events (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            -- next file
            CREATE INDEX events_at ON events (at);
            """,
            """
            CREATE TABLE events (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            -- next file
            CREATE INDEX events_at ON ONLY events (at);
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
                at.is("IndexStmt")
                        && at.isOld(at.relation())
                        && at.node().child("relation").flag("inh")
                        && at.known()
                                .table(at.relation())
                                .map(Table::isPartitioned)
                                .orElse(false),
                "the indexes of all partitions of " + at.relation() + " are built at once");
    }
}
