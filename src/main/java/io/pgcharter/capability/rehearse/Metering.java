package io.pgcharter.capability.rehearse;

import io.pgcharter.model.operation.RehearsalReport.Lock;
import io.pgcharter.model.operation.RehearsalReport.Measure;
import io.pgcharter.model.operation.RehearsalReport.Rows;
import io.pgcharter.model.operation.RehearsalReport.Standing;
import io.pgcharter.model.sql.LockMode;
import io.pgcharter.platform.meter.Measured;
import io.pgcharter.platform.meter.Meter;
import io.pgcharter.platform.meter.Onlooker;
import io.pgcharter.policy.migration.Passage.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// Measures each statement: those in a transaction by the session itself, others from beside.
final class Metering implements Gauge {
    private final Stage stage;
    private final Map<String, LockMode> held = new HashMap<>();
    private final List<Measure> measures = new ArrayList<>();
    private Optional<Meter> meter = Optional.empty();

    Metering(Stage stage) {
        this.stage = stage;
    }

    List<Measure> measures() {
        return List.copyOf(measures);
    }

    @Override
    public void begin(String sql) {
        stage.work(sql);
        held.clear();
        meter = Optional.empty();
    }

    @Override
    public void within(Step step) {
        if (isSetting(step.sql())) {
            // What it sets may have to come before every question.
            long begun = System.nanoTime();
            stage.work(step.sql());
            add(step, Standing.WITHIN, nothing(Duration.ofNanos(System.nanoTime() - begun)));
            return;
        }
        if (meter.isEmpty()) {
            meter = Optional.of(new Meter(stage.worker()));
        }
        stage.work("set client_min_messages = log");
        add(step, Standing.WITHIN, meter.orElseThrow().measure(() -> stage.work(step.sql())));
    }

    private static boolean isSetting(String sql) {
        return sql.regionMatches(true, 0, "set ", 0, "set ".length());
    }

    private static Measured nothing(Duration took) {
        return new Measured(List.of(), Set.of(), Optional.of(Map.of()), 0, took);
    }

    @Override
    public void alone(Step step) {
        if (!step.isAlone()) {
            begin("begin");
            within(step);
            commit(0, "commit");
            return;
        }
        stage.work("set client_min_messages = log");
        held.clear();
        add(step, Standing.ALONE, new Onlooker(stage.onlooker(), stage.worker()).measure(() -> stage.work(step.sql())));
    }

    /// The session can say nothing of a transaction that is over; what its end writes is seen from beside.
    @Override
    public void commit(int line, String sql) {
        long walBefore = wal();
        long begun = System.nanoTime();
        stage.work(sql);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        meter = Optional.empty();
        held.clear();
        measures.add(new Measure(
                line,
                sql,
                Standing.COMMIT,
                millis(took),
                millis(took),
                1,
                List.of(),
                List.of(),
                Optional.of(Map.of()),
                wal() - walBefore,
                stage.temporaryBytes()));
    }

    private long wal() {
        return Meter.wal(stage.onlooker());
    }

    private void add(Step step, Standing standing, Measured measured) {
        measures.add(new Measure(
                step.place().line(),
                step.shown(),
                standing,
                millis(measured.took()),
                millis(measured.took()),
                1,
                locks(measured),
                isEmptying(step.sql())
                        ? List.of()
                        : measured.rewritten().stream().sorted().toList(),
                measured.rows().map(Metering::rows),
                measured.walBytes(),
                stage.temporaryBytes()));
    }

    /// A table that is emptied gets another file, too; nothing is copied into it.
    private static boolean isEmptying(String sql) {
        return sql.regionMatches(true, 0, "truncate", 0, "truncate".length());
    }

    private static Map<String, Rows> rows(Map<String, Measured.Rows> counts) {
        Map<String, Rows> rows = new HashMap<>();
        counts.forEach((table, count) ->
                rows.put(table, new Rows(count.read(), count.inserted(), count.updated(), count.deleted())));
        return rows;
    }

    /// Those that are new, or stronger than before. What an index's lock keeps away its table's does already, if
    /// that is as strong.
    private List<Lock> locks(Measured measured) {
        Map<String, LockMode> tables = measured.locks();
        List<Lock> locks = new ArrayList<>();
        for (io.pgcharter.platform.meter.Lock lock : measured.held()) {
            boolean isIndex = !lock.table().isEmpty() && !lock.relation().equals(lock.table());
            boolean adds = !isIndex || lock.mode().compareTo(tables.getOrDefault(lock.table(), LockMode.NONE)) > 0;
            LockMode before = held.getOrDefault(lock.relation(), LockMode.NONE);
            if (adds && lock.mode().compareTo(before) > 0) {
                held.put(lock.relation(), lock.mode());
                locks.add(new Lock(
                        lock.relation(),
                        lock.table().isEmpty() ? lock.relation() : lock.table(),
                        lock.mode().toString(),
                        lock.seen().map(Metering::millis).orElse(0.0),
                        0,
                        lock.seen().isPresent(),
                        OptionalDouble.empty()));
            }
        }
        locks.sort(java.util.Comparator.comparing(Lock::relation));
        return locks;
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e5) / 10.0;
    }
}
