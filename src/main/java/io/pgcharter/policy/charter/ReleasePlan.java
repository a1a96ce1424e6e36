package io.pgcharter.policy.charter;

import io.pgcharter.model.id.RepositoryName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How migrations are released. Block `release` of migrations.
///
/// @param window when they may be applied; at any time if empty
/// @param backupWithin how old the newest backup may be; one is taken in any case if empty
/// @param repository where that backup is; the first one of the database's plan if empty
/// @param told receivers that are told of each release's beginning and end
/// @param isUnavailable whether the health endpoint says 503 while they are applied
/// @param watch how long the database is watched afterwards
/// @param back what is done if something goes wrong once they are being applied
/// @param line 1-based line of the charter
public record ReleasePlan(
        Optional<MaintenanceWindow> window,
        Optional<Duration> backupWithin,
        Optional<RepositoryName> repository,
        List<String> told,
        boolean isUnavailable,
        Duration watch,
        Back back,
        int line) {
    public static final Duration WATCH_DEFAULT = Duration.ofMinutes(10);

    public ReleasePlan {
        told = List.copyOf(told);
    }

    /// The way back.
    public enum Back {
        /// By the down migrations.
        DOWN,
        /// By a restore of the backup taken before: what was written since is lost.
        BACKUP,
        /// None: it stops, and people decide.
        STOP
    }
}
