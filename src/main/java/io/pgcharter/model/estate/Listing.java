package io.pgcharter.model.estate;

import io.pgcharter.model.id.RepositoryName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a repository was last listed, and how that went. Times are the control database's.
///
/// @param triedAt when somebody last tried
/// @param listedAt when it last succeeded: what is known of the repository's backups is as of then; empty if it never
/// did
/// @param trouble why the last try failed; empty if it did not
/// @param anchoredSize entries of the journal, from the first, that the repository holds copies of
/// @param anchoredAt when the newest of those copies was signed
public record Listing(
        RepositoryName repository,
        Instant triedAt,
        Optional<Instant> listedAt,
        Optional<Trouble> trouble,
        long anchoredSize,
        Optional<Instant> anchoredAt) {
    /// What is older says nothing of the present: checks that rest on it answer UNKNOWN.
    public static final Duration STALE_AFTER = Duration.ofHours(1);

    /// @param code of the problem: `STORAGE_UNREACHABLE` @param text the problem in one line
    public record Trouble(String code, String text) {}

    /// Whether what is known of the repository is recent enough to be relied on.
    public boolean isFresh(Instant now) {
        return listedAt.filter(at -> at.isAfter(now.minus(STALE_AFTER))).isPresent();
    }
}
