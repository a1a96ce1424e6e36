package io.pgcharter.capability.maintain;

import io.pgcharter.policy.charter.MaintenancePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Whether a table needs something, and why: the figures that led to it. Pure.
final class Needs {
    /// Of a hundred of the age at which the server begins an autovacuum that cannot be put off.
    static final int FREEZE_PERCENT = 75;

    /// Nothing but a person analyzes a partitioned table as a whole.
    static final Duration PARTITIONED_MAX = Duration.ofDays(7);

    private Needs() {}

    /// @param freezeMaxAge the server's `autovacuum_freeze_max_age`
    static Optional<String> vacuum(TableFacts table, MaintenancePlan.Vacuum plan, long freezeMaxAge) {
        if (table.isPartitioned()) {
            return Optional.empty();
        }
        if (table.xidAge() >= freezeMaxAge / 100 * FREEZE_PERCENT) {
            return Optional.of("its oldest row is " + count(table.xidAge()) + " transactions old, of "
                    + count(freezeMaxAge) + " it may be");
        }
        if (isMuch(table.dead(), table.live() + table.dead(), plan.deadPercent(), plan.rowsMin())) {
            return Optional.of(share(table.dead(), table.live() + table.dead()) + " of its "
                    + count(table.live() + table.dead()) + " rows are dead (" + count(table.dead()) + ")"
                    + since("vacuumed", table.vacuumedAt()));
        }
        // Rows that were only added are frozen, and pages marked as visible to all, by a vacuum alone.
        if (isMuch(table.inserted(), table.live(), plan.deadPercent(), plan.rowsMin())) {
            return Optional.of(share(table.inserted(), table.live()) + " of its " + count(table.live())
                    + " rows were added since" + since("vacuumed", table.vacuumedAt()));
        }
        return Optional.empty();
    }

    static Optional<String> analyze(TableFacts table, MaintenancePlan.Statistics plan, Instant now) {
        if (table.isPartitioned()) {
            boolean late = table.analyzedAt()
                    .map(at -> at.plus(PARTITIONED_MAX).isBefore(now))
                    .orElse(true);
            return late
                    ? Optional.of(
                            "a partitioned table is analyzed by nobody else" + since("analyzed", table.analyzedAt()))
                    : Optional.empty();
        }
        if (table.analyzedAt().isEmpty() && table.live() >= plan.rowsMin()) {
            return Optional.of("it has " + count(table.live()) + " rows and was never analyzed");
        }
        return isMuch(table.changed(), table.live(), plan.changedPercent(), plan.rowsMin())
                ? Optional.of(share(table.changed(), table.live()) + " of its " + count(table.live())
                        + " rows changed since" + since("analyzed", table.analyzedAt()))
                : Optional.empty();
    }

    private static boolean isMuch(long part, long whole, int percent, long rowsMin) {
        return part >= rowsMin && part * 100.0 >= (double) whole * percent;
    }

    private static String since(String done, Optional<Instant> at) {
        return at.map(when -> "; last " + done + " " + when).orElse("; never " + done);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String share(long part, long whole) {
        return Math.round(part * 100.0 / Math.max(1, whole)) + " %";
    }
}
