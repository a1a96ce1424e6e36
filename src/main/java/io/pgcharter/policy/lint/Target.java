package io.pgcharter.policy.lint;

import java.util.Map;
import java.util.Optional;

/// What was asked of the database that migrations are for.
///
/// @param version its major
/// @param known its tables, as far as the files speak of them
/// @param sizes of them
/// @param replicas how many follow it now
public record Target(int version, Known known, Map<ObjectName, Size> sizes, int replicas) {
    /// Up to this long a statement that locks a table is taken for harmless.
    static final double HARMLESS_SECONDS = 0.1;

    /// What one processor of 2020 reads, sorts into an index, and writes anew, each second: rows of a narrow table
    /// measured on PostgreSQL 18, and bytes for wide ones.
    private static final double SCAN_ROWS = 8_000_000;

    private static final double SORT_ROWS = 700_000;
    private static final double WRITE_ROWS = 450_000;
    private static final double SCAN_BYTES = 500e6;
    private static final double WRITE_BYTES = 60e6;

    public Target {
        sizes = Map.copyOf(sizes);
    }

    /// @param rows as the planner guesses them
    /// @param bytes of the table, its TOAST and its indexes
    /// @param transactionsASecond those that used it, at most, on the average since its statistics began
    public record Size(long rows, long bytes, double transactionsASecond) {}

    /// How long a statement holds its locks, in seconds; empty where a table's size is not known.
    Optional<Double> seconds(Effect effect, boolean sorts) {
        double seconds = 0;
        for (Map.Entry<ObjectName, Effect.Touch> entry : effect.touches().entrySet()) {
            Effect.Touch touch = entry.getValue();
            Size size = sizes.get(entry.getKey());
            if (!touch.scans()) {
                continue;
            }
            if (size == null) {
                return Optional.empty();
            }
            double rows = touch.rewrites() ? WRITE_ROWS : sorts ? SORT_ROWS : SCAN_ROWS;
            seconds += Math.max(size.rows() / rows, size.bytes() / (touch.rewrites() ? WRITE_BYTES : SCAN_BYTES));
        }
        return Optional.of(seconds);
    }

    /// How many transactions come meanwhile, at most, to the tables that are locked against them.
    double transactions(Effect effect, double seconds) {
        return effect.touches().entrySet().stream()
                .filter(entry -> entry.getValue().lock().stopsWriters() && sizes.containsKey(entry.getKey()))
                .mapToDouble(entry ->
                        sizes.getOrDefault(entry.getKey(), new Size(0, 0, 0)).transactionsASecond() * seconds)
                .sum();
    }

    /// The rows of the largest table that is read.
    long rows(Effect effect) {
        return effect.touches().entrySet().stream()
                .filter(entry -> entry.getValue().scans())
                .mapToLong(entry ->
                        sizes.getOrDefault(entry.getKey(), new Size(0, 0, 0)).rows())
                .max()
                .orElse(0);
    }
}
