package io.pgcharter.platform.storage;

import io.pgcharter.model.place.StoragePlace.ObjectLock;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongConsumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Object Lock: until when the service keeps a version of an object, whoever wants it gone. Thread-safe.
final class S3Locks {
    /// What comes and goes: restic's locks, and marks of work under way.
    private static final List<String> PASSING = List.of("locks/", "pgcharter/");

    private static final int REQUESTS_AT_ONCE = 16;

    private final S3Session session;
    private final InstantSource clock;
    private final Optional<ObjectLock> settings;
    private volatile boolean isKept;

    S3Locks(S3Session session, InstantSource clock) {
        this.session = session;
        this.clock = clock;
        this.settings = session.place().writing().lock();
    }

    /// @param mode how firmly @param until from when on the object may go
    record Lock(ObjectLockMode mode, Instant until) {}

    boolean isOn() {
        return settings.isPresent();
    }

    private static boolean isPassing(String key) {
        return PASSING.stream().anyMatch(key::startsWith);
    }

    /// The lock that what is put under `key` now is to have.
    Optional<Lock> on(String key) {
        return isPassing(key) ? Optional.empty() : settings.map(lock -> lock(lock, clock.instant()));
    }

    private static Lock lock(ObjectLock settings, Instant from) {
        return new Lock(
                settings.compliance() ? ObjectLockMode.COMPLIANCE : ObjectLockMode.GOVERNANCE,
                // Services keep whole seconds; never one too few.
                from.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).plus(Duration.ofDays(settings.days())));
    }

    /// A bucket with Object Lock keeps versions. There a plain removal does not fail: it hides the object and
    /// leaves the version. So what is locked is not removed at all.
    void refuseIfLocked(String key) {
        lockedUntil(key).ifPresent(head -> {
            throw new ProblemException(new Problem(
                    ProblemCode.OBJECT_LOCKED,
                    "'" + session.place().location() + "/" + key + "' cannot be removed before "
                            + head.objectLockRetainUntilDate(),
                    "Object Lock keeps it (" + head.objectLockModeAsString() + ")",
                    "run it again after that"));
        });
    }

    boolean isLocked(String key) {
        return lockedUntil(key).isPresent();
    }

    private Optional<HeadObjectResponse> lockedUntil(String key) {
        if (settings.isEmpty() || isPassing(key)) {
            return Optional.empty();
        }
        return Optional.ofNullable(new S3Reading(session).head(key))
                .filter(head -> head.objectLockRetainUntilDate() != null
                        && head.objectLockRetainUntilDate().isAfter(clock.instant()));
    }

    /// Extends the locks of `keys` to the place's days after `from`, where they do not last so long yet. A lock that
    /// must be extended gets a tenth more than asked, so that a daily backup does not extend every lock every day.
    ///
    /// @param list the objects below a prefix
    void extend(Collection<String> keys, Instant from, Function<String, List<S3Object>> list, LongConsumer progress) {
        if (settings.isEmpty()) {
            return;
        }
        ObjectLock asked = settings.get();
        Lock needed = lock(asked, from);
        Map<String, Instant> written = written(keys, list);
        try (ExecutorService workers = Executors.newFixedThreadPool(
                REQUESTS_AT_ONCE, Thread.ofVirtual().name("lock-", 0).factory())) {
            List<Future<?>> tasks = new ArrayList<>();
            for (String key : keys) {
                // What was put since then has its lock from then on.
                Instant put = written.getOrDefault(key, Instant.MIN);
                if (put.isBefore(from)) {
                    tasks.add(workers.submit(() -> extend(key, needed, asked)));
                }
            }
            progress.accept(keys.size() - (long) tasks.size());
            await(tasks, progress);
        }
    }

    private Map<String, Instant> written(Collection<String> keys, Function<String, List<S3Object>> list) {
        Map<String, Instant> written = new HashMap<>();
        for (String directory : keys.stream()
                .filter(key -> key.contains("/"))
                .map(key -> key.substring(0, key.indexOf('/') + 1))
                .distinct()
                .toList()) {
            for (S3Object object : list.apply(directory)) {
                written.put(session.place().ownKey(object.key()), object.lastModified());
            }
        }
        return written;
    }

    private static void await(List<Future<?>> tasks, LongConsumer progress) {
        try {
            for (Future<?> task : tasks) {
                task.get();
                progress.accept(1);
            }
        } catch (InterruptedException e) {
            throw S3Attempts.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("extending a lock failed", e);
        } finally {
            tasks.forEach(task -> task.cancel(false));
        }
    }

    private void extend(String key, Lock needed, ObjectLock asked) {
        HeadObjectResponse head = head(key);
        // A few seconds lie between one backup's own clock readings.
        if (!holds(head, new Lock(needed.mode(), needed.until().minusSeconds(5)))) {
            retain(key, head, new Lock(needed.mode(), needed.until().plus(Duration.ofDays(asked.days() / 10))));
        }
    }

    private HeadObjectResponse head(String key) {
        HeadObjectResponse head = new S3Reading(session).head(key);
        if (head == null) {
            throw session.problems().notFound(key, new IllegalStateException("nothing to lock"));
        }
        return head;
    }

    private static boolean holds(HeadObjectResponse head, Lock lock) {
        Instant until = head.objectLockRetainUntilDate();
        boolean isFirm = lock.mode() != ObjectLockMode.COMPLIANCE || head.objectLockMode() == ObjectLockMode.COMPLIANCE;
        return until != null && isFirm && !until.isBefore(lock.until());
    }

    /// Sees to the lock of what was just put.
    ///
    /// The first object shows whether the service keeps locks at all: one that forgets them would be trusted with
    /// what it does not do. What was sent in parts is looked at each time, as Ceph 16.2 forgets the locks of those
    /// alone.
    ///
    /// @param lock that was asked for
    /// @throws ProblemException `STORAGE_UNREACHABLE` unless it is there in the end
    void confirm(String key, Lock lock, boolean isInParts) {
        if (isKept && !isInParts) {
            return;
        }
        HeadObjectResponse head = head(key);
        if (!holds(head, lock)) {
            if (!isInParts) {
                throw new ProblemException(new Problem(
                        ProblemCode.STORAGE_UNREACHABLE,
                        "'" + session.place().location() + "/" + key + "' was written with a lock, and has no lock",
                        "the service forgets locks, or the access key may not see them (s3:GetObjectRetention)",
                        "give the key that permission, or use a service with Object Lock, or take the line 'object-lock'"
                                + " out of the charter"));
            }
            retain(key, head, lock);
        }
        isKept = true;
    }

    /// A lock becomes neither shorter nor weaker by this, whatever is asked for.
    private void retain(String key, HeadObjectResponse head, Lock asked) {
        boolean isStrict = head.objectLockMode() == ObjectLockMode.COMPLIANCE;
        Instant now = head.objectLockRetainUntilDate();
        Lock lock = new Lock(
                isStrict ? ObjectLockMode.COMPLIANCE : asked.mode(),
                now != null && now.isAfter(asked.until()) ? now : asked.until());
        try {
            retain(key, lock, false);
        } catch (ProblemException e) {
            // Some services take another mode, though it is the stricter one, for going round the lock.
            boolean isOtherMode = head.objectLockMode() != null && head.objectLockMode() != lock.mode();
            if (!isOtherMode || !(e.getCause() instanceof AwsServiceException refusal) || refusal.statusCode() != 403) {
                throw e;
            }
            retain(key, lock, true);
        }
    }

    private void retain(String key, Lock lock, boolean isBypassing) {
        session.call(
                "extend the lock of",
                key,
                0,
                timeouts -> session.client()
                        .putObjectRetention(PutObjectRetentionRequest.builder()
                                .bucket(session.bucket())
                                .key(session.fullKey(key))
                                .bypassGovernanceRetention(isBypassing ? true : null)
                                .retention(ObjectLockRetention.builder()
                                        .mode(ObjectLockRetentionMode.fromValue(
                                                lock.mode().toString()))
                                        .retainUntilDate(lock.until())
                                        .build())
                                .overrideConfiguration(timeouts)
                                .build()));
    }
}
