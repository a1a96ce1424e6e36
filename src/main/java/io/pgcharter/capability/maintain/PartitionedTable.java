package io.pgcharter.capability.maintain;

import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.policy.charter.PartitionPlan;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table partitioned by ranges of one date or time, as it is now.
///
/// @param owner whom a new partition is given to, as PostgreSQL itself would
/// @param partitions those of ranges
/// @param referenced tables that its foreign keys name, whose locks a new partition needs too
record PartitionedTable(
        long oid,
        String owner,
        Optional<String> tablespace,
        List<Partition> partitions,
        Optional<Partition> defaultPartition,
        List<Long> referenced) {
    private static final Set<String> TYPES = Set.of("date", "timestamp", "timestamptz");
    private static final Pattern BOUND =
            Pattern.compile("FOR VALUES FROM \\((?:'([^']*)'|(MINVALUE))\\) TO \\((?:'([^']*)'|(MAXVALUE))\\)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final int TIME_LENGTH = 19;

    /// One partition, and the time it takes, by the clocks of the plan's zone.
    ///
    /// @param from the first moment; the least there is for MINVALUE and -infinity
    /// @param to the first moment after it
    record Partition(
            long oid,
            String schema,
            String name,
            LocalDateTime from,
            LocalDateTime to,
            boolean isDetaching,
            long bytes) {
        String subject() {
            return schema + "." + name;
        }

        String quoted() {
            return Quoting.identifier(schema, name);
        }

        boolean endsBy(LocalDate day) {
            return !to.isAfter(day.atStartOfDay());
        }

        String endText() {
            return to.toLocalDate().toString();
        }
    }

    /// Reads it; what cannot be looked after is said in the report.
    static Optional<PartitionedTable> read(Workplace place, PartitionPlan plan) {
        List<Row> found = place.query("""
                select c.oid, pg_catalog.pg_get_userbyid(c.relowner), s.spcname, p.partstrat = 'r' and p.partnatts = 1, t.typname,
                  pg_catalog.pg_has_role(c.relowner, 'USAGE')
                from pg_catalog.pg_class c
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                left join pg_catalog.pg_partitioned_table p on p.partrelid = c.oid
                left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0] and a.attnum > 0
                left join pg_catalog.pg_type t on t.oid = a.atttypid
                left join pg_catalog.pg_tablespace s on s.oid = c.reltablespace
                where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')""", plan.schema(), plan.table());
        String subject = plan.schema() + "." + plan.table();
        String need = "the charter plans its partitions (line " + plan.line() + ")";
        if (found.isEmpty()) {
            place.row(subject, Upkeep.FAILED, need, "there is no such table");
            return Optional.empty();
        }
        Row row = found.getFirst();
        String type = row.text(4);
        if (row.text(3) == null || !row.bool(3) || type == null || !TYPES.contains(type)) {
            place.row(
                    subject,
                    Upkeep.FAILED,
                    need,
                    "it is not partitioned by ranges of one column of type date, timestamp or timestamptz");
            return Optional.empty();
        }
        if (!row.bool(5)) {
            place.row(subject, Upkeep.FAILED, need, "the role is not the table's owner, " + row.string(1));
            return Optional.empty();
        }
        return Optional.of(withPartitions(place, row, plan));
    }

    private static PartitionedTable withPartitions(Workplace place, Row table, PartitionPlan plan) {
        List<Partition> partitions = new ArrayList<>();
        Optional<Partition> standard = Optional.empty();
        place.query(
                "select pg_catalog.set_config('TimeZone', $1, false), pg_catalog.set_config('DateStyle', 'ISO', false)",
                plan.zone().getId());
        for (Row row : place.query("""
                select c.oid, n.nspname, c.relname, pg_catalog.pg_get_expr(c.relpartbound, c.oid), i.inhdetachpending,
                  greatest(c.relpages, 0)::bigint * pg_catalog.current_setting('block_size')::bigint
                from pg_catalog.pg_inherits i
                join pg_catalog.pg_class c on c.oid = i.inhrelid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where i.inhparent = $1::oid""", table.string(0))) {
            Matcher bound = BOUND.matcher(row.string(3));
            boolean isRange = bound.matches();
            Partition partition = new Partition(
                    row.number(0),
                    row.string(1),
                    row.string(2),
                    isRange && bound.group(1) != null ? time(bound.group(1)) : LocalDateTime.MIN,
                    isRange && bound.group(3) != null ? time(bound.group(3)) : LocalDateTime.MAX,
                    row.bool(4),
                    row.number(5));
            if (isRange) {
                partitions.add(partition);
            } else {
                standard = Optional.of(partition);
            }
        }
        partitions.sort(Comparator.comparing(Partition::from));
        List<Long> referenced = place
                .query(
                        "select distinct confrelid from pg_catalog.pg_constraint where conrelid = $1::oid and contype = 'f'",
                        table.string(0))
                .stream()
                .map(row -> row.number(0))
                .toList();
        return new PartitionedTable(
                table.number(0),
                table.string(1),
                Optional.ofNullable(table.text(2)),
                List.copyOf(partitions),
                standard,
                referenced);
    }

    /// `2026-11-21`, `2026-11-21 00:00:00`, `2026-11-21 00:00:00+01`, `infinity`; the offset is that of the
    /// zone asked
    /// for.
    static LocalDateTime time(String text) {
        if (text.equals("infinity")) {
            return LocalDateTime.MAX;
        }
        try {
            return text.length() < TIME_LENGTH
                    ? LocalDate.parse(text).atStartOfDay()
                    : LocalDateTime.parse(text.substring(0, TIME_LENGTH), TIME);
        } catch (DateTimeParseException _) {
            // -infinity, and years that no plan is about: before Christ.
            return LocalDateTime.MIN;
        }
    }

    static boolean isDetaching(Workplace place, long partition) {
        return place
                .query(
                        "select inhdetachpending from pg_catalog.pg_inherits where inhrelid = $1::oid",
                        Long.toString(partition))
                .stream()
                .anyMatch(row -> row.bool(0));
    }

    List<Partition> overlapping(LocalDate begin, LocalDate end) {
        return partitions.stream()
                .filter(partition -> partition.from().isBefore(end.atStartOfDay())
                        && partition.to().isAfter(begin.atStartOfDay()))
                .toList();
    }

    /// Whether partitions take all of the time between the two days.
    boolean covers(LocalDate begin, LocalDate end) {
        LocalDateTime reached = begin.atStartOfDay();
        for (Partition partition : overlapping(begin, end)) {
            if (partition.from().isAfter(reached)) {
                return false;
            }
            reached = partition.to().isAfter(reached) ? partition.to() : reached;
        }
        return !reached.isBefore(end.atStartOfDay());
    }

    /// The tables whose locks a new partition needs.
    List<Long> locks() {
        List<Long> locks = new ArrayList<>(referenced);
        locks.add(oid);
        defaultPartition.ifPresent(partition -> locks.add(partition.oid()));
        return locks;
    }

    /// Tables of its schema that are called as a partition older than `oldest` is, have its columns, and are none.
    List<Partition> detached(Workplace place, PartitionPlan plan, LocalDate oldest) {
        List<Partition> found = new ArrayList<>();
        for (Row row : place.query("""
                select c.oid, n.nspname, c.relname from pg_catalog.pg_class c
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where n.nspname = $1 and c.relkind = 'r' and not c.relispartition and c.oid <> $2::oid
                  and (select pg_catalog.array_agg((a.attname, a.atttypid, a.atttypmod) order by a.attnum)
                       from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
                    = (select pg_catalog.array_agg((a.attname, a.atttypid, a.atttypmod) order by a.attnum)
                       from pg_catalog.pg_attribute a where a.attrelid = $2::oid and a.attnum > 0 and not a.attisdropped)""", plan.schema(), Long.toString(oid))) {
            Optional<LocalDate> begin = plan.beginOf(row.string(2));
            if (begin.isPresent() && !plan.by().plus(begin.get(), 1).isAfter(oldest)) {
                found.add(new Partition(
                        row.number(0),
                        row.string(1),
                        row.string(2),
                        begin.get().atStartOfDay(),
                        plan.by().plus(begin.get(), 1).atStartOfDay(),
                        false,
                        0));
            }
        }
        return found;
    }
}
