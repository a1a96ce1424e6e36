package io.pgcharter.policy.rehearsal;

import io.pgcharter.model.operation.RehearsalReport.Lock;
import io.pgcharter.model.operation.RehearsalReport.Measure;
import io.pgcharter.model.operation.RehearsalReport.Performed;
import io.pgcharter.model.operation.RehearsalReport.Standing;
import io.pgcharter.model.operation.RehearsalReport.Whole;
import io.pgcharter.model.sql.LockMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// What was measured on a copy, as it would be in the database: times and WAL of what scans or rewrites grow with
/// the tables' sizes, a lock lasts to the end of its transaction, and calls that want what it conflicts with wait.
///
/// @param here bytes of the copy's tables, by `schema.name`
/// @param there bytes of the database's
/// @param empty tables without rows: that they are written anew is nothing to nobody
/// @param traffic what the database's clients do; empty if it is not known
public record Reckoning(Map<String, Long> here, Map<String, Long> there, Set<String> empty, Optional<Traffic> traffic) {
    private static final double SECOND_MILLIS = 1000;

    public Reckoning {
        here = Map.copyOf(here);
        there = Map.copyOf(there);
        empty = Set.copyOf(empty);
    }

    /// @param measured times and locks as they were seen; a lock that was not sampled has no time yet
    public Performed scaled(Performed measured) {
        List<Measure> sized = measured.statements().stream().map(this::sized).toList();
        List<Measure> held = new ArrayList<>();
        for (int index = 0; index < sized.size(); index++) {
            held.add(held(sized, index));
        }
        return new Performed(measured.name(), measured.file(), measured.transaction(), held);
    }

    private Measure sized(Measure measure) {
        double factor = factor(measure);
        return with(measure, factor, measure.locks());
    }

    private static Measure with(Measure measure, double factor, List<Lock> locks) {
        return new Measure(
                measure.line(),
                measure.text(),
                measure.standing(),
                measure.millis(),
                rounded(measure.millis() * factor),
                factor,
                locks,
                measure.rewritten(),
                measure.rows(),
                measure.walBytes(),
                measure.tempBytes());
    }

    /// The tables that it read through or wrote anew, there against here; never less than 1.
    double factor(Measure measure) {
        Set<String> touched = new HashSet<>(measure.rewritten());
        measure.rows()
                .ifPresent(rows -> rows.forEach((table, count) -> {
                    if (count.read() > 0) {
                        touched.add(table);
                    }
                }));
        // Whatever a statement alone has read, if that is not known: what it holds a lock on.
        if (measure.rows().isEmpty()) {
            measure.locks().stream()
                    .filter(lock -> mode(lock).compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) >= 0)
                    .forEach(lock -> touched.add(lock.table()));
        }
        long small = 0;
        long large = 0;
        for (String table : touched) {
            if (here.containsKey(table) && there.containsKey(table)) {
                small += here.getOrDefault(table, 0L);
                large += there.getOrDefault(table, 0L);
            }
        }
        return small == 0 ? 1 : Math.max(1, rounded((double) large / small * 10) / 10);
    }

    private Measure held(List<Measure> statements, int index) {
        Measure measure = statements.get(index);
        double seen = lasting(statements, index, Measure::millis);
        double scaled = lasting(statements, index, Measure::scaledMillis);
        List<Lock> locks = measure.locks().stream()
                .map(lock -> {
                    double heldMillis = lock.sampled() ? lock.heldMillis() : seen;
                    double scaledHeld = lock.sampled() ? rounded(heldMillis * measure.factor()) : scaled;
                    return new Lock(
                            lock.relation(),
                            lock.table(),
                            lock.mode(),
                            heldMillis,
                            scaledHeld,
                            lock.sampled(),
                            calls(lock, scaledHeld));
                })
                .toList();
        return with(measure, measure.factor(), locks);
    }

    /// From the beginning of a statement to the end of its transaction.
    private static double lasting(List<Measure> statements, int index, ToDoubleFunction<Measure> time) {
        double sum = 0;
        boolean isOver = false;
        for (int at = index; at < statements.size() && !isOver; at++) {
            sum += time.applyAsDouble(statements.get(at));
            isOver = statements.get(at).standing() != Standing.WITHIN;
        }
        return rounded(sum);
    }

    private OptionalDouble calls(Lock lock, double heldMillis) {
        return traffic.map(clients -> OptionalDouble.of(
                        thousandths(clients.waiting(lock.table(), mode(lock)) * heldMillis / SECOND_MILLIS)))
                .orElse(OptionalDouble.empty());
    }

    static LockMode mode(Lock lock) {
        return LockMode.valueOf(lock.mode().toUpperCase(Locale.ROOT).replace(' ', '_'));
    }

    /// @param performed all migrations, scaled
    /// @param unknownCalls why there is no traffic
    public Whole whole(List<Performed> performed, String unknownCalls) {
        List<Measure> all =
                performed.stream().flatMap(one -> one.statements().stream()).toList();
        return new Whole(
                rounded(all.stream().mapToDouble(Measure::millis).sum()),
                rounded(all.stream().mapToDouble(Measure::scaledMillis).sum()),
                all.stream()
                        .flatMap(measure -> measure.locks().stream())
                        .filter(lock -> mode(lock).stopsWriters())
                        .mapToDouble(Lock::scaledHeldMillis)
                        .max()
                        .orElse(0),
                all.stream()
                        .mapToLong(measure -> Math.round(measure.walBytes() * measure.factor()))
                        .sum(),
                (int) all.stream()
                        .flatMap(measure -> measure.rewritten().stream())
                        .filter(table -> !empty.contains(table))
                        .distinct()
                        .count(),
                traffic.map(clients -> OptionalDouble.of(thousandths(performed.stream()
                                .mapToDouble(one -> calls(one, clients))
                                .sum())))
                        .orElse(OptionalDouble.empty()),
                traffic.map(Traffic::basis).orElse(unknownCalls));
    }

    /// A call waits once, for the lock that lasts longest, however many stand in its way in one migration.
    private static double calls(Performed performed, Traffic clients) {
        double sum = 0;
        for (Traffic.Call call : clients.calls()) {
            double longest = performed.statements().stream()
                    .flatMap(measure -> measure.locks().stream())
                    .filter(lock -> call.waitsFor(lock.table(), mode(lock)))
                    .mapToDouble(Lock::scaledHeldMillis)
                    .max()
                    .orElse(0);
            sum += call.perSecond() * longest / SECOND_MILLIS;
        }
        return sum;
    }

    private static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /// To a tenth.
    static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
