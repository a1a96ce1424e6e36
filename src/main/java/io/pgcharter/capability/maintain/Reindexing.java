package io.pgcharter.capability.maintain;

import io.pgcharter.capability.maintain.Workplace.Job;
import io.pgcharter.capability.maintain.Workplace.Result;
import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.postgres.SizeText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Builds bloated B-tree indexes anew beside the old ones, `REINDEX INDEX CONCURRENTLY`, the most bloated first. It
/// waits for other transactions, and nobody waits for it; so its patience is long. What a rebuild that died or gave
/// up left behind is cleared away first.
final class Reindexing {
    private static final String CANDIDATES = """
            select i.indexrelid, i.indrelid, n.nspname, c.relname, t.relname,
              greatest(c.relpages, 0)::bigint * pg_catalog.current_setting('block_size')::bigint,
              pg_catalog.pg_has_role(t.relowner, 'USAGE') {granted}
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i' and c.relpersistence <> 't'
            join pg_catalog.pg_class t on t.oid = i.indrelid and t.relkind in ('r', 'm')
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_am a on a.oid = c.relam and a.amname = 'btree'
            where i.indisvalid and not i.indisexclusion
              and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
              and greatest(c.relpages, 0)::bigint * pg_catalog.current_setting('block_size')::bigint >= $1::bigint
            order by c.relpages desc""";

    /// Invalid indexes that nobody is building: a build, and a rebuild, holds a lock on its table from end to end.
    private static final String INVALID = """
            select i.indexrelid, n.nspname, c.relname, t.relname, c.relname ~ '_cc(new|old)[0-9]*$'
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
            join pg_catalog.pg_class t on t.oid = i.indrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where not i.indisvalid and n.nspname not in ('pg_catalog', 'information_schema')
              and n.nspname !~ '^pg_(toast|temp)'
              and not exists (select from pg_catalog.pg_locks l where l.relation = i.indrelid and l.granted
                and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'AccessExclusiveLock')
                and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
              and not exists (select from pg_catalog.pg_stat_progress_create_index p where p.index_relid = i.indexrelid)""";

    private final Workplace place;
    private final IndexBloat bloat;

    Reindexing(Workplace place) {
        this.place = place;
        this.bloat = new IndexBloat(place);
    }

    /// @return indexes looked at
    int work() {
        place.lockTimeout(place.plan().waiting().patience());
        clearAway(true);
        List<Index> indexes = candidates();
        List<Index> bloated = new ArrayList<>();
        int unknown = 0;
        for (Index index : indexes) {
            place.run().check();
            Optional<IndexBloat.Measure> measure = bloat.of(index.oid());
            if (measure.isEmpty()) {
                unknown++;
            } else if (measure.get().percent() >= place.plan().reindex().bloatPercent()) {
                bloated.add(index.with(measure.get()));
            }
        }
        if (unknown > 0) {
            place.note("the bloat of " + Needs.count(unknown)
                    + " indexes is unknown: pgstattuple is not there or closed to"
                    + " the role, and statistics that an estimate needs are missing or closed to it");
        }
        bloated.sort((one, other) -> Long.compare(other.wasted(), one.wasted()));
        place.carryOut(bloated.stream()
                .filter(this::isAllowed)
                .map(index -> new Job(
                        index.subject(), index.need(), List.of(index.table(), index.oid()), () -> rebuild(index)))
                .toList());
        return indexes.size();
    }

    private boolean isAllowed(Index index) {
        if (!index.mayMaintain()) {
            place.row(index.subject(), Upkeep.FAILED, index.need(), Vacuuming.notAllowed(place.serverMajor()));
        }
        return index.mayMaintain();
    }

    private List<Index> candidates() {
        String granted = place.serverMajor() >= 17 ? " or pg_catalog.has_table_privilege(t.oid, 'MAINTAIN')" : "";
        return place
                .query(
                        CANDIDATES.replace("{granted}", granted),
                        Long.toString(place.plan().reindex().bytesMin()))
                .stream()
                .map(Index::of)
                .toList();
    }

    /// @param first whether it is the beginning of the work; what else is invalid is then reported
    private void clearAway(boolean first) {
        List<Job> jobs = new ArrayList<>();
        for (Row row : place.query(INVALID)) {
            String subject = row.string(1) + "." + row.string(2);
            String quoted = Quoting.identifier(row.string(1), row.string(2));
            if (row.bool(4)) {
                jobs.add(new Job(
                        subject,
                        "an invalid index that a rebuild left behind",
                        List.of(row.number(0)),
                        () -> drop(subject, quoted)));
            } else if (first) {
                place.row(
                        subject,
                        Upkeep.ADVISED,
                        "an invalid index of " + row.string(3) + ", which writes pay for and no query uses",
                        "build it: REINDEX INDEX CONCURRENTLY " + quoted + "; or drop it: DROP INDEX CONCURRENTLY "
                                + quoted);
            }
        }
        place.carryOut(jobs);
    }

    private Result drop(String subject, String quoted) {
        place.execute("drop " + subject, "drop index concurrently if exists " + quoted);
        return Result.done("dropped");
    }

    private Result rebuild(Index index) {
        Optional<String> lasting = place.lastingSnapshot();
        if (lasting.isPresent()) {
            return Result.later("a rebuild has to wait for every transaction that began before it: " + lasting.get());
        }
        Instant begun = place.clock().instant();
        try {
            place.execute(
                    "reindex " + index.subject(),
                    index.bytes(),
                    Workplace.blocksOf("pg_stat_progress_create_index", "blocks_done"),
                    "reindex index concurrently " + Quoting.identifier(index.schema(), index.name()));
        } catch (ProblemException e) {
            try {
                clearAway(false);
            } catch (ProblemException unreachable) {
                // The first failure is the one to tell; the next run clears away what is left.
                e.addSuppressed(unreachable);
            }
            throw e;
        }
        long millis = Duration.between(begun, place.clock().instant()).toMillis();
        return Result.done("rebuilt in " + millis + " ms"
                + bloat.of(index.oid())
                        .map(after -> "; now " + SizeText.of(after.bytes()) + ", " + after.text())
                        .orElse(""));
    }

    /// @param bytes its size in the catalog, until it is measured
    record Index(
            long oid,
            long table,
            String schema,
            String name,
            String tableName,
            long bytes,
            boolean mayMaintain,
            Optional<IndexBloat.Measure> measure) {
        static Index of(Row row) {
            return new Index(
                    row.number(0),
                    row.number(1),
                    row.string(2),
                    row.string(3),
                    row.string(4),
                    row.number(5),
                    row.bool(6),
                    Optional.empty());
        }

        Index with(IndexBloat.Measure measured) {
            return new Index(oid, table, schema, name, tableName, measured.bytes(), mayMaintain, Optional.of(measured));
        }

        String subject() {
            return schema + "." + name;
        }

        long wasted() {
            return measure.map(found -> found.bytes() / 100 * found.percent()).orElse(0L);
        }

        String need() {
            return SizeText.of(bytes) + " on " + tableName
                    + measure.map(found -> ", " + found.text()).orElse("");
        }
    }
}
