package io.pgcharter.capability.alert;

import io.pgcharter.model.alert.Topic;
import io.pgcharter.platform.state.AlertSitting;
import io.pgcharter.platform.state.EndedRun;
import io.pgcharter.platform.state.Outbox;
import io.pgcharter.policy.alert.RunEnd;
import io.pgcharter.policy.alert.Situation;
import io.pgcharter.policy.charter.AlertPlan.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads from the control database what alerts are decided on.
final class Signals {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What ended longer ago was before anybody was to be told.
    private static final Duration NEWS_MAX = Duration.ofDays(1);

    private final Pace pace;

    Signals(Pace pace) {
        this.pace = pace;
    }

    /// @param since when alerting began on this node
    Situation read(AlertSitting sitting, Instant since) {
        Instant now = sitting.now();
        List<EndedRun> ended = sitting.ended();
        boolean isHeard = !ended.isEmpty()
                && !ended.getFirst().endedAt().plus(pace.groupFor()).isAfter(now);
        List<RunEnd> news = ended.stream()
                .filter(run -> run.endedAt().plus(NEWS_MAX).isAfter(now))
                .map(Signals::end)
                .toList();
        if (isHeard) {
            sitting.heard(ended);
        }
        return new Situation(
                now,
                sitting.bad(),
                silent(sitting, since, now),
                sitting.stuck().stream().map(Signals::undelivered).toList(),
                isHeard ? news : List.of(),
                isHeard ? List.of() : news,
                sitting.nodes(),
                sitting.alerts(pace.flapping()),
                sitting.silences());
    }

    /// Where no check has ever judged anything, the installation as a whole is silent.
    private Map<String, Instant> silent(AlertSitting sitting, Instant since, Instant now) {
        if (!sitting.isWatched()) {
            return since.plus(pace.silentAfter()).isAfter(now) ? Map.of() : Map.of(Topic.INSTALLATION, since);
        }
        return sitting.silent(pace.silentAfter());
    }

    private static Situation.Undelivered undelivered(Outbox.Stuck stuck) {
        return new Situation.Undelivered(stuck.receiver(), stuck.count(), stuck.since(), stuck.error());
    }

    private static RunEnd end(EndedRun run) {
        JsonNode ending = JSON.readTree(run.ending());
        JsonNode problem = ending.path("problem");
        String code = problem.path("code").asString("");
        RunEnd.How how = switch (run.outcome()) {
            case "done" -> RunEnd.How.DONE;
            case "lost" -> RunEnd.How.LOST;
            default -> code.equals("CANCELLED") ? RunEnd.How.CANCELLED : RunEnd.How.FAILED;
        };
        String text = how == RunEnd.How.DONE
                ? done(run, ending.path("report"))
                : code + ": " + problem.path("fact").asString("") + " ("
                        + problem.path("cause").asString("") + ")";
        return new RunEnd(run.run(), run.operation(), run.subjects(), how, run.node(), text, run.endedAt());
    }

    /// What a report has of figures that people ask for: `backup done: 3 tables, 270000 rows, 40.0 MB added, 3.2 s`.
    private static String done(EndedRun run, JsonNode report) {
        List<String> figures = new ArrayList<>();
        count(report, "tableCount", "tables", figures);
        count(report, "rowCount", "rows", figures);
        if (report.path("addedBytes").isNumber()) {
            figures.add("%.1f MB added".formatted(report.path("addedBytes").asLong() / 1e6));
        }
        if (report.path("durationMillis").isNumber()) {
            figures.add("%.1f s".formatted(report.path("durationMillis").asLong() / 1e3));
        }
        return run.operation().verb() + " done" + (figures.isEmpty() ? "" : ": " + String.join(", ", figures));
    }

    private static void count(JsonNode report, String key, String noun, List<String> figures) {
        if (report.path(key).isNumber()) {
            figures.add(report.path(key).asLong() + " " + noun);
        }
    }
}
