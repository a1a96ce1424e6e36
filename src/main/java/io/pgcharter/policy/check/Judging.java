package io.pgcharter.policy.check;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// How a check's rows become levels.
public sealed interface Judging {

    /// Each row says its own level.
    record ByRow() implements Judging {}

    /// Each row's value is held against the thresholds.
    record ByValue(Thresholds thresholds, Worse direction, Unit unit) implements Judging {}

    /// Each row is a counter; what it grew by since the last reading is held against the thresholds. A counter that
    /// began anew in between has grown by what it says now. What was bad
    /// stands for a while, see [Standards#stands].
    ///
    /// @param volumeMin for shares: how much the whole must have grown to be judged at all
    record ByCounter(Measure measure, Thresholds thresholds, Worse direction, double volumeMin) implements Judging {}

    /// @param warn from where on it is a warning; empty for never
    /// @param crit from where on it is critical; empty for never
    record Thresholds(OptionalDouble warn, OptionalDouble crit) {}

    /// What of a counter is judged.
    enum Measure {
        /// How much it grew.
        INCREASE,
        /// How much it grew in a minute.
        RATE,
        /// How many of a hundred of what it is a part of.
        SHARE
    }

    /// In which direction it gets worse.
    enum Worse {
        HIGHER,
        LOWER
    }

    /// What thresholds count.
    enum Unit {
        COUNT,
        BYTES,
        SECONDS,
        PERCENT,
        TRANSACTIONS
    }

    /// The thresholds a charter may set; empty where rows say their own level.
    default Optional<Thresholds> limits() {
        return switch (this) {
            case ByRow _ -> Optional.empty();
            case ByValue judging -> Optional.of(judging.thresholds());
            case ByCounter judging -> Optional.of(judging.thresholds());
        };
    }

    /// In which direction it gets worse.
    default Worse worse() {
        return switch (this) {
            case ByRow _ -> Worse.HIGHER;
            case ByValue judging -> judging.direction();
            case ByCounter judging -> judging.direction();
        };
    }

    /// What the thresholds count, in words.
    default String unitText() {
        return switch (this) {
            case ByRow _ -> "";
            case ByValue judging -> judging.unit().name().toLowerCase(Locale.ROOT);
            case ByCounter judging ->
                switch (judging.measure()) {
                    case INCREASE -> "count since the last reading";
                    case RATE -> "count a minute";
                    case SHARE -> "percent";
                };
        };
    }
}
