package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a process ends with, the same for every verb.
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int REFUSED = 3;
    static final int WAITING = 4;

    private ExitCode() {}

    static int of(Outcome outcome) {
        return switch (outcome) {
            // What was looked at is not sound: a script must not take that for a success.
            case Outcome.Done(var _, Report.RepositoryCheck check)
            when !check.findings().isEmpty() -> FAILED;
            case Outcome.Done(var _, Report.RepositoryRepair repair)
            when !repair.lost().isEmpty() -> FAILED;
            case Outcome.Done(var _, Report.Backup backup)
            when backup.copies().stream().anyMatch(copy -> copy.trouble().isPresent()) -> FAILED;
            case Outcome.Done(var _, Report.JournalVerify verify)
            when !verify.breaks().isEmpty() -> FAILED;
            case Outcome.Done(var _, SchemaReport.Lint lint) when lint.fails() -> FAILED;
            case Outcome.Done(var _, SchemaReport.SchemaDrift drift)
            when !drift.changes().isEmpty() -> FAILED;
            case Outcome.Done(var _, SchemaReport.Rehearse rehearse)
            when rehearse.rehearsed().filter(report -> !report.passed()).isPresent() -> FAILED;
            case Outcome.Done _ -> DONE;
            case Outcome.Failed _ -> FAILED;
            case Outcome.Refused _ -> REFUSED;
            case Outcome.Waiting _ -> WAITING;
        };
    }

    /// The code of several outcomes: failed before refused before waiting before done.
    static int of(List<Outcome> outcomes) {
        List<Integer> codes = outcomes.stream().map(ExitCode::of).toList();
        for (int code : new int[] {FAILED, REFUSED, WAITING}) {
            if (codes.contains(code)) {
                return code;
            }
        }
        return DONE;
    }

    /// The code of a problem that was met before anything was submitted.
    static int of(Problem problem) {
        return switch (problem.code()) {
            case USAGE, CHARTER_INVALID, NOT_FOUND -> USAGE;
            default -> FAILED;
        };
    }

    /// As `--help` lists them.
    static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put("0", "done");
        meanings.put("1", "failed");
        meanings.put("2", "the command line or the charter is wrong");
        meanings.put("3", "refused by the charter");
        meanings.put("4", "waiting for a confirmation or an approval");
        return meanings;
    }
}
