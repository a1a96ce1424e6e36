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
        HeadObjectResponse head = new S3Reading(session).head(key);
        if (head == null) {
            throw session.problems().notFound(key, new IllegalStateException("nothing to lock"));
        }
        Instant until = head.objectLockRetainUntilDate();
        // A few seconds lie between one backup's own clock readings.
        if (until != null && !until.isBefore(needed.until().minusSeconds(5))) {
            return;
        }
        Instant generous = needed.until().plus(Duration.ofDays(asked.days() / 10));
        session.call(
                "extend the lock of",
                key,
                0,
                timeouts -> session.client()
                        .putObjectRetention(PutObjectRetentionRequest.builder()
                                .bucket(session.bucket())
                                .key(session.fullKey(key))
                                .retention(ObjectLockRetention.builder()
                                        .mode(ObjectLockRetentionMode.fromValue(
                                                needed.mode().toString()))
                                        .retainUntilDate(generous)
                                        .build())
                                .overrideConfiguration(timeouts)
                                .build()));
    }
}
