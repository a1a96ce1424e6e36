package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.policy.charter.NamePattern;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Ending;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Spot;
import io.pgcharter.policy.lint.Table;
import io.pgcharter.policy.lint.Table.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A new column without a class, in a database whose columns the charter classifies.
///
/// What is dropped or renamed later on needs no class under the name that it had.
final class UnclassifiedColumn implements Rule {
    private static final Card CARD = new Card(
            "unclassified-column",
            Severity.ERROR,
            "a new column without a class, in a database whose columns the charter classifies",
            "Nobody has said who may see what it holds, so it would leave in copies, exports and logs.",
            "Say its class in the charter, under `classification`, in the same change.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, name text, bought_from text);
            """,
            """
            CREATE TABLE parts (id bigint PRIMARY KEY, name text);
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> conclude(Ending end) {
        List<Hit> hits = new ArrayList<>();
        for (DatabaseName database : end.wishes().demands().classified()) {
            for (Table table : end.known().tables()) {
                if (!table.isOfAnother()) {
                    hits.addAll(hits(end, database, table));
                }
            }
        }
        return hits;
    }

    /// One for each statement: what it makes is classified together.
    private static List<Hit> hits(Ending end, DatabaseName database, Table table) {
        Map<String, List<Column>> open = table.columns().stream()
                .filter(column -> column.made().isPresent())
                .filter(column -> end.wishes()
                        .demands()
                        .classification()
                        .of(database, table.name().schema(), table.name().name(), column.name())
                        .isEmpty())
                .collect(Collectors.groupingBy(
                        column -> statement(column.made().orElseThrow()), LinkedHashMap::new, Collectors.toList()));
        List<Hit> hits = new ArrayList<>();
        open.values()
                .forEach(columns -> hits.add(Hit.of(
                        columns.getFirst().made().orElseThrow(),
                        "no class in the charter for "
                                + columns.stream()
                                        .map(column -> NamePattern.key(
                                                database,
                                                table.name().schema(),
                                                table.name().name(),
                                                column.name()))
                                        .collect(Collectors.joining(", ")))));
        table.unlisted()
                .ifPresent(spot -> hits.add(Hit.of(
                                spot,
                                "which columns " + table.name()
                                        + " has cannot be told from the files, so not whether each" + " has a class in "
                                        + database)
                        .as(Severity.WARNING)));
        return hits;
    }

    private static String statement(Spot spot) {
        return spot.file().name() + " " + spot.statement().span();
    }
}
