package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.CopyIn;
import io.pgcharter.platform.postgres.SqlScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Loads a dump into a database: what data needs, data side by side, then indexes and constraints, then the rest.
/// The database must be empty or be of our own making; see [TargetDatabase].
public final class Loader {
    private final DumpSource source;
    private final PostgresUrl target;
    private final int jobs;
    private final Run run;

    /// @param jobs sessions that load in parallel
    public Loader(DumpSource source, PostgresUrl target, int jobs, Run run) {
        this.source = source;
        this.target = target;
        this.jobs = jobs;
        this.run = run;
    }

    /// @param rows loaded, by the table's label; the large objects' parts are under [DumpFiles#LARGE_OBJECTS]
    /// @param bytes of COPY text loaded
    /// @param notes what could not be as it was, a sentence each
    public record Loaded(Map<String, Long> rows, long bytes, List<String> notes) {
        public Loaded {
            rows = Map.copyOf(rows);
            notes = List.copyOf(notes);
        }

        public long rowCount() {
            return rows.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// @param selection what to load of the dump
    public Loaded load(Selection selection) {
        SchemaReplay replay = new SchemaReplay(this::openLoader, jobs, run, selection);
        List<TocEntry> preData = entries(DumpFiles.PRE_DATA);
        List<DumpSource.Table> tables = selection.tables(source.tables(), preData);
        Map<String, Long> weights = new HashMap<>();
        tables.forEach(table -> weights.put(table.label(), table.bytes()));

        replay.inOrder("creating tables", selection.entries(preData));
        Map<String, LongAdder> rows = new ConcurrentHashMap<>();
        LongAdder bytes = new LongAdder();
        loadRows(tables, rows, bytes);
        if (selection.isEverything()) {
            if (source.hasLargeObjects()) {
                loadLargeObjects(rows, bytes);
            }
            replay.inOrder("restoring owners of large objects", entries(DumpFiles.LARGE_OBJECT_RIGHTS));
        }
        replay.inOrder("setting sequences", entries(DumpFiles.SEQUENCES));
        List<TocEntry> eventTriggers = replay.postData(
                selection.entries(entries(DumpFiles.POST_DATA)), label -> weights.getOrDefault(label, 0L));
        if (selection.isEverything()) {
            replay.inOrder("creating event triggers", eventTriggers);
            replay.inOrder("refreshing materialized views", entries(DumpFiles.MATERIALIZED_VIEWS));
        }
        Map<String, Long> loaded = new HashMap<>();
        rows.forEach((label, count) -> loaded.put(label, count.sum()));
        return new Loaded(loaded, bytes.sum(), replay.notes());
    }

    private List<TocEntry> entries(String file) {
        return TocEntry.of(SqlScript.statements(source.text(file)));
    }

    private Session openLoader() {
        Session session = Session.open(target, "restore");
        try {
            SessionSettings.loader(session);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /// One part of one table.
    private record PartOf(DumpSource.Table table, DumpSource.Part part) {}

    private void loadRows(List<DumpSource.Table> tables, Map<String, LongAdder> rows, LongAdder bytes) {
        List<PartOf> parts = new ArrayList<>();
        long total = 0;
        for (DumpSource.Table table : tables) {
            rows.put(table.label(), new LongAdder());
            table.parts().forEach(part -> parts.add(new PartOf(table, part)));
            total += table.bytes();
        }
        if (parts.isEmpty()) {
            return;
        }
        try (Run.Step step = run.begin("loading rows", total, Unit.BYTES)) {
            Iterator<PartOf> queue = parts.iterator();
            new Jobs<>(jobs, run, this::openLane).carryOut(parts.size(), () -> {
                synchronized (queue) {
                    if (!queue.hasNext()) {
                        return null;
                    }
                    PartOf next = queue.next();
                    return lane -> loadPart(lane, next, rows, bytes, step);
                }
            });
        }
    }

    private void loadPart(Lane lane, PartOf next, Map<String, LongAdder> rows, LongAdder bytes, Run.Step step) {
        DumpSource.Table table = next.table();
        long loaded = copy(lane, table.copyIn(), next.part().file(), bytes, step);
        rows.getOrDefault(table.label(), new LongAdder()).add(loaded);
    }

    private static long copy(Lane lane, String sql, String file, LongAdder bytes, Run.Step step) {
        lane.session().limitSilence();
        try (CopyIn copy = lane.session().copyIn(sql)) {
            Counting counting = new Counting(copy, step);
            lane.feed().write(file, counting);
            counting.report();
            bytes.add(counting.total());
            return copy.finish();
        } finally {
            lane.session().limitSilence(Duration.ZERO);
        }
    }

    private void loadLargeObjects(Map<String, LongAdder> rows, LongAdder bytes) {
        try (Lane lane = openLane();
                Run.Step step = run.begin("loading large objects", 0, Unit.BYTES)) {
            lane.session().execute(LargeObjects.CREATE_STAGE);
            long parts = copy(lane, LargeObjects.COPY_IN, DumpFiles.LARGE_OBJECTS, bytes, step);
            lane.session().execute(LargeObjects.FROM_STAGE);
            rows.put(DumpFiles.LARGE_OBJECTS, new LongAdder());
            rows.get(DumpFiles.LARGE_OBJECTS).add(parts);
        }
    }

    private Lane openLane() {
        Session session = openLoader();
        try {
            return new Lane(session, source.openFeed());
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /// Where rows come from and where they go, for one thread.
    private record Lane(Session session, DumpSource.Feed feed) implements Jobs.Worker {
        @Override
        public void cancel() {
            feed.cancel();
            session.cancel();
        }

        @Override
        public void close() {
            feed.close();
            session.close();
        }
    }
}
