package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /// Returns if every row of every table, and of every large object, is as the manifest says, and there is no
    /// table besides.
    ///
    /// @throws ProblemException `PROOF_FAILED` naming the tables that differ, with both counts
    public void require(Manifest manifest) {
        Map<String, Manifest.Totals> found = new Readback(url, form, jobs, run).read(manifest.contentBytes());
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
}
