package io.pgcharter.entry.corridor;

import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.operation.ReleaseStanding;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A release that is over.
///
/// @param state `released`, `rolled back`, `stopped` or `abandoned`
/// @param endedAt when its last step ended; empty if that one did not
/// @param reason what went wrong first, of which the steps have the cause; empty if nothing did
public record ReleaseRow(String state, Optional<Instant> endedAt, Optional<String> reason, ReleaseStanding standing) {
    public static ReleaseRow of(Release release) {
        return new ReleaseRow(
                release.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                release.last().endedAt(),
                release.log().stream()
                        .filter(entry -> entry.mark() == Mark.FAILED || entry.mark() == Mark.HELD)
                        .findFirst()
                        .map(ReleaseRow::said),
                ReleaseStanding.of(release));
    }

    private static String said(Entry entry) {
        return entry.step().word() + ": " + entry.evidence().getOrDefault("fact", "it ended without a word");
    }
}
