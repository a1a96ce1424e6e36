package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.Quoting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A table as the snapshot sees it, and how it is read.
///
/// @param number its place in the dump, from 1
/// @param filenode `pg_class.relfilenode` in the snapshot: a different one later means that the table was
///     truncated or rewritten since, and the snapshot would read it as empty
/// @param pages of the main fork, 8 KiB each
/// @param bytes of main fork and TOAST together
/// @param root see [Manifest.TableEntry]; columns are in the root's order then
record SourceTable(
        int number,
        long oid,
        String schema,
        String name,
        long filenode,
        long pages,
        long bytes,
        List<String> columns,
        RowForm form,
        Optional<String> condition,
        Optional<Manifest.Root> root) {

    /// Pages a part covers when there is no TOAST: 128 MiB. The same in every backup, so that parts, and with them
    /// chunks, stay where they were as the table grows at its end.
    private static final long PART_PAGES = 16_384;

    /// So that a table whose weight is in TOAST is split too.
    private static final long PART_PAGES_MIN = 16;

    SourceTable {
        columns = List.copyOf(columns);
    }

    /// The same rows, told in the order of the columns' names.
    SourceTable withSortedColumns() {
        return new SourceTable(
                number,
                oid,
                schema,
                name,
                filenode,
                pages,
                bytes,
                columns.stream().sorted().toList(),
                form,
                condition,
                root);
    }

    String label() {
        return schema + "." + name;
    }

    /// The table whose rows are compared as a whole: the root, or this one.
    String provenLabel() {
        return root.map(Manifest.Root::label).orElse(label());
    }

    String quotedName() {
        return Quoting.identifier(schema) + "." + Quoting.identifier(name);
    }

    /// A stretch of a table in heap order.
    ///
    /// @param number from 0
    /// @param fromPage first page; @param toPage first page after it, empty for the last part, which has no end
    record Part(SourceTable table, int number, long fromPage, Optional<Long> toPage, long bytesExpected) {
        String file() {
            return DumpFiles.data(table.number(), number);
        }

        String copyOut() {
            List<String> conditions = new ArrayList<>();
            table.condition().ifPresent(condition -> conditions.add(withoutWhere(condition)));
            if (number > 0) {
                conditions.add("ctid >= '(" + fromPage + ",0)'");
            }
            toPage.ifPresent(page -> conditions.add("ctid < '(" + page + ",0)'"));
            if (conditions.isEmpty()) {
                return "COPY " + table.quotedName() + columnList(table.columns()) + " TO STDOUT"
                        + table.form().clause();
            }
            return "COPY (SELECT " + selectList(table.columns()) + " FROM ONLY " + table.quotedName() + " WHERE "
                    + conditions.stream().collect(Collectors.joining(") AND (", "(", ")")) + ") TO STDOUT"
                    + table.form().clause();
        }
    }

    List<Part> parts() {
        long partPages = PART_PAGES;
        long bytesPerPage = pages == 0 ? 0 : bytes / pages;
        while (partPages > PART_PAGES_MIN && partPages * bytesPerPage > 4 * PART_PAGES * 8192) {
            partPages /= 2;
        }
        List<Part> parts = new ArrayList<>();
        for (long from = 0; from == 0 || from < pages; from += partPages) {
            boolean isLast = from + partPages >= pages;
            long size = Math.min(partPages, Math.max(0, pages - from)) * bytesPerPage;
            parts.add(new Part(
                    this, parts.size(), from, isLast ? Optional.empty() : Optional.of(from + partPages), size));
        }
        return parts;
    }

    /// `COPY … FROM STDIN` for a table of a dump.
    static String copyIn(Manifest.Root into, List<String> columns, RowForm form) {
        return "COPY " + Quoting.identifier(into.schema()) + "." + Quoting.identifier(into.name()) + columnList(columns)
                + " FROM STDIN" + form.clause();
    }

    /// A table all of whose columns are generated has no list; nor has one without columns. COPY then means the
    /// same set.
    private static String columnList(List<String> columns) {
        return columns.isEmpty() ? "" : " (" + selectList(columns) + ")";
    }

    private static String selectList(List<String> columns) {
        return columns.stream().map(Quoting::identifier).collect(Collectors.joining(", "));
    }

    /// Extensions state their condition with the word: `WHERE user_defined`.
    private static String withoutWhere(String condition) {
        String trimmed = condition.strip();
        return trimmed.regionMatches(true, 0, "where", 0, 5) ? trimmed.substring(5) : trimmed;
    }
}
