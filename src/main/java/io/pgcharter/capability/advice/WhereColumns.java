package io.pgcharter.capability.advice;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Finds the columns of a table that a normalized statement compares with a value. Reads words, not grammar: what it
/// finds is a guess that statistics or the planner must bear out.
final class WhereColumns {
    private static final int COLUMNS_MAX = 3;

    private static final Pattern WORDS =
            Pattern.compile("\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\\$?[\\p{L}_0-9]+|<=|>=|<>|!=|\\S");
    private static final Set<String> NO_ALIAS = Set.of(
            "where",
            "join",
            "inner",
            "left",
            "right",
            "full",
            "cross",
            "on",
            "set",
            "group",
            "order",
            "limit",
            "natural",
            "using",
            "union",
            "for",
            "returning",
            "having",
            "window",
            "offset",
            "fetch",
            "tablesample",
            "values");

    private WhereColumns() {}

    /// Those compared for equality, in the order of the statement, at most [#COLUMNS_MAX]; if there are none, one
    /// that is compared otherwise. Empty if the statement does not name the table, or compares none of its columns.
    ///
    /// @param columns all columns of the table
    static List<String> of(String statement, String table, List<String> columns) {
        List<String> words = WORDS.matcher(statement)
                .results()
                .map(MatchResult::group)
                .map(WhereColumns::plain)
                .toList();
        Set<String> names = namesOf(table, words);
        int where = words.indexOf("where");
        if (names.isEmpty() || where < 0) {
            return List.of();
        }
        Set<String> equal = new LinkedHashSet<>();
        Set<String> other = new LinkedHashSet<>();
        for (int index = where + 1; index < words.size() - 1; index++) {
            boolean isQualified = index >= 2 && words.get(index - 1).equals(".");
            boolean isOfTable = !isQualified || names.contains(words.get(index - 2));
            if (!isOfTable || !columns.contains(words.get(index))) {
                continue;
            }
            String operator = words.get(index + 1);
            String value = index + 2 < words.size() ? words.get(index + 2) : "";
            boolean isEqual = (operator.equals("=") && isValue(value)) || (operator.equals("in") && value.equals("("));
            if (isEqual) {
                equal.add(words.get(index));
            } else if (Set.of("<", ">", "<=", ">=", "between").contains(operator) && isValue(value)) {
                other.add(words.get(index));
            }
        }
        Set<String> chosen = equal.isEmpty() ? other : equal;
        return new ArrayList<>(chosen).subList(0, Math.min(chosen.size(), equal.isEmpty() ? 1 : COLUMNS_MAX));
    }

    /// The table's name and its aliases; empty if the statement does not name it.
    private static Set<String> namesOf(String table, List<String> words) {
        Set<String> names = new LinkedHashSet<>();
        for (int index = 1; index < words.size(); index++) {
            boolean isTable = words.get(index).equals(table)
                    && Set.of("from", "join", "update", "into", ",", ".", "only")
                            .contains(words.get(index - 1));
            if (isTable) {
                names.add(table);
                int next = index + 1 < words.size() && words.get(index + 1).equals("as") ? index + 2 : index + 1;
                if (next < words.size()
                        && words.get(next).matches("[\\p{L}_][\\p{L}_0-9]*")
                        && !NO_ALIAS.contains(words.get(next))) {
                    names.add(words.get(next));
                }
            }
        }
        return names;
    }

    private static boolean isValue(String word) {
        return word.matches("\\$[0-9]+|[0-9].*|'.*|any|\\?|\\(");
    }

    private static String plain(String word) {
        return word.length() > 1 && word.startsWith("\"")
                ? word.substring(1, word.length() - 1).replace("\"\"", "\"")
                : word.toLowerCase(Locale.ROOT);
    }
}
