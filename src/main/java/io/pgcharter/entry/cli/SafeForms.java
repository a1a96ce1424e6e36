package io.pgcharter.entry.cli;

import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Writes the safe forms that lint proposes, one file for each step, since each needs a transaction of its own. A
/// file that is there already is left alone.
final class SafeForms {
    private final Path directory;

    SafeForms(Path directory) {
        this.directory = directory;
    }

    /// @return the files, in the order in which they are to be applied
    /// @throws ProblemException `USAGE` if one of them exists or the directory cannot be written to;
    ///     those before it are written
    List<Path> write(List<SchemaReport.Lint> reports) {
        List<Path> written = new ArrayList<>();
        for (SchemaReport.Lint report : reports) {
            for (LintFinding finding : report.findings()) {
                finding.sql().ifPresent(sql -> written.addAll(steps(finding, sql)));
            }
        }
        return List.copyOf(written);
    }

    private List<Path> steps(LintFinding finding, String sql) {
        String stem = finding.file().replaceFirst("(/migration)?\\.sql$", "").replaceAll(".*/", "");
        List<Path> written = new ArrayList<>();
        for (String step : sql.strip().split("\n\n", -1)) {
            Path file = directory.resolve(
                    stem + "_" + finding.line() + "_" + finding.rule() + "_" + (written.size() + 1) + ".sql");
            write(
                    file,
                    "-- instead of " + finding.file() + ":" + finding.line() + " (" + finding.rule() + "), step "
                            + (written.size() + 1) + "\n" + step.strip() + "\n");
            written.add(file);
        }
        return written;
    }

    private void write(Path file, String text) {
        try {
            Files.createDirectories(directory);
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.USAGE,
                            "'" + file + "' is there already",
                            "a file that a person may have changed is not written over",
                            "use a directory that is empty"),
                    e);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.USAGE,
                            "'" + file + "' cannot be written",
                            String.valueOf(e.getMessage()),
                            "use a directory that you may write to"),
                    e);
        }
    }
}
