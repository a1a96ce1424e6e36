package io.pgcharter.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The bucket driver against a real server over HTTP.
class S3StorageIT implements StorageContract {
    private static S3Server server;

    @BeforeAll
    static void start() {
        server = S3Server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    public Storage storage() {
        return server.storage();
    }

    private static Problem problem(Runnable work) {
        ProblemException e = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(e).isNotNull();
        return e.problem();
    }

    @Test
    void a_list_of_many_pages_is_whole_and_in_order() throws Exception {
        Storage storage = storage();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> puts = new ArrayList<>();
            for (int number = 0; number < 1100; number++) {
                String key = "data/%04d".formatted(number);
                puts.add(threads.submit(() -> storage.put(key, StorageContract.bytes(1))));
            }
            for (Future<?> put : puts) {
                put.get();
            }
        }

        assertThat(storage.list("data/"))
                .hasSize(1100)
                .extracting(Storage.Entry::key)
                .isSorted();
    }

    @Test
    void two_prefixes_of_one_bucket_do_not_see_each_other() {
        Storage one = S3Server.storage(server.place("twins/a"));
        Storage other = S3Server.storage(server.place("twins/ab"));
        one.put("config", StorageContract.bytes(1));

        assertThat(other.exists("config")).isFalse();
        assertThat(other.list("")).isEmpty();
        assertThat(one.list("")).containsExactly(new Storage.Entry("config", 1));
    }

    @Test
    void an_unfinished_upload_is_invisible_and_can_be_removed() {
        S3Place place = server.place(S3Server.freshPrefix());
        try (S3Session session = S3Session.open(place, S3Server.QUICK)) {
            session.client()
                    .createMultipartUpload(
                            upload -> upload.bucket(S3Server.BUCKET).key(place.fullKey("data/00/half")));
            Storage storage = S3Server.storage(place);

            assertThat(storage.list("")).isEmpty();
            storage.removeUnfinished();
            assertThat(session.client()
                            .listMultipartUploads(all -> all.bucket(S3Server.BUCKET))
                            .uploads())
                    .noneMatch(upload -> upload.key().startsWith(place.prefix()));
        }
    }

    @Test
    void damage_at_a_name_is_replaced_by_what_the_name_says() {
        S3Place place = server.place(S3Server.freshPrefix());
        try (S3Session session = S3Session.open(place, S3Server.QUICK)) {
            session.client()
                    .putObject(
                            put -> put.bucket(S3Server.BUCKET).key(place.fullKey("index/a")),
                            software.amazon.awssdk.core.sync.RequestBody.fromString("damaged"));
        }
        Storage storage = S3Server.storage(place);
        storage.put("index/a", StorageContract.bytes(1, 2, 3));

        assertThat(storage.get("index/a")).containsExactly(1, 2, 3);
    }

    @Test
    void a_bucket_that_does_not_exist_is_named_and_is_no_empty_repository() {
        S3Place place = S3Server.place(
                server.port(),
                "nobodys",
                "",
                new S3Place.AccessKey(new Secret(S3Server.ACCESS_KEY), new Secret(S3Server.SECRET_KEY)));
        Storage storage = S3Server.storage(place);

        for (Runnable call : List.<Runnable>of(
                () -> storage.exists("config"),
                () -> storage.get("config"),
                () -> storage.list(""),
                () -> storage.put("config", StorageContract.bytes(1)))) {
            Problem problem = problem(call);
            assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_UNREACHABLE);
            assertThat(problem.fact()).isEqualTo("the bucket 'nobodys' does not exist");
            assertThat(problem.remedy()).contains("--bucket nobodys");
        }
    }

    @Test
    void a_wrong_key_and_a_wrong_secret_are_told_apart_and_not_shown() {
        Storage wrongSecret = S3Server.storage(S3Server.place(
                server.port(),
                S3Server.BUCKET,
                "x",
                new S3Place.AccessKey(new Secret(S3Server.ACCESS_KEY), new Secret("canary-wrong-secret"))));
        Storage wrongKey = S3Server.storage(S3Server.place(
                server.port(),
                S3Server.BUCKET,
                "x",
                new S3Place.AccessKey(new Secret("NOSUCHKEY"), new Secret("canary-wrong-secret"))));

        Problem secret = problem(() -> wrongSecret.exists("config"));
        assertThat(secret.cause()).contains("the secret does not belong to the access key");
        assertThat(secret.toString()).doesNotContain("canary-wrong-secret", S3Server.ACCESS_KEY);
        Problem key = problem(() -> wrongKey.get("config"));
        assertThat(key.cause()).contains("does not know the access key");
        assertThat(key.remedy()).contains("access-key");
    }

    @Test
    void where_nothing_listens_one_problem_comes_soon() {
        S3Place place =
                S3Server.place(1, S3Server.BUCKET, "x", new S3Place.AccessKey(new Secret("a"), new Secret("b")));
        long begun = System.nanoTime();

        Problem problem =
                problem(() -> S3Storage.open(place, InstantSource.system()).exists("config"));

        assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_UNREACHABLE);
        assertThat(problem.cause()).contains("nothing answers at http://127.0.0.1:1");
        assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
    }

    @Test
    void a_host_that_has_no_name_is_said_to_have_none() {
        S3Place place = new S3Place(
                "b",
                "",
                Optional.of(URI.create("https://s3.nowhere.invalid")),
                Optional.empty(),
                true,
                server.place("x").key(),
                server.place("x").writing());

        assertThat(problem(() -> S3Server.storage(place).list("")).cause()).contains("no host has the name");
    }

    @Test
    void its_location_is_what_restic_calls_it() {
        assertThat(S3Server.storage(server.place("a/b")).location()).isEqualTo(server.restic("a/b"));
        S3Place aws = new S3Place(
                "b",
                "",
                Optional.empty(),
                Optional.of("eu-central-1"),
                false,
                Optional.empty(),
                server.place("x").writing());
        assertThat(aws.location()).isEqualTo("s3:https://s3.eu-central-1.amazonaws.com/b");
    }

    @Test
    void a_key_cannot_leave_the_prefix() {
        for (String key : new String[] {"../x", "/etc", "a/../../x", "", "a//b", "./a"}) {
            assertThatThrownBy(() -> storage().put(key, ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
