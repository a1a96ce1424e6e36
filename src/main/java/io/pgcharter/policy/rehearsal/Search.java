package io.pgcharter.policy.rehearsal;

import java.util.List;
import java.util.Set;

/// A question for rows that a statement cannot live with.
///
/// @param table as SQL names it, quoted
/// @param trouble what is wrong with them, for people: `duplicates of (email)`
/// @param condition of SQL that holds for them and no others
/// @param columns that hold what is wrong: their values are nobody's key
/// @param before statements to run first, in the transaction that is rolled back after; their objects are ours
public record Search(String table, String trouble, String condition, Set<String> columns, List<String> before) {
    public Search {
        columns = Set.copyOf(columns);
        before = List.copyOf(before);
    }

    static Search of(String table, String trouble, String condition, Set<String> columns) {
        return new Search(table, trouble, condition, columns, List.of());
    }

    public String count() {
        return "select count(*) from " + table + " as " + ALIAS + " where " + condition;
    }

    /// @param key columns of the primary key, quoted; the place in the copy is asked if it is empty, or holds what
    /// is
    ///     wrong
    public String keys(List<String> key, int most) {
        boolean isTelling = isNamedByPlace(key);
        String shown = isTelling
                ? "'ctid ' || ctid::pg_catalog.text"
                : "pg_catalog.concat_ws(', ', "
                        + String.join(
                                ", ",
                                key.stream()
                                        .map(column ->
                                                literal(bare(column) + " = ") + " || " + column + "::pg_catalog.text")
                                        .toList())
                        + ")";
        return "select " + shown + " from " + table + " as " + ALIAS + " where " + condition + " order by "
                + (isTelling ? "tableoid, ctid" : String.join(", ", key)) + " limit " + most;
    }

    /// Whether no key of its own may name a row.
    public boolean isNamedByPlace(List<String> key) {
        return key.isEmpty() || key.stream().anyMatch(columns::contains);
    }

    /// Of the table whose rows are sought, in conditions that name others too.
    static final String ALIAS = "pgcharter_row";

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String bare(String quoted) {
        return quoted.substring(1, quoted.length() - 1).replace("\"\"", "\"");
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
