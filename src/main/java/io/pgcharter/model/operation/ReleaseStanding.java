package io.pgcharter.model.operation;

import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Content;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A release as it stands.
///
/// @param pin first digits of the hash over its migrations
/// @param isClosed whether `/health/DATABASE` answers 503
/// @param steps in the order in which they were taken
public record ReleaseStanding(
        String release,
        String pin,
        List<String> migrations,
        Instant begunAt,
        boolean isClosed,
        List<StepStanding> steps) {
    public ReleaseStanding {
        migrations = List.copyOf(migrations);
        steps = List.copyOf(steps);
    }

    /// One step that was taken.
    ///
    /// @param step such as `applied` @param mark `begun`, `done`, `failed` or `held`
    /// @param milliseconds it took; empty if it has not ended
    public record StepStanding(
            String step, String mark, Instant at, Optional<Long> milliseconds, Map<String, String> evidence) {
        public StepStanding {
            evidence = new LinkedHashMap<>(evidence);
        }
    }

    public static ReleaseStanding of(Release release) {
        return new ReleaseStanding(
                release.id(),
                release.pin().toString(),
                release.migrations().stream().map(Content::name).toList(),
                release.begunAt(),
                release.isClosed(),
                release.log().stream().map(ReleaseStanding::step).toList());
    }

    private static StepStanding step(Release.Entry entry) {
        return new StepStanding(
                entry.step().word(),
                entry.mark().name().toLowerCase(Locale.ROOT),
                entry.begunAt(),
                entry.endedAt()
                        .map(end -> Duration.between(entry.begunAt(), end).toMillis()),
                entry.evidence());
    }
}
