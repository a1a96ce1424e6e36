package io.pgcharter.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.place.StoragePlace.ObjectLock;
import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.storage.FaultyWay.Fault;
import io.pgcharter.platform.storage.FaultyWay.Request;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a network and a service can do to a request, done to each kind of request.
class S3FaultsIT {
    /// What no call takes longer than: `lastStart` and one attempt.
    private static final Duration TIME_MAX = Duration.ofSeconds(15);

    private static final byte[] CONTENT = new byte[300_000];
    private static S3Server server;

    private FaultyWay way;
    private S3Place place;
    private S3Storage storage;

    @BeforeAll
    static void start() {
        new Random(7).nextBytes(CONTENT);
        server = S3Server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        way = new FaultyWay(server.port());
        place = S3Server.place(way.port(), S3Server.freshPrefix());
        storage = S3Server.storage(place);
    }

    @AfterEach
    void close() {
        storage.close();
        way.close();
    }

    /// Every fault that passes.
    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.Refused(503, "SlowDown"),
                new Fault.Refused(500, "InternalError"),
                new Fault.Refused(400, "RequestTimeout"),
                new Fault.Refused(429, "TooManyRequests"),
                new Fault.Reset(),
                new Fault.Lost(),
                new Fault.Cut(true),
                new Fault.Cut(false),
                new Fault.Drip(),
                new Fault.Silence(),
                new Fault.ErrorInSuccess(),
                new Fault.WrongLength(-1000),
                new Fault.WrongLength(1000),
                new Fault.WrongEtag());
    }

    private static Function<Request, Optional<Fault>> times(int times, Fault fault, Predicate<Request> which) {
        AtomicInteger left = new AtomicInteger(times);
        return request -> which.test(request) && left.getAndDecrement() > 0 ? Optional.of(fault) : Optional.empty();
    }

    private static Problem problem(Runnable work) {
        ProblemException e = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(e).isNotNull();
        return e.problem();
    }

    /// All calls, each with the right result.
    private void assertWorks(Storage storage) {
        storage.put("data/00/a", ByteBuffer.wrap(CONTENT));
        assertThat(storage.get("data/00/a")).isEqualTo(CONTENT);
        ByteBuffer part = ByteBuffer.allocate(1000);
        assertThat(storage.get("data/00/a", 5000, part)).isEqualTo(1000);
        assertThat(part.array()).isEqualTo(java.util.Arrays.copyOfRange(CONTENT, 5000, 6000));
        assertThat(storage.list("data/")).containsExactly(new Storage.Entry("data/00/a", CONTENT.length));
        assertThat(storage.exists("data/00/a")).isTrue();
        assertThat(storage.exists("data/00/b")).isFalse();
        storage.delete("data/00/a");
        assertThat(storage.list("")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_fault_that_passes_is_not_noticed(Fault fault) {
        for (Predicate<Request> which : List.<Predicate<Request>>of(
                request -> request.method().equals("PUT"),
                request -> request.method().equals("GET") && !request.isList(),
                Request::isList,
                // An answer to HEAD has no words, and without words a 400 is not known to pass.
                request -> request.method().equals("HEAD") && !fault.equals(new Fault.Refused(400, "RequestTimeout")),
                request -> request.method().equals("DELETE"))) {
            way.meet(times(fault instanceof Fault.Drip || fault instanceof Fault.Silence ? 1 : 2, fault, which));
            assertWorks(storage);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_fault_that_stays_ends_in_one_problem_in_time_and_never_in_wrong_data(Fault fault) {
        Storage straight = S3Server.storage(server.place(place.prefix()));
        straight.put("data/00/old", ByteBuffer.wrap(CONTENT));
        S3Storage impatient = S3Storage.open(
                place,
                InstantSource.system(),
                new S3Limits(
                        3,
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(300),
                        Duration.ofMillis(600),
                        100 << 20));
        way.meet(_ -> Optional.of(fault));
        long begun = System.nanoTime();

        // A wrong ETag does not hide the data, and a body that says less or more than it is does so for bodies only.
        either(() -> assertThat(impatient.get("data/00/old")).isEqualTo(CONTENT));
        either(() -> {
            ByteBuffer part = ByteBuffer.allocate(5000);
            assertThat(impatient.get("data/00/old", 10, part)).isEqualTo(5000);
            assertThat(part.array()).isEqualTo(java.util.Arrays.copyOfRange(CONTENT, 10, 5010));
        });
        either(() -> assertThat(impatient.list("data/")).contains(new Storage.Entry("data/00/old", CONTENT.length)));
        either(() -> impatient.put("data/00/new", ByteBuffer.wrap(CONTENT)));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIME_MAX);
        impatient.close();

        // Nothing half-stored, and a clean re-run converges.
        way.heal();
        assertThat(straight.list("data/"))
                .allSatisfy(entry -> assertThat(straight.get(entry.key())).isEqualTo(CONTENT));
        storage.put("data/00/new", ByteBuffer.wrap(CONTENT));
        assertThat(storage.get("data/00/new")).isEqualTo(CONTENT);
        straight.close();
    }

    /// The right result or one clear problem.
    private static void either(Runnable call) {
        try {
            call.run();
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.STORAGE_UNREACHABLE);
            assertThat(e.problem().toString()).doesNotContain(S3Server.SECRET_KEY, S3Server.ACCESS_KEY);
        }
    }

    @Test
    void a_large_object_gets_through_a_storm_and_a_lost_one_is_aborted() throws Exception {
        byte[] large = new byte[S3Writing.WHOLE_MAX_BYTES + 1];
        new Random(3).nextBytes(large);
        way.meet(times(3, new Fault.Reset(), request -> request.names("partNumber")));
        storage.put("data/00/large", ByteBuffer.wrap(large));
        assertThat(storage.get("data/00/large")).isEqualTo(large);

        way.meet(request ->
                request.names("partNumber=3") ? Optional.of(new Fault.Refused(403, "AccessDenied")) : Optional.empty());
        assertThat(problem(() -> storage.put("data/00/other", ByteBuffer.wrap(large)))
                        .cause())
                .contains("may not");
        try (S3Session session = S3Session.open(server.place(""), S3Server.QUICK)) {
            assertThat(session.client()
                            .listMultipartUploads(all -> all.bucket(S3Server.BUCKET))
                            .uploads())
                    .isEmpty();
        }
        assertThat(storage.exists("data/00/other")).isFalse();
    }

    @Test
    void every_tenth_request_may_fail() {
        Random random = new Random(11);
        List<Fault> faults = faults().filter(fault -> !(fault instanceof Fault.Drip || fault instanceof Fault.Silence))
                .toList();
        way.meet(_ ->
                random.nextInt(10) == 0 ? Optional.of(faults.get(random.nextInt(faults.size()))) : Optional.empty());
        for (int round = 0; round < 20; round++) {
            assertWorks(storage);
        }
    }

    @Test
    void a_refusal_is_not_repeated_and_says_what_to_do() {
        for (var refusal : List.of(
                List.of("403", "AccessDenied", "may not", "docs/s3.md"),
                List.of("403", "InvalidAccessKeyId", "does not know the access key", "access-key"),
                List.of("403", "SignatureDoesNotMatch", "does not belong", "secret-key"),
                List.of("403", "RequestTimeTooSkewed", "clocks", "timedatectl"),
                List.of("400", "ExpiredToken", "no longer valid", "get new ones"),
                List.of("301", "PermanentRedirect", "another region", "region"),
                List.of("403", "InvalidObjectState", "archived", "thaw"),
                List.of("400", "KMS.DisabledException", "key service", "kms-key"))) {
            way.meet(_ -> Optional.of(new Fault.Refused(Integer.parseInt(refusal.get(0)), refusal.get(1))));
            int before = way.seen().size();
            Problem problem = problem(() -> storage.get("config"));

            assertThat(problem.code()).as(refusal.get(1)).isEqualTo(ProblemCode.STORAGE_UNREACHABLE);
            assertThat(problem.cause()).contains(refusal.get(2));
            assertThat(problem.remedy()).contains(refusal.get(3));
            assertThat(way.seen().subList(before, way.seen().size()).stream().filter(request -> !request.isList()))
                    .as(refusal.get(1))
                    .hasSize(1);
        }
    }

    @Test
    void a_full_service_is_said_to_be_full() {
        for (Fault full : List.of(
                new Fault.Refused(507, "XMinioStorageFull"),
                new Fault.Refused(403, "QuotaExceeded"),
                new Fault.Refused(507, ""))) {
            way.meet(_ -> Optional.of(full));
            assertThat(problem(() -> storage.put("data/00/a", ByteBuffer.wrap(CONTENT)))
                            .code())
                    .isEqualTo(ProblemCode.STORAGE_FULL);
        }
        way.heal();
        assertWorks(storage);
    }

    @Test
    void a_service_without_conditions_is_used_without() {
        way.meet(request -> request.head().toLowerCase(java.util.Locale.ROOT).contains("if-none-match:")
                ? Optional.of(new Fault.Refused(501, "NotImplemented"))
                : Optional.empty());
        assertWorks(storage);
        assertWorks(storage);
        assertThat(way.seen().stream()
                        .filter(request -> request.head()
                                .toLowerCase(java.util.Locale.ROOT)
                                .contains("if-none-match:")))
                .as("asked once")
                .hasSize(1);
    }

    @Test
    void a_key_that_may_only_add_is_refused_a_replacement() {
        storage.put("data/00/a", ByteBuffer.wrap(CONTENT));
        // As a policy with a condition on s3:if-none-match would.
        way.meet(request -> request.method().equals("PUT")
                        && !request.head().toLowerCase(java.util.Locale.ROOT).contains("if-none-match:")
                ? Optional.of(new Fault.Refused(403, "AccessDenied"))
                : Optional.empty());

        assertThat(problem(() -> storage.put("data/00/a", StorageContract.bytes(1)))
                        .cause())
                .contains("may not");
        assertThat(storage.get("data/00/a")).isEqualTo(CONTENT);
        storage.put("data/00/a", ByteBuffer.wrap(CONTENT));
    }

    @Test
    void a_list_that_lags_shows_less_and_never_something_else() {
        storage.put("data/00/old", ByteBuffer.wrap(CONTENT));
        storage.put("data/00/new", ByteBuffer.wrap(CONTENT));
        way.meet(request -> request.isList()
                ? Optional.of(new Fault.Changed(
                        body -> body.replaceAll("(?s)<Contents>(?:(?!</Contents>).)*/new<.*?</Contents>", "")))
                : Optional.empty());

        assertThat(storage.list("data/")).containsExactly(new Storage.Entry("data/00/old", CONTENT.length));
        assertThat(storage.exists("data/00/new")).isTrue();
        way.heal();
        assertThat(storage.list("data/")).hasSize(2);
    }

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private S3Storage locking(int days) {
        Writing writing = new Writing(
                Optional.of("STANDARD_IA"),
                Optional.of("AES256"),
                Optional.empty(),
                Optional.of(new ObjectLock(true, days)));
        S3Place locked = new S3Place(
                place.bucket(), place.prefix(), place.endpoint(), place.region(), true, place.key(), writing);
        return S3Storage.open(locked, InstantSource.fixed(NOON), S3Server.QUICK);
    }

    /// S3Proxy knows no Object Lock, so this holds what is sent against what the service's manual asks for.
    @Test
    void what_is_put_asks_for_its_lock_but_locks_do_not() {
        way.meet(request -> request.method().equals("PUT")
                ? Optional.of(new Fault.Refused(403, "AccessDenied"))
                : Optional.empty());
        try (S3Storage locking = locking(30)) {
            problem(() -> locking.put("data/00/a", ByteBuffer.wrap(CONTENT)));
            problem(() -> locking.put("locks/a", ByteBuffer.wrap(CONTENT)));
            problem(() -> locking.put("pgcharter/a", ByteBuffer.wrap(CONTENT)));
        }

        List<String> heads = way.seen().stream()
                .map(request -> request.head().toLowerCase(java.util.Locale.ROOT))
                .toList();
        assertThat(heads.get(0))
                .contains(
                        "x-amz-object-lock-mode: compliance",
                        "x-amz-object-lock-retain-until-date: 2026-12-21t12:00:01z",
                        "x-amz-storage-class: standard_ia",
                        "x-amz-server-side-encryption: aes256",
                        "content-md5: ");
        assertThat(heads.get(1)).doesNotContain("object-lock");
        assertThat(heads.get(2)).doesNotContain("object-lock");
    }

    private static Fault retainedUntil(Instant until) {
        return new Fault.Headed("x-amz-object-lock-mode: COMPLIANCE\r\nx-amz-object-lock-retain-until-date: " + until);
    }

    @Test
    void what_is_locked_is_not_removed() {
        S3Server.storage(server.place(place.prefix())).put("data/00/a", ByteBuffer.wrap(CONTENT));
        way.meet(request ->
                request.method().equals("HEAD") ? Optional.of(retainedUntil(NOON.plusSeconds(60))) : Optional.empty());
        try (S3Storage locking = locking(30)) {
            Problem problem = problem(() -> locking.delete("data/00/a"));
            assertThat(problem.code()).isEqualTo(ProblemCode.OBJECT_LOCKED);
            assertThat(problem.fact()).contains("cannot be removed before 2026-11-21T12:01:00Z");
            assertThat(locking.exists("data/00/a")).isTrue();
            S3Server.storage(server.place(place.prefix())).put("data/00/b", ByteBuffer.wrap(CONTENT));
            locking.hide("data/00/b");
            assertThat(locking.list("data/")).hasSize(1);

            way.meet(request -> request.method().equals("HEAD")
                    ? Optional.of(retainedUntil(NOON.minusSeconds(60)))
                    : Optional.empty());
            locking.delete("data/00/a");
        }
        way.heal();
        assertThat(storage.exists("data/00/a")).isFalse();
    }

    @Test
    void locks_are_extended_where_they_are_too_short() {
        // Later than the server's clock, so that nothing counts as written since.
        Instant from = Instant.now().plusSeconds(3600);
        for (String key : List.of("data/00/short", "data/00/long", "index/none")) {
            storage.put(key, ByteBuffer.wrap(CONTENT));
        }
        way.meet(request -> {
            if (request.names("?retention")) {
                return Optional.of(new Fault.Accepted());
            }
            return request.method().equals("HEAD")
                    ? Optional.of(retainedUntil(from.plus(Duration.ofDays(request.names("long") ? 31 : 29))))
                    : Optional.empty();
        });
        AtomicInteger seen = new AtomicInteger();
        try (S3Storage locking = locking(30)) {
            locking.extendLocks(
                    List.of("data/00/short", "data/00/long", "index/none"), from, count -> seen.addAndGet((int) count));
        }
        assertThat(seen).hasValue(3);
        List<Request> extended = way.seen().stream()
                .filter(request -> request.names("?retention"))
                .toList();
        assertThat(extended)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.head().toLowerCase(java.util.Locale.ROOT))
                        .contains("content-md5: "));
    }

    /// Answers to HEAD show the lock from when one was asked for by itself.
    private Function<Request, Optional<Fault>> lockingOnRequest(boolean isLockedAtOnce) {
        AtomicInteger locks = new AtomicInteger(isLockedAtOnce ? 1 : 0);
        return request -> {
            if (request.names("?retention")) {
                locks.incrementAndGet();
                return Optional.of(new Fault.Accepted());
            }
            return request.method().equals("HEAD") && locks.get() > 0
                    ? Optional.of(retainedUntil(NOON.plus(Duration.ofDays(31))))
                    : Optional.empty();
        };
    }

    private List<Request> asked(String part) {
        return way.seen().stream().filter(request -> request.names(part)).toList();
    }

    @Test
    void what_is_sent_in_parts_and_has_no_lock_then_gets_it() {
        try (S3Storage locking = locking(30)) {
            way.meet(lockingOnRequest(false));
            locking.put("data/00/large", ByteBuffer.allocate(S3Writing.WHOLE_MAX_BYTES + 1));
            assertThat(asked("data/00/large?retention")).hasSize(1);

            way.meet(lockingOnRequest(true));
            locking.put("data/00/larger", ByteBuffer.allocate(S3Writing.WHOLE_MAX_BYTES + 2));
            assertThat(asked("data/00/larger?retention")).isEmpty();
        }
    }

    @Test
    void a_service_that_forgets_locks_is_found_out_at_the_first_file() {
        try (S3Storage locking = locking(30)) {
            assertThat(problem(() -> locking.put("keys/a", StorageContract.bytes(1)))
                            .fact())
                    .contains("keys/a", "has no lock");
        }
    }

    @Test
    void a_missing_file_that_may_not_be_known_to_be_missing_is_found_to_be_missing() {
        storage.put("data/00/ab", ByteBuffer.wrap(CONTENT));
        way.meet(request -> request.isList() || request.method().equals("PUT")
                ? Optional.empty()
                : Optional.of(new Fault.Refused(403, "AccessDenied")));

        assertThat(storage.exists("data/00/a")).isFalse();
        assertThat(problem(() -> storage.get("data/00/a")).code()).isEqualTo(ProblemCode.NOT_FOUND);
        // What is there, and what cannot be listed either, is forbidden.
        assertThat(problem(() -> storage.exists("data/00/ab")).cause()).contains("may not");
        way.meet(_ -> Optional.of(new Fault.Refused(403, "AccessDenied")));
        assertThat(problem(() -> storage.exists("data/00/a")).cause()).contains("may not");
    }
}
