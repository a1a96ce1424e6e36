package io.pgcharter.entry.demo;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.process.Program;
import io.pgcharter.policy.guard.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the demonstration shows, in order.
final class Story {
    private static final Duration RESTIC_TIMEOUT = Duration.ofMinutes(1);

    private final Screen screen;
    private final CommandRunner commands;
    private final InstantSource clock;
    private final Map<String, String> variables;
    private final Claims claims = new Claims();

    Story(Screen screen, CommandRunner commands, InstantSource clock, Map<String, String> variables) {
        this.screen = screen;
        this.commands = commands;
        this.clock = clock;
        this.variables = variables;
    }

    /// How one command ended.
    private record Ended(int code, List<Outcome> outcomes, long millis) {
        <R extends Report> List<R> reports(Class<R> kind) {
            return outcomes.stream()
                    .filter(Outcome.Done.class::isInstance)
                    .map(outcome -> ((Outcome.Done) outcome).report())
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }
    }

    Claims tell(DemoPlace place) {
        theCharterIsSound();
        command("repository", "init", "onsite", "--as", "backup");
        command("repository", "init", "offsite", "--as", "backup");
        everyDatabaseAnswers();
        try (WriteLoad load = WriteLoad.begin(place.url("production"))) {
            backupsUnderLoad(load);
            theBackupsAreProven();
            copyIntoTheBackupDatabase();
        }
        resticReadsThem();
        theForbiddenIsRefused();
        theJournalHolds();
        return claims;
    }

    private void theCharterIsSound() {
        chapter("The charter");
        Ended check = command("check");
        claims.expect("the charter is sound", check.code() == 0, "pgcharter check", check.millis());
    }

    private void everyDatabaseAnswers() {
        chapter("Who and how are the databases");
        Ended status = command("status", "--as", "backup");
        List<Report.Status> reports = status.reports(Report.Status.class);
        boolean all = reports.size() == 3 && reports.stream().allMatch(Report.Status::reachable);
        claims.expect(
                "all three databases answer", all && status.code() == 0, reports.size() + " answers", status.millis());
    }

    private void backupsUnderLoad(WriteLoad load) {
        chapter("A backup into two places, while the application keeps writing");
        long before = load.transactions();
        Ended backup = command("backup", "production", "--as", "backup");
        long written = load.transactions() - before;
        List<Report.Backup> reports = backup.reports(Report.Backup.class);
        for (Report.Backup report : reports) {
            claims.expect(
                    "production is backed up into " + report.repository(),
                    report.rowCount() >= 200_000,
                    Figures.count(report.rowCount(), "row") + ", " + Figures.size(report.contentBytes())
                            + ", stored as " + Figures.size(report.addedBytes()),
                    report.durationMillis());
            for (Report.BackupCopy copy : report.copies()) {
                claims.expect(
                        "the same backup is in " + copy.repository() + " too",
                        copy.backup().isPresent(),
                        copy.trouble().orElse("copied and read back, " + Figures.size(copy.addedBytes())),
                        backup.millis());
            }
        }
        claims.expect(
                "the database was read once; the application wrote meanwhile",
                reports.size() == 1 && backup.code() == 0 && written > 0,
                Figures.count(written, "transaction") + " during the backup",
                backup.millis());
        command("backups", "--as", "backup");
    }

    private void theBackupsAreProven() {
        chapter("Proof: restored into a scratch server, compared row for row");
        for (String repository : List.of("onsite", "offsite")) {
            Ended verify = command("verify", "production", "--from", repository, "--as", "backup");
            List<Report.Verify> reports = verify.reports(Report.Verify.class);
            claims.expect(
                    "the backup in " + repository + " restores; all rows of all tables agree",
                    verify.code() == 0 && reports.size() == 1,
                    reports.stream()
                            .map(report -> Figures.count(report.rowCount(), "row") + ", "
                                    + Figures.count(report.tableCount(), "table") + ", "
                                    + Figures.count(report.smoke().size()) + " smoke queries true")
                            .findFirst()
                            .orElse("not proven"),
                    verify.millis());
        }
    }

    private void copyIntoTheBackupDatabase() {
        chapter("The cold copy, along the flow that the charter allows");
        Ended copy = command("copy", "production", "backup", "--as", "backup");
        List<Report.Copy> reports = copy.reports(Report.Copy.class);
        claims.expect(
                "production is copied into backup, and the copy is proven",
                copy.code() == 0 && reports.size() == 1,
                reports.stream()
                        .map(report ->
                                Figures.count(report.rowCount(), "row") + ", " + Figures.size(report.contentBytes()))
                        .findFirst()
                        .orElse("not copied"),
                copy.millis());
    }

