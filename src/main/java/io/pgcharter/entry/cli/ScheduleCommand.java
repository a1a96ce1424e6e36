package io.pgcharter.entry.cli;

import io.pgcharter.engine.schedule.JobRow;
import io.pgcharter.engine.schedule.JobRun;
import io.pgcharter.engine.schedule.ScheduleReading;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "schedule",
        description =
                "Show what runs by itself: what ran last and how it ended, what is next, why something did not run.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter schedule", "  pgcharter schedule --history 50 --job nightly"})
final class ScheduleCommand implements Action {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm zzz", Locale.ENGLISH);

    /// How far back `--job` looks.
    private static final int SEARCHED_MAX = 100_000;

    @Option(
            names = "--history",
            paramLabel = "N",
            description = "Show the newest N times that came instead, and what became of each.")
    @Nullable
    Integer history;

    @Option(names = "--job", paramLabel = "JOB", description = "Only this job of the charter.")
    @Nullable
    String job;

    @Override
    public int run(Desk desk) {
        if (history != null && history < 1) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "--history is " + history,
                    "it is a number of times, at least 1",
                    "pgcharter schedule --history 20");
        }
        Map<String, ZoneId> zones = desk.charter().serving().schedule().jobs().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().rhythm().zone()));
        if (job != null && !zones.containsKey(job)) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "the charter has no job '" + job + "'",
                    desk.charter().file() + " schedules "
                            + (zones.isEmpty() ? "nothing" : String.join(", ", zones.keySet())),
                    "pgcharter schedule");
        }
        ScheduleReading schedule = desk.corridor().readings().schedule();
        if (history != null) {
            showHistory(desk, schedule, history, zones);
        } else {
            showJobs(desk, schedule, zones);
        }
        return ExitCode.DONE;
    }

    private boolean isWanted(String name) {
        return job == null || job.equals(name);
    }

    private void showJobs(Desk desk, ScheduleReading schedule, Map<String, ZoneId> zones) {
        List<ScheduleReading.Node> nodes = schedule.nodes();
        List<JobRow> rows =
                schedule.jobs().stream().filter(row -> isWanted(row.job())).toList();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("nodes", nodes, "jobs", rows)));
            return;
        }
        if (rows.isEmpty()) {
            desk.screen().line("the charter schedules nothing: see 'schedule' in docs/charter.md");
            return;
        }
        Table table = new Table(
                Column.left("JOB"),
                Column.left("TARGET"),
                Column.left("DOES"),
                Column.left("WHEN"),
                Column.left("LAST"),
                Column.left("OUTCOME"),
                Column.left("NEXT"),
                Column.left("STATE"),
                Column.left("WHY"));
        for (JobRow row : rows) {
            ZoneId zone = zones.getOrDefault(row.job(), ZoneId.of(row.zone()));
            table.row(
                    Cell.of(row.job()),
                    Cell.of(row.target()),
                    Cell.of(row.verb()),
                    Cell.of(row.cadence() + " " + row.zone()),
                    row.last().map(last -> Cell.of(local(last.dueAt(), zone))).orElseGet(Cell::none),
                    row.last()
                            .map(last -> new Cell(last.outcome(), tone(last.outcome())))
                            .orElseGet(Cell::none),
                    row.beginsAt().map(at -> Cell.of(local(at, zone))).orElseGet(Cell::none),
                    new Cell(row.state(), tone(row.state())),
                    row.reason().map(Cell::of).orElseGet(Cell::none));
        }
        desk.screen().table(table);
        String serving = nodes.stream()
                .map(node -> node.node() + " since " + local(node.since(), ZoneId.of("UTC")))
                .collect(Collectors.joining(", "));
        if (nodes.isEmpty()) {
            desk.screen().aside(Tone.WARNING, "nobody serves", ": nothing runs by itself until: pgcharter serve");
        } else {
            desk.screen().line("served by " + serving);
        }
    }

    private void showHistory(Desk desk, ScheduleReading schedule, int count, Map<String, ZoneId> zones) {
        List<JobRun> runs = schedule.history(job == null ? count : SEARCHED_MAX).stream()
                .filter(run -> isWanted(run.job()))
                .limit(count)
                .toList();
        if (desk.json()) {
            desk.screen().line(OutcomeJson.text(Map.of("runs", runs)));
            return;
        }
        if (runs.isEmpty()) {
            desk.screen().line("no time has come yet");
            return;
        }
        Table table = new Table(
                Column.left("DUE"),
                Column.left("JOB"),
                Column.left("TARGET"),
                Column.left("OUTCOME"),
                Column.left("BEGUN"),
                Column.left("ENDED"),
                Column.left("RUN"),
                Column.left("NODE"),
                Column.left("WHY"));
        for (JobRun run : runs) {
            ZoneId zone = zones.getOrDefault(run.job(), ZoneId.of("UTC"));
            table.row(
                    Cell.of(local(run.dueAt(), zone)),
                    Cell.of(run.job()),
                    Cell.of(run.target()),
                    new Cell(run.outcome(), tone(run.outcome())),
                    Cell.of(local(run.startedAt(), zone)),
                    text(run.endedAt().map(at -> local(at, zone))),
                    text(run.run()),
                    Cell.of(run.node()),
                    text(run.reason()));
        }
        desk.screen().table(table);
    }

    private static Cell text(Optional<String> text) {
        return text.map(Cell::of).orElseGet(Cell::none);
    }

    private static Tone tone(String word) {
        return switch (word) {
            case "done" -> Tone.GOOD;
            case "failed", "refused", "missed", "overdue" -> Tone.BAD;
            case "waiting", "skipped" -> Tone.WARNING;
            default -> Tone.PLAIN;
        };
    }

    private static String local(Instant instant, ZoneId zone) {
        return TIME.format(instant.atZone(zone));
    }
}
