package io.pgcharter.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.place.StoragePlace.ObjectLock;
import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.CephCluster.Version;
import io.pgcharter.platform.storage.FaultyWay.Fault;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;

/// The bucket driver with Object Lock, in a bucket whose service enforces it.
@Tag("soak")
class CephLockIT implements StorageContract {
    private static final String BUCKET = "locked";
    private static final Duration DAY = Duration.ofDays(1);
    private static final int LARGE_BYTES = S3Writing.WHOLE_MAX_BYTES + 1;
    private static CephCluster ceph;

    private final String prefix = S3Server.freshPrefix();
    private final Instant begun = Instant.now();

    @BeforeAll
    static void start() {
        ceph = CephCluster.start();
        ceph.makeBucket(BUCKET, true);
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @Override
    public Storage storage() {
        return S3Server.storage(ceph.place(BUCKET, S3Server.freshPrefix(), locking(false, 1)));
    }

    private static Writing locking(boolean compliance, int days) {
        return new Writing(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(new ObjectLock(compliance, days)));
    }

    private S3Storage storage(boolean compliance, int days) {
        return S3Server.storage(ceph.place(BUCKET, prefix, locking(compliance, days)));
    }

    private Version latest(String key) {
        return ceph.versions(BUCKET, prefix + "/" + key).stream()
                .filter(version -> version.isLatest() && version.key().equals(prefix + "/" + key))
                .findFirst()
                .orElseThrow();
    }

    private ObjectLockRetention lock(String key) {
        Optional<ObjectLockRetention> lock = ceph.lock(latest(key));
        assertThat(lock).as("the lock of " + key).isPresent();
        return lock.get();
    }

    private void assertLocked(String key, String mode, Duration atLeast) {
        assertThat(lock(key).modeAsString()).as(key).isEqualTo(mode);
        assertThat(lock(key).retainUntilDate()).as(key).isAfterOrEqualTo(begun.plus(atLeast));
    }

    private static Problem problem(Runnable work) {
        ProblemException e = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(e).isNotNull();
        return e.problem();
    }

    @Test
    void whatever_is_put_is_locked_and_nobody_removes_it() {
        try (S3Storage storage = storage(true, 1)) {
            for (String key : List.of("config", "keys/a", "data/00/a", "index/a", "snapshots/a")) {
                storage.put(key, StorageContract.bytes(1, 2, 3));
            }
            storage.put("data/00/large", ByteBuffer.allocate(LARGE_BYTES));
        }

        for (String key : List.of("config", "keys/a", "data/00/a", "index/a", "snapshots/a", "data/00/large")) {
            assertLocked(key, "COMPLIANCE", DAY);
            assertThat(ceph.remove(latest(key), false)).as(key).isFalse();
            assertThat(ceph.remove(latest(key), true))
                    .as(key + " with all rights")
                    .isFalse();
        }
    }

    @Test
    void a_governance_lock_yields_to_those_who_may() {
        try (S3Storage storage = storage(false, 1)) {
            storage.put("data/00/a", StorageContract.bytes(1));
            storage.put("data/00/large", ByteBuffer.allocate(LARGE_BYTES));
        }

        for (String key : List.of("data/00/a", "data/00/large")) {
            assertLocked(key, "GOVERNANCE", DAY);
            assertThat(ceph.remove(latest(key), false)).isFalse();
            assertThat(ceph.remove(latest(key), true)).isTrue();
        }
    }

    @Test
    void what_comes_and_goes_is_not_locked() {
        try (S3Storage storage = storage(true, 1)) {
            for (String key : List.of("locks/a", "pgcharter/marks/a")) {
                storage.put(key, StorageContract.bytes(1));
                Version put = latest(key);
                assertThat(ceph.lock(put)).isEmpty();
                storage.delete(key);
                assertThat(storage.exists(key)).isFalse();
                assertThat(ceph.remove(put, false)).isTrue();
            }
        }
    }

    @Test
    void what_is_locked_is_not_removed_and_what_is_hidden_is_still_there() {
        try (S3Storage storage = storage(true, 1)) {
            storage.put("data/00/a", StorageContract.bytes(1, 2, 3));
            Version put = latest("data/00/a");

            assertThat(problem(() -> storage.delete("data/00/a")).code()).isEqualTo(ProblemCode.OBJECT_LOCKED);
            assertThat(storage.isLocked("data/00/a")).isTrue();
            assertThat(storage.get("data/00/a")).containsExactly(1, 2, 3);

            // A removal without a version does not fail. It hides, and taking the marker away brings all back.
            storage.hide("data/00/a");
            assertThat(storage.exists("data/00/a")).isFalse();
            assertThat(ceph.remove(put, true)).isFalse();
            assertThat(ceph.remove(latest("data/00/a"), false)).isTrue();
            assertThat(storage.get("data/00/a")).containsExactly(1, 2, 3);
        }
    }

    @Test
    void locks_are_extended_to_the_full_time_and_a_tenth_more_but_not_every_day() {
        try (S3Storage storage = storage(true, 10)) {
            storage.put("data/00/a", StorageContract.bytes(1));
            storage.put("data/00/large", ByteBuffer.allocate(LARGE_BYTES));
            List<String> keys = List.of("data/00/a", "data/00/large");
            Instant nextDay = Instant.now().plus(DAY);
            storage.extendLocks(keys, nextDay, _ -> {});
            for (String key : keys) {
                assertLocked(key, "COMPLIANCE", Duration.ofDays(12));
            }

            Instant until = lock("data/00/a").retainUntilDate();
            storage.extendLocks(keys, nextDay.plusSeconds(3600), _ -> {});
            assertThat(lock("data/00/a").retainUntilDate()).isEqualTo(until);
        }
    }

    @Test
    void a_charter_that_goes_over_to_compliance_makes_the_locks_stricter() {
        try (S3Storage storage = storage(false, 10)) {
            storage.put("data/00/a", StorageContract.bytes(1));
        }
        try (S3Storage storage = storage(true, 1)) {
            storage.extendLocks(List.of("data/00/a"), Instant.now().plusSeconds(60), _ -> {});
        }

        // Not shorter than it was, and nobody's to remove.
        assertLocked("data/00/a", "COMPLIANCE", Duration.ofDays(10));
        assertThat(ceph.remove(latest("data/00/a"), true)).isFalse();
    }

    @Test
    void a_charter_that_goes_over_to_governance_extends_strict_locks_as_strict_ones() {
        try (S3Storage storage = storage(true, 1)) {
            storage.put("data/00/a", StorageContract.bytes(1));
        }
        try (S3Storage storage = storage(false, 10)) {
            storage.extendLocks(List.of("data/00/a"), Instant.now().plusSeconds(60), _ -> {});
        }

        assertLocked("data/00/a", "COMPLIANCE", Duration.ofDays(10));
    }

    @Test
    void a_lock_that_is_over_holds_nothing() throws Exception {
        try (S3Storage storage = storage(false, 1)) {
            storage.put("data/00/a", StorageContract.bytes(1));
            Version put = latest("data/00/a");
            Instant until = Instant.now().plusSeconds(2);
            ceph.lockOnlyUntil(put, until);
            io.pgcharter.Wait.until("the lock is over", () -> Instant.now().isAfter(until.plusSeconds(1)));

            assertThat(storage.isLocked("data/00/a")).isFalse();
            storage.delete("data/00/a");
            assertThat(storage.list("")).isEmpty();
            // The bucket keeps versions, so the bytes are there until a lifecycle rule or somebody removes them.
            assertThat(ceph.versions(BUCKET, prefix)).contains(new Version(BUCKET, put.key(), put.id(), false, false));
            assertThat(ceph.remove(put, false)).isTrue();
        }
    }

    /// A service that takes the request for a lock and forgets it would be trusted with what it does not keep.
    @Test
    void a_service_that_forgets_locks_is_found_out_at_the_first_file() {
        S3Place straight = ceph.place(BUCKET, prefix, locking(true, 1));
        try (FaultyWay way = new FaultyWay(ceph.port());
                S3Storage storage = S3Server.storage(new S3Place(
                        BUCKET,
                        prefix,
                        Optional.of(URI.create("http://127.0.0.1:" + way.port())),
                        straight.region(),
                        true,
                        straight.key(),
                        straight.writing()))) {
            way.meet(request -> request.method().equals("HEAD")
                    ? Optional.of(new Fault.Unheaded("x-amz-object-lock"))
                    : Optional.empty());

            Problem problem = problem(() -> storage.put("keys/a", StorageContract.bytes(1)));
            assertThat(problem.fact()).contains("keys/a", "has no lock");
            assertThat(problem.cause()).contains("s3:GetObjectRetention");
        }
    }

    /// Each version costs space until its lock is over, so nothing is sent twice to see what happens.
    @Test
    void one_put_is_one_version() {
        try (S3Storage storage = storage(false, 1)) {
            storage.put("locks/a", StorageContract.bytes(1));
            storage.put("data/00/a", StorageContract.bytes(1));
            storage.put("data/00/large", ByteBuffer.allocate(LARGE_BYTES));
        }

        assertThat(ceph.versions(BUCKET, prefix)).hasSize(3);
    }

    @Test
    void a_bucket_that_is_missing_is_to_be_made_with_locks() {
        try (S3Storage storage = S3Server.storage(ceph.place("nowhere", "", locking(true, 1)))) {
            assertThat(problem(() -> storage.exists("config")).remedy())
                    .contains("create-bucket --bucket nowhere --object-lock-enabled-for-bucket");
        }
    }
}