    private void resticReadsThem() {
        chapter("Stock restic reads the repository, without pgcharter");
        Map<String, String> environment = Map.of(
                "RESTIC_REPOSITORY", variables.getOrDefault("PGCHARTER_REPOSITORY", "") + "/onsite",
                "RESTIC_PASSWORD", variables.getOrDefault("PGCHARTER_REPOSITORY_PASSWORD", ""),
                "RESTIC_CACHE_DIR",
                        Path.of(variables.getOrDefault("PGCHARTER_STATE_DIRECTORY", ""))
                                .resolveSibling("restic")
                                .toString());
        for (List<String> words :
                List.of(List.of("restic", "snapshots", "--compact"), List.of("restic", "check", "--read-data"))) {
            prompt(words);
            Instant begun = clock.instant();
            try {
                Program.Ended ended = new Program(words, environment, Optional.empty(), RESTIC_TIMEOUT).run();
                ended.output().lines().forEach(line -> screen.line("  " + line));
                ended.errors().lines().forEach(line -> screen.line("  " + line));
                claims.expect(
                        "stock restic: " + words.get(1) + " passes",
                        ended.exitCode() == 0,
                        String.join(" ", words),
                        since(begun));
            } catch (ProblemException e) {
                if (e.problem().code() != ProblemCode.PROGRAM_MISSING) {
                    throw e;
                }
                screen.line("  restic is not installed; skipped");
                return;
            }
        }
    }

    private void theForbiddenIsRefused() {
        chapter("What the charter forbids");
        refused("development data cannot get into production", "copy", "development", "production", "--as", "backup");
        refused("nor the cold copy", "copy", "backup", "production", "--as", "backup");
        refused("from development, production is out of reach", "status", "production", "--as", "development");
        refused("for backups too", "backup", "production", "--as", "development");
    }

    private void refused(String claim, String... words) {
        Ended ended = command(words);
        List<Reason> reasons = ended.outcomes().stream()
                .filter(Outcome.Refused.class::isInstance)
                .flatMap(outcome -> ((Outcome.Refused) outcome).reasons().stream())
                .toList();
        boolean saysWhere = reasons.stream().anyMatch(reason -> reason.where().matches(".*:\\d+"));
        claims.expect(
                claim,
                ended.code() == 3 && saysWhere && ended.outcomes().stream().noneMatch(Outcome.Done.class::isInstance),
                reasons.stream()
                        .map(reason -> "rule " + reason.rule() + ", " + fileName(reason.where()))
                        .findFirst()
                        .orElse("not refused"),
                0);
    }

    private static String fileName(String where) {
        return where.substring(where.lastIndexOf('/') + 1);
    }

    private void theJournalHolds() {
        chapter("The journal");
        command("journal", "--last", "12");
        Ended verify = command("journal", "verify", "--as", "backup");
        List<Report.JournalVerify> reports = verify.reports(Report.JournalVerify.class);
        claims.expect(
                "every wish is in the journal, and the journal holds",
                verify.code() == 0
                        && reports.stream().anyMatch(report -> report.breaks().isEmpty() && report.size() > 0),
                reports.stream()
                        .map(report -> report.size() + " entries, " + report.anchoredSize() + " anchored")
                        .findFirst()
                        .orElse("not verified"),
                verify.millis());
    }

    private Ended command(String... words) {
        List<String> typed = new ArrayList<>(List.of("pgcharter"));
        typed.addAll(List.of(words));
        prompt(typed);
        List<Outcome> outcomes = new ArrayList<>();
        Instant begun = clock.instant();
        int code = commands.run(
                variables,
                (_, outcome) -> {
                    synchronized (outcomes) {
                        outcomes.add(outcome);
                    }
                },
                List.of(words));
        return new Ended(code, List.copyOf(outcomes), since(begun));
    }

    private long since(Instant begun) {
        return Duration.between(begun, clock.instant()).toMillis();
    }

    private void chapter(String title) {
        screen.line("");
        screen.line(Tone.STRONG, "── " + title + " " + "─".repeat(Math.max(0, 70 - title.length())));
    }

    private void prompt(List<String> words) {
        screen.line(screen.dress(Tone.FAINT, "$ ") + String.join(" ", words));
    }
}
