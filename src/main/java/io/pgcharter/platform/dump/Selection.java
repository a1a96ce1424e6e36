package io.pgcharter.platform.dump;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What to load of a dump: everything, or some tables with what they are made of (schemas, extensions, types,
/// functions, sequences, indexes, constraints among them). Views, and foreign keys to tables that are not chosen,
/// stay behind.
public final class Selection {
    private static final Set<String> FOUNDATIONS = Set.of(
            "",
            "SCHEMA",
            "EXTENSION",
            "TYPE",
            "SHELL TYPE",
            "DOMAIN",
            "COLLATION",
            "CAST",
            "OPERATOR",
            "OPERATOR CLASS",
            "OPERATOR FAMILY",
            "FUNCTION",
            "PROCEDURE",
            "AGGREGATE",
            "SEQUENCE");

    private static final Set<String> OF_TABLE = Set.of(
            "TABLE",
            "DEFAULT",
            "TABLE ATTACH",
            "INDEX",
            "CONSTRAINT",
            "CHECK CONSTRAINT",
            "FK CONSTRAINT",
            "TRIGGER",
            "POLICY",
            "ROW SECURITY",
            "SEQUENCE OWNED BY",
            "STATISTICS");

    private static final Pattern REFERENCES =
            Pattern.compile("REFERENCES (\"(?:[^\"]|\"\")+\"|[\\w$]+)\\.(\"(?:[^\"]|\"\")+\"|[\\w$]+)");

    private final List<String> patterns;
    private final Set<String> chosen = new HashSet<>();

    private Selection(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /// @param patterns `schema` or `schema.table`, names as they are, unquoted; none for everything
    public static Selection of(List<String> patterns) {
        return new Selection(patterns);
    }

    public static Selection everything() {
        return new Selection(List.of());
    }

    boolean isEverything() {
        return patterns.isEmpty();
    }

    /// @throws ProblemException `NOT_FOUND` if a pattern names nothing in the dump
    List<DumpSource.Table> tables(List<DumpSource.Table> all) {
        if (isEverything()) {
            return all;
        }
        for (String pattern : patterns) {
            List<DumpSource.Table> matching = all.stream()
                    .filter(table ->
                            table.schema().equals(pattern) || table.label().equals(pattern))
                    .toList();
            if (matching.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "the backup holds no table or schema '" + pattern + "'",
                        "it holds " + all.size() + " tables; names are case-sensitive and written schema.table",
                        "look into the backup's manifest.json for its tables");
            }
            matching.forEach(table -> chosen.add(table.label()));
        }
        return all.stream().filter(table -> chosen.contains(table.label())).toList();
    }

    List<TocEntry> entries(List<TocEntry> all) {
        return isEverything() ? all : all.stream().filter(this::isWanted).toList();
    }

    /// `setval` of sequences that were created: those of chosen schemas' and tables' entries are all created.
    List<TocEntry> sequences(List<TocEntry> all) {
        return all;
    }

    private boolean isWanted(TocEntry entry) {
        if (FOUNDATIONS.contains(entry.type())) {
            return true;
        }
        if (!OF_TABLE.contains(entry.type())) {
            return false;
        }
        String table = entry.type().equals("TABLE")
                ? entry.schema() + "." + entry.name()
                : entry.table().orElse("");
        if (entry.type().equals("SEQUENCE OWNED BY")) {
            return chosen.stream()
                    .anyMatch(label -> entry.statements().getFirst().text().contains(label + "."));
        }
        return chosen.contains(table)
                && (!entry.isForeignKey()
                        || referenced(entry).map(chosen::contains).orElse(false));
    }

    private static Optional<String> referenced(TocEntry entry) {
        Matcher matcher = REFERENCES.matcher(entry.statements().getFirst().text());
        return matcher.find()
                ? Optional.of(TocEntry.unquoted(matcher.group(1)) + "." + TocEntry.unquoted(matcher.group(2)))
                : Optional.empty();
    }
}
