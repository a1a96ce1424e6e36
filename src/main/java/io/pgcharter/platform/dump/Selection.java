package io.pgcharter.platform.dump;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.SqlScript.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What to load of a dump: everything, or some tables with what they are made of (schemas, extensions, types,
/// functions, sequences, indexes, constraints among them). A partitioned table comes with its partitions, a table that
/// inherits with those it inherits from. Views, and foreign keys to tables that are not chosen, stay behind.
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
            "TEXT SEARCH CONFIGURATION",
            "TEXT SEARCH DICTIONARY",
            "SEQUENCE",
            "INDEX ATTACH");

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

    /// No such table, function, object, column, schema.
    private static final Set<String> MISSING = Set.of("42P01", "42883", "42704", "42703", "3F000");

    private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[^\\s\".,();]+)\\.(\"(?:[^\"]|\"\")+\"|[^\\s\".,();]+)";
    private static final Pattern REFERENCES = Pattern.compile("REFERENCES " + NAME);
    private static final Pattern OWNED_BY = Pattern.compile("OWNED BY " + NAME + "\\.");
    private static final Pattern PARTITION = Pattern.compile("ATTACH PARTITION " + NAME);
    private static final Pattern INHERITS = Pattern.compile("^INHERITS \\((.+)\\)", Pattern.MULTILINE);
    private static final Pattern ANY_NAME = Pattern.compile(NAME);

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

    /// Chooses.
    ///
    /// @param preData the section that creates tables, partitioned ones too
    /// @return the chosen among the tables that have rows of their own
    /// @throws ProblemException `NOT_FOUND` if a pattern names nothing in the dump
    List<DumpSource.Table> tables(List<DumpSource.Table> all, List<TocEntry> preData) {
        if (isEverything()) {
            return all;
        }
        Map<String, String> schemas = new LinkedHashMap<>();
        all.forEach(table -> schemas.put(table.label(), table.schema()));
        preData.stream()
                .filter(entry -> entry.type().equals("TABLE"))
                .forEach(entry -> entry.table().ifPresent(label -> schemas.put(label, entry.schema())));
        Map<String, List<String>> alongWith = companions(preData);
        for (String pattern : patterns) {
            List<String> matching = schemas.keySet().stream()
                    .filter(label -> label.equals(pattern) || pattern.equals(schemas.get(label)))
                    .toList();
            if (matching.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "the backup holds no table or schema '" + pattern + "'",
                        "it holds " + all.size() + " tables; names are case-sensitive and written schema.table",
                        "look into the backup's manifest.json for its tables");
            }
            matching.forEach(label -> choose(label, alongWith));
        }
        return all.stream()
                .filter(table -> chosen.contains(table.label()))
                .map(this::alone)
                .toList();
    }

    private void choose(String label, Map<String, List<String>> alongWith) {
        if (chosen.add(label)) {
            alongWith.getOrDefault(label, List.of()).forEach(other -> choose(other, alongWith));
        }
    }

    /// Which tables a table cannot come without: its partitions, the tables it inherits from.
    private static Map<String, List<String>> companions(List<TocEntry> preData) {
        Map<String, List<String>> companions = new HashMap<>();
        for (TocEntry entry : preData) {
            String label = entry.table().orElse("");
            List<String> others = companions.computeIfAbsent(label, _ -> new ArrayList<>());
            for (Statement statement : entry.statements()) {
                if (entry.type().equals("TABLE ATTACH")) {
                    named(PARTITION, statement.text()).ifPresent(others::add);
                } else if (entry.type().equals("TABLE")) {
                    Matcher parents = INHERITS.matcher(statement.text());
                    if (parents.find()) {
                        ANY_NAME.matcher(parents.group(1)).results().forEach(name -> others.add(label(name)));
                    }
                }
            }
        }
        return companions;
    }

    /// A partition without the table it is a part of is a table of its own.
    private DumpSource.Table alone(DumpSource.Table table) {
        return new DumpSource.Table(
                table.schema(),
                table.name(),
                table.columns(),
                table.form(),
                table.root().filter(root -> chosen.contains(root.label())),
                table.parts());
    }

    List<TocEntry> entries(List<TocEntry> all) {
        return isEverything() ? all : all.stream().filter(this::isWanted).toList();
    }

    private boolean isWanted(TocEntry entry) {
        String statement = entry.statements().getFirst().text();
        if (entry.type().equals("SEQUENCE")) {
            // An identity column's sequence is part of its table.
            return entry.table().map(chosen::contains).orElse(true);
        }
        if (entry.type().equals("SEQUENCE OWNED BY")) {
            return isChosen(OWNED_BY, statement);
        }
        if (FOUNDATIONS.contains(entry.type())) {
            return true;
        }
        return OF_TABLE.contains(entry.type())
                && entry.table().map(chosen::contains).orElse(false)
                && (!entry.isForeignKey() || isChosen(REFERENCES, statement));
    }

    /// Whether a failed statement only needs what was not chosen: a function over another table, the value of a
    /// sequence that stayed behind.
    boolean mayFail(TocEntry entry, Statement statement, String sqlState) {
        return !isEverything()
                && MISSING.contains(sqlState)
                && FOUNDATIONS.contains(entry.type())
                && !statement.text().startsWith("CREATE EXTENSION");
    }

    private boolean isChosen(Pattern pattern, String statement) {
        return named(pattern, statement).map(chosen::contains).orElse(false);
    }

    private static Optional<String> named(Pattern pattern, String statement) {
        return pattern.matcher(statement).results().findFirst().map(Selection::label);
    }

    private static String label(MatchResult name) {
        return TocEntry.unquoted(name.group(1)) + "." + TocEntry.unquoted(name.group(2));
    }
}
