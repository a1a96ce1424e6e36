package io.pgcharter.policy.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What a charter says of checks: other thresholds, checks that are not made, findings that are let be.
///
/// @param adjustments by id of the check
/// @param stands how long a verdict of a counter stands: what happened is not well again because nothing happened since
public record Standards(Map<String, Adjustment> adjustments, List<Waiver> waivers, Duration stands) {
    public static final Duration STANDS_DEFAULT = Duration.ofMinutes(15);

    /// Nothing but what the checks themselves say.
    public static final Standards DEFAULT = new Standards(Map.of(), List.of());

    public Standards {
        adjustments = Map.copyOf(adjustments);
        waivers = List.copyOf(waivers);
    }

    public Standards(Map<String, Adjustment> adjustments, List<Waiver> waivers) {
        this(adjustments, waivers, STANDS_DEFAULT);
    }

    /// @param enabled false for a check that is not made
    /// @param warn in place of the check's own
    /// @param crit in place of the check's own
    public record Adjustment(boolean enabled, OptionalDouble warn, OptionalDouble crit) {}

    boolean isEnabled(Check check) {
        Adjustment adjustment = adjustments.get(check.id());
        return adjustment == null || adjustment.enabled();
    }

    /// The check's thresholds as the charter wants them.
    public Judging.Thresholds thresholds(Check check, Judging.Thresholds own) {
        Adjustment adjustment = adjustments.get(check.id());
        if (adjustment == null) {
            return own;
        }
        return new Judging.Thresholds(
                adjustment.warn().isPresent() ? adjustment.warn() : own.warn(),
                adjustment.crit().isPresent() ? adjustment.crit() : own.crit());
    }
}
