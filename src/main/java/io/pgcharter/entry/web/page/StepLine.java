package io.pgcharter.entry.web.page;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.model.operation.Run.Unit;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/// How far one step of a run is, and how fast it goes.
///
/// @param total 0 when nobody knows
/// @param perSecond units a second, of late; empty while it is not known
/// @param left how long it goes on at that pace
public record StepLine(
        String name,
        Unit unit,
        long total,
        long done,
        boolean ended,
        OptionalDouble perSecond,
        Optional<Duration> left) {

    /// How much is done, in percent; empty when nobody knows.
    public OptionalDouble percent() {
        if (ended) {
            return OptionalDouble.of(100);
        }
        return total > 0 ? OptionalDouble.of(Math.clamp(100.0 * done / total, 0, 100)) : OptionalDouble.empty();
    }

    /// `1.2 GB of 4.0 GB`, `12 of 40`, `3`.
    public String amount() {
        if (ended) {
            return done > 0 ? figure(done) : "";
        }
        return total > 0 ? figure(done) + " of " + figure(total) : done > 0 ? figure(done) : "";
    }

    public String rate() {
        return ended || perSecond.isEmpty() ? "" : figure(Math.round(perSecond.getAsDouble())) + "/s";
    }

    private String figure(long number) {
        return unit == Unit.BYTES ? Figures.size(number) : Figures.count(number);
    }
}
