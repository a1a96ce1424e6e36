package io.pgcharter.platform.inventory;

import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.dump.BackupCatalog;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Looks again what is in the repositories. Reads snapshots' headers only, takes no lock and writes nothing there.
/// Thread-safe.
public final class InventoryRefresh {
    private final Repositories repositories;
    private final Inventory inventory;

    public InventoryRefresh(Repositories repositories, Inventory inventory) {
        this.repositories = repositories;
        this.inventory = inventory;
    }

    /// Lists a repository unless some node did within `pause`. One that cannot be listed is noted as such, which is no
    /// failure: what was known of it stays, and becomes stale.
    ///
    /// @return whether it was listed now
    public boolean refresh(RepositoryName name, StoragePlace place, SecretText password, Duration pause) {
        if (!inventory.claim(name, pause)) {
            return false;
        }
        List<Snapshot> snapshots;
        try (Repository repository = repositories.open(place, password)) {
            snapshots = repository.snapshots();
        } catch (ProblemException e) {
            inventory.fail(name, e.problem());
            return false;
        }
        Optional<Snapshot> anchor = snapshots.stream()
                .filter(AnchorTags::isAnchor)
                .max(Comparator.comparingLong(AnchorTags::size).thenComparing(Snapshot::time));
        inventory.enter(
                name,
                BackupCatalog.of(snapshots).backups().stream()
                        .map(entry -> listed(name, entry))
                        .toList(),
                anchor.map(AnchorTags::size).orElse(0L),
                anchor.map(Snapshot::time));
        return true;
    }

    /// Forgets what is known of repositories that are not among these.
    public void keepOnly(Collection<RepositoryName> names) {
        inventory.keepOnly(names);
    }

    private static ListedBackup listed(RepositoryName repository, BackupCatalog.Entry entry) {
        Snapshot snapshot = entry.snapshot();
        Instant takenAt = snapshot.time();
        return new ListedBackup(
                entry.id(),
                snapshot.identity(),
                repository,
                entry.database(),
                takenAt,
                entry.provenAt(),
                entry.pinned(),
                BackupTags.value(snapshot, "server").orElse("?"),
                (int) Math.min(Integer.MAX_VALUE, BackupTags.count(snapshot, "tables")),
                BackupTags.count(snapshot, "rows"),
                BackupTags.count(snapshot, "bytes"));
    }
}
