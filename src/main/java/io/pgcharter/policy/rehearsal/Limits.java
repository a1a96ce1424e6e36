package io.pgcharter.policy.rehearsal;

import io.pgcharter.model.operation.RehearsalReport.Limit;
import io.pgcharter.model.operation.RehearsalReport.Verdict;
import io.pgcharter.model.operation.RehearsalReport.WayBack;
import io.pgcharter.model.operation.RehearsalReport.Whole;
import io.pgcharter.policy.charter.RehearsalPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The charter's limits beside what was measured.
public final class Limits {
    private Limits() {}

    /// Those that the charter sets.
    ///
    /// @param failed whether the migrations came to their end; else nothing of them is known as a whole
    /// @param wayBack empty if it was not tried
    public static List<Limit> judge(RehearsalPlan plan, Whole whole, boolean failed, Optional<WayBack> wayBack) {
        List<Limit> limits = new ArrayList<>();
        plan.held()
                .ifPresent(most -> limits.add(limit(
                        "held", time(most), time(whole.heldMillis()), failed, whole.heldMillis() > millis(most))));
        plan.time()
                .ifPresent(most -> limits.add(limit(
                        "time", time(most), time(whole.scaledMillis()), failed, whole.scaledMillis() > millis(most))));
        plan.walBytes()
                .ifPresent(most -> limits.add(
                        limit("wal", bytes(most), bytes(whole.walBytes()), failed, whole.walBytes() > most)));
        plan.calls()
                .ifPresent(most -> limits.add(
                        whole.calls().isPresent()
                                ? limit(
                                        "calls",
                                        Integer.toString(most),
                                        number(whole.calls().getAsDouble()),
                                        failed,
                                        whole.calls().getAsDouble() > most)
                                : new Limit(
                                        "calls",
                                        Integer.toString(most),
                                        "unknown: " + whole.callsBasis(),
                                        Verdict.UNKNOWN)));
        if (!plan.allowsRewrites()) {
            limits.add(limit("rewrites", "refuse", Integer.toString(whole.rewritten()), failed, whole.rewritten() > 0));
        }
        if (plan.needsWayBack()) {
            limits.add(wayBack.map(back -> new Limit(
                            "way-back",
                            "required",
                            said(back),
                            back.bringsEverythingBack() ? Verdict.KEPT : Verdict.EXCEEDED))
                    .orElseGet(() -> new Limit("way-back", "required", "unknown: not tried", Verdict.UNKNOWN)));
        }
        return List.copyOf(limits);
    }

    /// What was seen before a failure may be too much already; that it is not says nothing.
    private static Limit limit(String name, String allowed, String measured, boolean failed, boolean isExceeded) {
        Verdict verdict = isExceeded ? Verdict.EXCEEDED : failed ? Verdict.UNKNOWN : Verdict.KEPT;
        return new Limit(name, allowed, verdict == Verdict.UNKNOWN ? "unknown: it came to no end" : measured, verdict);
    }

    private static String said(WayBack back) {
        if (back.bringsEverythingBack()) {
            return "everything is brought back";
        }
        if (!back.missing().isEmpty()) {
            return "no down file: " + String.join(", ", back.missing());
        }
        return back.trouble().map(_ -> "it failed").orElse("not everything is brought back");
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static String time(Duration duration) {
        return time(millis(duration));
    }

    private static String time(double millis) {
        return millis < 1000 ? number(millis) + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000);
    }

    private static String bytes(long bytes) {
        return bytes < 10_000
                ? bytes + " B"
                : bytes < 10_000_000
                        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
