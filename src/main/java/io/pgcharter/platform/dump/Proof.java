package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Reads a loaded database back and compares every table's fingerprint with a manifest's.
public final class Proof {
    private final PostgresUrl url;
    private final RowForm form;
    private final int jobs;
    private final Run run;

    /// @param url the database to prove
    /// @param form in which the rows of the manifest were added up
    public Proof(PostgresUrl url, RowForm form, int jobs, Run run) {
        this.url = url;
        this.form = form;
        this.jobs = jobs;
        this.run = run;
    }

    /// Returns if every row of every table, and of every large object, is as the manifest says, and there is no table
    /// besides.
    ///
    /// @throws ProblemException `PROOF_FAILED` naming the tables that differ, with both counts
    public void require(Manifest manifest) {
        Map<String, Manifest.Totals> found = read(manifest);
        Map<String, Manifest.Totals> expected = new TreeMap<>();
        manifest.tables().forEach(entry -> expected.merge(entry.provenLabel(), entry.totals(), LiveSource::sum));
        Map<String, String> differences = new TreeMap<>();
        expected.forEach((label, totals) ->
                difference(totals, found.remove(label)).ifPresent(text -> differences.put(label, text)));
        Manifest.Totals objects = found.remove(DumpFiles.LARGE_OBJECTS);
        difference(manifest.largeObjects(), objects).ifPresent(text -> differences.put("large objects", text));
        found.forEach(
                (label, totals) -> differences.put(label, "is not in the backup, has " + totals.rows() + " rows"));
        if (!differences.isEmpty()) {
            throw failed(differences);
        }
    }

    private static java.util.Optional<String> difference(
            Manifest.Totals expected, Manifest.@org.jspecify.annotations.Nullable Totals found) {
        if (found == null) {
            return java.util.Optional.of("is missing");
        }
        if (expected.rows() != found.rows()) {
            return java.util.Optional.of("has " + found.rows() + " rows instead of " + expected.rows());
        }
        return expected.fingerprint().equals(found.fingerprint())
                ? java.util.Optional.empty()
                : java.util.Optional.of("has " + found.rows() + " rows as it should, but not the same ones");
    }

    private static ProblemException failed(Map<String, String> differences) {
        List<String> lines = new ArrayList<>();
        differences.forEach((table, text) -> lines.add("'" + table + "' " + text));
        String shown = String.join("; ", lines.subList(0, Math.min(5, lines.size())));
        return new ProblemException(
                ProblemCode.PROOF_FAILED,
                "the restored content differs in " + differences.size() + " of its tables",
                shown + (lines.size() > 5 ? "; and " + (lines.size() - 5) + " more" : ""),
                "do not rely on this backup: take a new one, then run: pgcharter repository check --read-data");
    }

    /// The totals of all the database holds now, by table label; large objects under [DumpFiles#LARGE_OBJECTS].
    private Map<String, Manifest.Totals> read(Manifest manifest) {
        Map<String, List<Manifest.Totals>> parts = new ConcurrentHashMap<>();
        try (SourceSnapshot snapshot = SourceSnapshot.open(url)) {
            SourceCatalog catalog = snapshot.catalog();
            List<Jobs.Task<SessionWorker>> tasks = new ArrayList<>();
            try (Run.Step step = run.begin("comparing rows", manifest.contentBytes(), Unit.BYTES)) {
                for (SourceTable table : catalog.tables(form)) {
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
