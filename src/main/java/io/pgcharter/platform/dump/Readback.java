package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.platform.postgres.PostgresUrl;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Reads all rows of a database and adds them up, table by table.
public final class Readback {
    private final PostgresUrl url;
    private final RowForm form;
    private final int jobs;
    private final Run run;

    /// @param form in which rows are added up
    /// @param jobs sessions that read in parallel
    public Readback(PostgresUrl url, RowForm form, int jobs, Run run) {
        this.url = url;
        this.form = form;
        this.jobs = jobs;
        this.run = run;
    }

    /// The totals of all the database holds now, by table label; large objects under [DumpFiles#LARGE_OBJECTS].
    ///
    /// @param bytesExpected how much that is, 0 if nobody knows
    Map<String, Manifest.Totals> read(long bytesExpected) {
        return read(bytesExpected, false);
    }

    /// As they are in one snapshot, by `schema.name`, whatever the order of a table's columns.
    ///
    /// @return of each table its rows and their fingerprint
    public Map<String, Manifest.Totals> readWhateverTheOrder() {
        return read(0, true);
    }

    private Map<String, Manifest.Totals> read(long bytesExpected, boolean byName) {
        Map<String, List<Manifest.Totals>> parts = new ConcurrentHashMap<>();
        try (SourceSnapshot snapshot = SourceSnapshot.open(url)) {
            SourceCatalog catalog = snapshot.catalog();
            List<Jobs.Task<SessionWorker>> tasks = new ArrayList<>();
            try (Run.Step step = run.begin("comparing rows", bytesExpected, Unit.BYTES)) {
                for (SourceTable found : catalog.tables(form)) {
                    SourceTable table = byName ? found.withSortedColumns() : found;
                    parts.putIfAbsent(table.provenLabel(), new ArrayList<>());
                    for (SourceTable.Part part : table.parts()) {
                        tasks.add(worker -> {
                            Tally tally = new Tally(table.form(), new Counting(OutputStream.nullOutputStream(), step));
                            snapshot.read(worker.session(), part, tally);
                            add(parts, table.provenLabel(), tally);
                        });
                    }
                }
                if (catalog.largeObjectCount() > 0) {
                    tasks.add(worker -> {
                        Tally tally = new Tally(RowForm.TEXT, new Counting(OutputStream.nullOutputStream(), step));
                        snapshot.copyOut(worker.session(), LargeObjects.COPY_OUT, tally);
                        add(parts, DumpFiles.LARGE_OBJECTS, tally);
                    });
                }
                Iterator<Jobs.Task<SessionWorker>> queue = tasks.iterator();
                new Jobs<>(jobs, run, () -> new SessionWorker(snapshot.openReader())).carryOut(tasks.size(), () -> {
                    synchronized (queue) {
                        return queue.hasNext() ? queue.next() : null;
                    }
                });
            }
        }
        Map<String, Manifest.Totals> totals = new HashMap<>();
        totals.put(DumpFiles.LARGE_OBJECTS, LiveSource.EMPTY);
        parts.forEach((label, list) -> totals.put(label, list.stream().reduce(LiveSource.EMPTY, LiveSource::sum)));
        return totals;
    }

    private static void add(Map<String, List<Manifest.Totals>> parts, String label, Tally tally) {
        List<Manifest.Totals> list = parts.computeIfAbsent(label, _ -> new ArrayList<>());
        synchronized (list) {
            list.add(tally.totals());
        }
    }
}
