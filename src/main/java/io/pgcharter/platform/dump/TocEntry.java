package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.SqlScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One object of a `pg_dump` script: the statements below one `-- Name: …; Type: …` header.
///
/// @param type `TABLE`, `INDEX`, `FK CONSTRAINT`, …; empty for the settings at the top of the script
/// @param name, schema as the header has them (the schema is `-` for objects outside of schemas)
record TocEntry(String type, String name, String schema, List<Statement> statements) {
    /// `CREATE INDEX … ON [ONLY] s.t`, `ALTER TABLE [ONLY] s.t`, `CREATE TRIGGER … ON s.t`, `CREATE POLICY … ON s.t`,
    /// `CREATE STATISTICS … FROM s.t`.
    private static final Pattern TABLE = Pattern.compile(
            "\\b(?:ON|TABLE|FROM)(?: ONLY)? (\"(?:[^\"]|\"\")+\"|[a-z_\\x{80}-\\x{10ffff}][\\w$\\x{80}-\\x{10ffff}]*)"
                    + "\\.(\"(?:[^\"]|\"\")+\"|[a-z_\\x{80}-\\x{10ffff}][\\w$\\x{80}-\\x{10ffff}]*)");

    TocEntry {
        statements = List.copyOf(statements);
    }

    static List<TocEntry> of(List<Statement> statements) {
        List<TocEntry> entries = new ArrayList<>();
        List<Statement> current = new ArrayList<>();
        for (Statement statement : statements) {
            boolean begins = statement.entry().isPresent()
                    && (current.isEmpty()
                            || !statement.entry().equals(current.getFirst().entry()));
            if (begins && !current.isEmpty()) {
                entries.add(of(current.getFirst(), current));
                current.clear();
            }
            current.add(statement);
        }
        if (!current.isEmpty()) {
            entries.add(of(current.getFirst(), current));
        }
        return entries;
    }

    private static TocEntry of(Statement first, List<Statement> statements) {
        return first.entry()
                .map(entry -> new TocEntry(entry.type(), entry.name(), entry.schema(), statements))
                .orElseGet(() -> new TocEntry("", "", "-", statements));
    }

    /// The table the first statement is about, as `schema.table` with the names as they are, unquoted.
    Optional<String> table() {
        Matcher matcher = TABLE.matcher(statements.getFirst().text());
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.of(unquoted(matcher.group(1)) + "." + unquoted(matcher.group(2)));
    }

    static String unquoted(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier;
    }

    boolean isForeignKey() {
        return type.equals("FK CONSTRAINT");
    }

    /// Whether it builds an index and depends on nothing but its table and its data.
    boolean isIndex() {
        return type.equals("INDEX") || type.equals("CONSTRAINT");
    }

    /// Whether it would fire on, or be in the way of, what is still to be done.
    boolean isEventTrigger() {
        return type.equals("EVENT TRIGGER") || (type.equals("COMMENT") && name.startsWith("EVENT TRIGGER "));
    }
}
