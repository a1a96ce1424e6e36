package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Ending;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Known.Index;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Table;
import io.pgcharter.policy.lint.Table.Constraint;
import io.pgcharter.policy.lint.Table.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A foreign key whose columns no index begins with.
final class ForeignKeyWithoutIndex implements Rule {
    private static final Card CARD = new Card(
            "foreign-key-without-index",
            Severity.WARNING,
            "a foreign key whose columns no index begins with",
            "A DELETE or a change of the key in the other table reads this one whole, for each row.",
            "CREATE INDEX CONCURRENTLY on its columns.",
            """
            CREATE TABLE orders (id bigint PRIMARY KEY, part bigint REFERENCES parts (id));
            """,
            """
            CREATE TABLE orders (id bigint PRIMARY KEY, part bigint REFERENCES parts (id));
            CREATE INDEX orders_part ON orders (part);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> conclude(Ending end) {
        return end.known().tables().stream()
                .flatMap(table -> table.constraints().stream()
                        .filter(constraint -> constraint.kind() == Kind.FOREIGN
                                && constraint.made().isPresent())
                        .filter(constraint -> !hasIndex(end, table, constraint.columns()))
                        .map(constraint -> Hit.of(
                                constraint.made().get(),
                                "no index of " + table.name() + " begins with "
                                        + String.join(", ", constraint.columns()))))
                .toList();
    }

    private static boolean hasIndex(Ending end, Table table, List<String> columns) {
        Stream<List<String>> own = table.constraints().stream()
                .filter(constraint -> constraint.kind() == Kind.PRIMARY || constraint.kind() == Kind.UNIQUE)
                .map(Constraint::columns);
        Stream<List<String>> made = end.known().indexesOf(table.name()).stream()
                .filter(index -> !index.partial())
                .map(Index::columns);
        return Stream.concat(own, made)
                .anyMatch(index -> index.size() >= columns.size()
                        && Set.copyOf(index.subList(0, columns.size())).equals(Set.copyOf(columns)));
    }
}
