package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A lock file ("Locks" in restic's design), which restic and other nodes respect; renewed until closed. Thread-safe.
final class RepositoryLock implements AutoCloseable {
    static final Duration RENEWAL = Duration.ofMinutes(5);
    /// What restic calls stale.
    static final Duration STALE = Duration.ofMinutes(30);
    /// A lock not renewed for so long is no longer trusted: others may soon call it stale.
    private static final Duration TRUST = Duration.ofMinutes(22);

    private final Vault vault;
    private final boolean exclusive;
    private final InstantSource clock;
    private final Instant takenAt;
    private String name;
    private Instant writtenAt;
    private @Nullable ScheduledFuture<?> renewal;
    private boolean isClosed;

    private RepositoryLock(Vault vault, boolean exclusive, InstantSource clock) {
        this.vault = vault;
        this.exclusive = exclusive;
        this.clock = clock;
        this.takenAt = clock.instant();
        this.writtenAt = takenAt;
        this.name = save(writtenAt);
    }

    /// When it was taken first.
    Instant takenAt() {
        return takenAt;
    }

    /// Removes stale locks and takes a lock.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED` if another lock excludes it
    static RepositoryLock acquire(Vault vault, boolean exclusive, InstantSource clock, ScheduledExecutorService timer) {
        refuseIfExcluded(vault, exclusive, clock, "");
        RepositoryLock lock = new RepositoryLock(vault, exclusive, clock);
        try {
            // Two may have looked at the same time; at least the later one sees the other's lock now.
            refuseIfExcluded(vault, exclusive, clock, lock.name);
        } catch (ProblemException e) {
            lock.close();
            throw e;
        }
        lock.renewEvery(timer);
        return lock;
    }

    /// Takes a shared lock if one can be written. A full or read-only place is read without: if somebody prunes
    /// meanwhile, reading meets missing blobs and says so.
    ///
    /// @throws ProblemException `REPOSITORY_LOCKED` if another lock excludes it
    static Optional<RepositoryLock> acquireToRead(Vault vault, InstantSource clock, ScheduledExecutorService timer) {
        try {
            return Optional.of(acquire(vault, false, clock, timer));
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code == ProblemCode.STORAGE_FULL || code == ProblemCode.STORAGE_UNREACHABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private synchronized void renewEvery(ScheduledExecutorService timer) {
        renewal = timer.scheduleWithFixedDelay(
                this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private String save(Instant time) {
        Machine machine = Machine.here();
        ObjectNode node = Json.object();
        node.put("time", time.toString());
        node.put("exclusive", exclusive);
        node.put("hostname", machine.host());
        node.put("username", machine.user());
        node.put("pid", machine.pid());
        node.put("uid", machine.uid());
        node.put("gid", machine.gid());
        return vault.save(Vault.LOCKS, Json.bytes(node));
    }

    /// Writes a new lock file and removes the old one. A failure is not the work's: the next renewal tries again, and
    /// [#requireHeld] refuses once the lock is too old.
    synchronized void renew() {
        if (isClosed) {
            return;
        }
        try {
            Instant now = clock.instant();
            String next = save(now);
            String previous = name;
            name = next;
            writtenAt = now;
            vault.storage().delete(Vault.LOCKS + previous);
        } catch (ProblemException e) {
            System.getLogger(RepositoryLock.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot renew the lock of the repository", e);
        }
    }

    /// @throws ProblemException `REPOSITORY_LOCKED` if the lock was removed or could not be renewed in time
    synchronized void requireHeld() {
        boolean isOld = writtenAt.plus(TRUST).isBefore(clock.instant());
        if (isOld || !vault.storage().exists(Vault.LOCKS + name)) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_LOCKED,
                    "the lock on '" + vault.storage().location() + "' was lost",
                    isOld ? "it could not be renewed since " + writtenAt : "somebody removed it",
                    "run it again");
        }
    }

    /// Right after snapshots were stored: if the lock went between the last look at it and them, for example because
    /// this machine slept, somebody may have pruned what they need, and they must not stay.
    ///
    /// @throws ProblemException as [#requireHeld], with the snapshots taken back
    void requireStillHeld(List<String> snapshots) {
        try {
            requireHeld();
        } catch (ProblemException e) {
            for (String snapshot : snapshots) {
                try {
                    vault.storage().hide(Vault.SNAPSHOTS + snapshot);
                } catch (ProblemException left) {
                    e.addSuppressed(left);
                }
            }
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (renewal != null) {
            renewal.cancel(false);
        }
        vault.storage().delete(Vault.LOCKS + name);
    }

    private static void refuseIfExcluded(Vault vault, boolean exclusive, InstantSource clock, String own) {
        for (String name : vault.names(Vault.LOCKS)) {
            if (name.equals(own)) {
                continue;
            }
            Optional<JsonNode> lock = load(vault, name);
            if (lock.isEmpty()) {
                continue;
            }
            if (isStale(lock.get(), clock.instant())) {
                vault.storage().delete(Vault.LOCKS + name);
            } else if (exclusive || lock.get().path("exclusive").asBoolean(true)) {
                throw excluded(vault, lock.get());
            }
        }
    }

    /// Empty if the lock was given up meanwhile.
    private static Optional<JsonNode> load(Vault vault, String name) {
        try {
            return Optional.of(vault.loadJson(Vault.LOCKS, name));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw Damage.is(e) ? unreadable(vault, e) : e;
        }
    }

    /// Whose it is cannot be known, so it excludes.
    private static ProblemException unreadable(Vault vault, ProblemException damage) {
        String place = vault.storage().location();
        return new ProblemException(
                new Problem(
                        ProblemCode.REPOSITORY_LOCKED,
                        "a lock on '" + place + "' cannot be read",
                        damage.problem().fact() + ": " + damage.problem().cause(),
                        "see that nobody uses the repository, then: restic -r " + place + " unlock --remove-all"),
                damage);
    }

    private static boolean isStale(JsonNode lock, Instant now) {
        Machine machine = Machine.here();
        boolean isGone = lock.path("hostname").asString("").equals(machine.host())
                && ProcessHandle.of(lock.path("pid").asLong(0)).isEmpty();
        return isGone || time(lock).plus(STALE).isBefore(now);
    }

    private static Instant time(JsonNode lock) {
        try {
            return OffsetDateTime.parse(lock.path("time").asString("")).toInstant();
        } catch (DateTimeParseException e) {
            throw Damage.of("a lock file is damaged", "its time is no time: " + e.getMessage(), e);
        }
    }

    private static ProblemException excluded(Vault vault, JsonNode lock) {
        return new ProblemException(
                ProblemCode.REPOSITORY_LOCKED,
                "'" + vault.storage().location() + "' is locked",
                "process " + lock.path("pid").asString("?") + " of "
                        + lock.path("username").asString("?") + " on "
                        + lock.path("hostname").asString("?") + " has used it since "
                        + lock.path("time").asString("?"),
                "wait until it ends; if it is dead for certain: restic -r "
                        + vault.storage().location() + " unlock");
    }
}
