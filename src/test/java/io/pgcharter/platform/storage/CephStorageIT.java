package io.pgcharter.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.place.StoragePlace.ObjectLock;
import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The bucket driver against Ceph, without Object Lock.
@Tag("soak")
class CephStorageIT implements StorageContract {
    private static final String BUCKET = "plain";
    private static CephCluster ceph;

    @BeforeAll
    static void start() {
        ceph = CephCluster.start();
        ceph.makeBucket(BUCKET, false);
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @Override
    public Storage storage() {
        return S3Server.storage(ceph.place(BUCKET, S3Server.freshPrefix(), Writing.PLAIN));
    }

    /// The policy under a heading of the manual, for a prefix of our bucket.
    private static String policy(String name, String prefix) throws Exception {
        String manual = Files.readString(Path.of("docs/s3.md"));
        Matcher block = Pattern.compile("\\*\\*" + name + "\\*\\*.*?```json\n(.*?)```", Pattern.DOTALL)
                .matcher(manual);
        assertThat(block.find()).as(name).isTrue();
        return block.group(1).replace("BUCKET", BUCKET).replace("PREFIX", prefix);
    }

    private static S3Storage guest(String prefix) {
        S3Place own = ceph.place(BUCKET, prefix, Writing.PLAIN);
        return S3Server.storage(new S3Place(
                BUCKET, prefix, own.endpoint(), own.region(), true, Optional.of(CephCluster.GUEST), Writing.PLAIN));
    }

    private static void assertMayNot(Runnable call) {
        StorageContract.refuses(ProblemCode.STORAGE_UNREACHABLE, call::run);
    }

    @Test
    void the_policy_for_everything_lets_a_key_do_everything_below_its_prefix() throws Exception {
        String prefix = S3Server.freshPrefix();
        ceph.admitGuest(BUCKET, policy("Everything", prefix));
        try (S3Storage guest = guest(prefix);
                S3Storage elsewhere = guest(prefix + "else")) {
            assertThat(guest.exists("config")).isFalse();
            StorageContract.refuses(ProblemCode.NOT_FOUND, () -> guest.get("config"));
            guest.put("config", StorageContract.bytes(1));
            guest.put("data/00/a", ByteBuffer.allocate(S3Writing.WHOLE_MAX_BYTES + 1));
            assertThat(guest.list("")).hasSize(2);
            guest.delete("data/00/a");
            guest.delete("data/00/a");
            guest.removeUnfinished();
            assertThat(guest.list("")).containsExactly(new Storage.Entry("config", 1));

            assertMayNot(() -> elsewhere.exists("config"));
            assertMayNot(() -> elsewhere.list(""));
            assertMayNot(() -> elsewhere.put("config", StorageContract.bytes(1)));
        }
    }

    @Test
    void the_policy_for_adding_lets_a_key_add_and_remove_locks_alone() throws Exception {
        String prefix = S3Server.freshPrefix();
        ceph.admitGuest(BUCKET, policy("Append-only", prefix));
        try (S3Storage guest = guest(prefix)) {
            assertThat(guest.exists("data/00/a")).isFalse();
            guest.put("data/00/a", StorageContract.bytes(1, 2));
            guest.put("locks/a", StorageContract.bytes(1));
            guest.delete("locks/a");
            guest.delete("locks/a");

            assertMayNot(() -> guest.delete("data/00/a"));
            assertThat(guest.get("data/00/a")).containsExactly(1, 2);
        }
    }

    @Test
    void the_policy_for_restoring_lets_a_key_read_alone() throws Exception {
        String prefix = S3Server.freshPrefix();
        try (S3Storage owner = S3Server.storage(ceph.place(BUCKET, prefix, Writing.PLAIN))) {
            owner.put("config", StorageContract.bytes(1, 2));
        }
        ceph.admitGuest(BUCKET, policy("Restore-only", prefix));
        try (S3Storage guest = guest(prefix)) {
            assertThat(guest.list("")).hasSize(1);
            assertThat(guest.get("config")).containsExactly(1, 2);
            assertThat(guest.exists("keys/a")).isFalse();
            StorageContract.refuses(ProblemCode.NOT_FOUND, () -> guest.get("keys/a"));
            assertMayNot(() -> guest.put("data/00/a", StorageContract.bytes(1)));
            assertMayNot(() -> guest.delete("config"));
        }
    }

    @Test
    void locks_in_a_bucket_that_takes_none_are_refused_and_the_cause_is_named() {
        Writing locking =
                new Writing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(new ObjectLock(true, 1)));
        try (S3Storage storage = S3Server.storage(ceph.place(BUCKET, S3Server.freshPrefix(), locking))) {
            for (int bytes : List.of(10, S3Writing.WHOLE_MAX_BYTES + 1)) {
                ProblemException e = catchThrowableOfType(
                        ProblemException.class, () -> storage.put("data/00/a", ByteBuffer.allocate(bytes)));
                assertThat(e).isNotNull();
                assertThat(e.problem().cause()).contains("no Object Lock");
                assertThat(e.problem().remedy()).contains("--object-lock-enabled-for-bucket");
            }
        }
    }
}
