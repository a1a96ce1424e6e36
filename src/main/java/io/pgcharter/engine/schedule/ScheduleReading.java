package io.pgcharter.engine.schedule;

import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charter;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/// The schedule, for reading: what ran, what is next, why something did not run. Thread-safe.
public final class ScheduleReading {
    /// What is due for so long and has not begun is overdue.
    private static final Duration OVERDUE = Duration.ofMinutes(5);

    private final Charter charter;
    private final List<Duty> duties;
    private final Jdbi jdbi;
    private final JobRuns runs;

    public ScheduleReading(Charter charter, State state) {
        this.charter = charter;
        this.duties = Duty.of(charter);
        this.jdbi = state.jdbi();
        this.runs = new JobRuns(jdbi, "");
    }

    /// A process that serves.
    ///
    /// @param node machine and process
    public record Node(String node, Instant since) {}

    /// Those that have been seen within the last minute.
    public List<Node> nodes() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                SELECT node, since FROM pgcharter.serving_node
                WHERE seen_at > clock_timestamp() - interval '1 minute' ORDER BY node""")
                .map(row -> new Node(row.getColumn(1, String.class), row.getColumn(2, Instant.class)))
                .list());
    }

    /// The newest `count` instants that came, newest first.
    public List<JobRun> history(int count) {
        return runs.newest(count);
    }

    /// Every job of the charter for every target, in the charter's order, also those that are off.
    public List<JobRow> jobs() {
        Instant now = jdbi.withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                        .mapTo(OffsetDateTime.class)
                        .one())
                .toInstant();
        Map<String, Queued> queued = queued();
        Map<String, JobRuns.Last> last = runs.last().stream()
                .collect(Collectors.toMap(
                        row -> row.run().job() + "/" + row.run().target(), Function.identity()));
        boolean served = !nodes().isEmpty();
        return duties.stream()
                .map(duty -> row(
                        duty,
                        now,
                        Optional.ofNullable(queued.get(duty.key())),
                        Optional.ofNullable(last.get(duty.key())),
                        served))
                .toList();
    }

    private record Queued(Marker marker, Instant at) {}

    private Map<String, Queued> queued() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT task_instance, convert_from(task_data, 'UTF8'), execution_time FROM pgcharter.job_due")
                .map(row -> Map.entry(
                        row.getColumn(1, String.class),
                        new Queued(Marker.parse(row.getColumn(2, String.class)), row.getColumn(3, Instant.class))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private JobRow row(Duty duty, Instant now, Optional<Queued> queued, Optional<JobRuns.Last> last, boolean served) {
        Optional<JobRun> newest = last.map(JobRuns.Last::run);
        boolean enabled = duty.job().isEnabled();
        Optional<Instant> next = enabled ? duty.job().rhythm().next(now) : Optional.empty();
        Optional<Instant> due =
                enabled ? queued.map(entry -> entry.marker().due()).or(() -> next) : next;
        Optional<Instant> begins = enabled
                ? queued.map(Queued::at)
                        .or(() -> next.map(at -> duty.job().rhythm().begins(duty.key(), at)))
                : next;
        Why why = enabled ? why(now, newest, begins, served) : new Why("off", Optional.of(off(duty)));
        return new JobRow(
                duty.job().name(),
                duty.target(),
                duty.verb(),
                duty.job().rhythm().cadence().text(),
                duty.job().rhythm().zone().getId(),
                why.state(),
                why.reason(),
                due,
                begins,
                newest,
                last.flatMap(JobRuns.Last::doneAt),
                last.map(JobRuns.Last::missed).orElse(0L));
    }

    private record Why(String state, Optional<String> reason) {}

    private static Why why(Instant now, Optional<JobRun> newest, Optional<Instant> begins, boolean served) {
        Optional<JobRun> open = newest.filter(run -> run.endedAt().isEmpty());
        if (open.isPresent()) {
            return new Why(open.get().outcome(), open.get().reason());
        }
        if (begins.isPresent() && begins.get().plus(OVERDUE).isBefore(now)) {
            return new Why(
                    "overdue",
                    Optional.of(
                            served
                                    ? "all workers of the nodes that serve are busy"
                                    : "no node serves this charter: pgcharter serve"));
        }
        return new Why("scheduled", newest.flatMap(JobRun::reason));
    }

    private String off(Duty duty) {
        return "off until it says enabled: true (" + charter.where(duty.job().line()) + ")";
    }
}
