package io.pgcharter.policy.rehearsal;

import java.util.List;
import java.util.Set;

/// A table that is to become a partition. What its rows must be like PostgreSQL itself says: of an empty table in
/// its place.
///
/// @param bounds `for values from (…) to (…)`
record Attachment(String parent, String child, String bounds) {
    private static final String EMPTY = "pgcharter_partition";

    Search outside(Set<String> columns) {
        return search(child, "rows outside of the bounds of the partition", "not ", columns);
    }

    /// @param fallback the default partition
    Search within(String fallback, Set<String> columns) {
        return search(fallback, "rows that belong into the new partition " + child, "", columns);
    }

    private Search search(String table, String trouble, String not, Set<String> columns) {
        return new Search(
                table,
                trouble,
                "(tableoid, ctid) in (select leaf, place from pg_temp.pgcharter_misfit)",
                columns,
                List.of(
                        "create table " + empty() + " (like " + child + " including constraints including generated)",
                        "create temporary table pgcharter_misfit (leaf oid, place tid)",
                        """
                        do $pgcharter$
                        declare
                          fallback text;
                        begin
                          select partdefid::regclass::text into fallback from pg_catalog.pg_partitioned_table
                           where partrelid = %1$s::regclass and partdefid <> 0;
                          if fallback is not null then
                            execute %2$s || fallback;
                          end if;
                          execute %3$s;
                          execute pg_catalog.format(
                            'insert into pg_temp.pgcharter_misfit select tableoid, ctid from %%s where %%s(%%s)', %4$s, %5$s,
                            coalesce(pg_catalog.pg_get_partition_constraintdef(%6$s::regclass), 'true'));
                        end $pgcharter$""".formatted(
                                literal(parent),
                                literal("alter table " + parent + " detach partition "),
                                literal("alter table " + parent + " attach partition " + empty() + " " + bounds),
                                literal(table),
                                literal(not),
                                literal(empty()))));
    }

    /// Beside the table, so that its name needs no path.
    private String empty() {
        return child.substring(0, child.lastIndexOf(".\"") + 1) + EMPTY;
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
