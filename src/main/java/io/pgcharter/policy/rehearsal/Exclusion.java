package io.pgcharter.policy.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A constraint that rows may exclude each other by.
///
/// @param index method and elements of its index, as SQL
/// @param where ` where (…)`, or nothing
/// @param parts what it takes of a row
/// @param holding what holds of two rows that exclude each other: `one.p0 = other.p0`
record Exclusion(String table, String index, String where, List<String> parts, List<String> holding) {
    Search search(Set<String> columns) {
        List<String> named = new ArrayList<>();
        for (int at = 0; at < parts.size(); at++) {
            named.add("(" + parts.get(at) + ") as p" + at);
        }
        String rows =
                "(select tableoid as leaf, ctid as place, " + String.join(", ", named) + " from " + table + where + ")";
        return new Search(
                table,
                "rows that exclude each other by (" + String.join(", ", parts) + ")",
                "(tableoid, ctid) in (select one.leaf, one.place from " + rows + " as one join " + rows
                        + " as other on (one.leaf, one.place) <> (other.leaf, other.place) and "
                        + String.join(" and ", holding) + ")",
                columns,
                List.of("create index on " + table + " " + index + where));
    }
}
