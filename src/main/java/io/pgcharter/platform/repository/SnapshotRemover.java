package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/// Takes snapshots off the list, with the repository to itself: holds an exclusive restic lock until it is closed, so
/// what it lists is what there is. Their blobs stay until a prune. Thread-safe.
public final class SnapshotRemover implements AutoCloseable {
    private final Vault vault;
    private final Supplier<List<Snapshot>> list;
    private final RepositoryLock lock;

    SnapshotRemover(Vault vault, Supplier<List<Snapshot>> list, InstantSource clock, ScheduledExecutorService timer) {
        this.vault = vault;
        this.list = list;
        this.lock = RepositoryLock.acquire(vault, true, clock, timer);
    }

    /// Every snapshot, oldest first.
    ///
    /// @throws ProblemException `REPOSITORY_DAMAGED`, `STORAGE_UNREACHABLE`
    public List<Snapshot> snapshots() {
        return list.get();
    }

    /// @throws ProblemException `REPOSITORY_LOCKED` if the lock was lost, `OBJECT_LOCKED`, `STORAGE_UNREACHABLE`
    public void remove(Snapshot snapshot) {
        lock.requireHeld();
        vault.storage().delete(Vault.SNAPSHOTS + snapshot.id());
    }

    /// As [#remove], but what Object Lock keeps for now is left.
    ///
    /// @return whether it was removed
    public boolean removeUnlessLocked(Snapshot snapshot) {
        try {
            remove(snapshot);
            return true;
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.OBJECT_LOCKED) {
                return false;
            }
            throw e;
        }
    }

    /// Takes it off the list, whatever Object Lock keeps of it: what was noted of a backup that is gone, or a pin.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED` if the lock was lost, `STORAGE_UNREACHABLE`
    public void hide(Snapshot snapshot) {
        lock.requireHeld();
        vault.storage().hide(Vault.SNAPSHOTS + snapshot.id());
    }

    /// Removes what interrupted writes left, and gives the lock up.
    @Override
    public void close() {
        try (lock) {
            vault.storage().removeUnfinished();
        }
    }
}
