package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.StorageContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryLockTest {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    /// No process has it: Linux ends at 2^22.
    private static final long NOBODY = 1L << 30;

    @TempDir
    private Path directory;

    private Instant now = NOON;
    private Repository repository;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @BeforeEach
    void open() {
        repository = Repository.init(new FileStorage(directory), PASSWORD, () -> now);
    }

    @AfterEach
    void close() {
        repository.close();
        timer.shutdownNow();
    }

    private Vault vault() {
        return repository.vault();
    }

    private List<String> locks() {
        return vault().names(Vault.LOCKS);
    }

    private String lock(String host, long process, boolean exclusive, Duration age) {
        return vault().save(
                        Vault.LOCKS,
                        Json.bytes(Json.object()
                                .put("time", now.minus(age).toString())
                                .put("exclusive", exclusive)
                                .put("hostname", host)
                                .put("username", "bob")
                                .put("pid", process)));
    }

    private RepositoryLock acquire(boolean exclusive) {
        return RepositoryLock.acquire(vault(), exclusive, () -> now, timer);
    }

    @Test
    void an_exclusive_lock_elsewhere_refuses_everything_and_says_whose_it_is() {
        String other = lock("elsewhere", 77, true, Duration.ofMinutes(29));
        Snapshot none = new Snapshot("0".repeat(64), NOON, "0".repeat(64), "", "", List.of(), List.of());

        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> repository.write());
        assertThat(problem.problem().code()).isEqualTo(ProblemCode.REPOSITORY_LOCKED);
        assertThat(problem.problem().fact()).isEqualTo("'" + directory + "' is locked");
        assertThat(problem.problem().cause())
                .isEqualTo("process 77 of bob on elsewhere has used it since 2026-03-04T11:31:00Z");
        assertThat(problem.problem().remedy()).contains("unlock");
        StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.read(none));
        StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.check(false, _ -> {}));
        assertThat(locks()).containsExactly(other);
    }

    @Test
    void a_shared_lock_elsewhere_refuses_only_what_needs_the_repository_alone() {
        String other = lock("elsewhere", 77, false, Duration.ZERO);
        Snapshot snapshot = Content.write(repository, Map.of("a", new byte[10]));

        StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.forget(snapshot.id()));
        assertThat(repository.snapshots()).containsExactly(snapshot);
        assertThat(locks()).containsExactly(other);
    }

    @Test
    void a_lock_not_renewed_for_half_an_hour_is_stale_and_removed() {
        lock("elsewhere", 77, true, Duration.ofMinutes(31));
        Content.write(repository, Map.of("a", new byte[10]));
        assertThat(locks()).isEmpty();
    }

    @Test
    void a_lock_of_a_dead_process_is_stale_at_once_on_its_own_machine_only() {
        String here = Machine.here().host();
        lock(here, NOBODY, true, Duration.ZERO);
        repository.write().close();
        assertThat(locks()).isEmpty();

        lock("not-" + here, NOBODY, true, Duration.ZERO);
        StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.write());
    }

    @Test
    void a_lock_is_renewed_by_a_newer_one_and_given_back() {
        RepositoryLock lock = acquire(false);
        List<String> first = locks();
        now = now.plus(Duration.ofMinutes(20));
        lock.renew();
        assertThat(locks()).hasSize(1).doesNotContainAnyElementsOf(first);
        now = now.plus(Duration.ofMinutes(20));
        lock.requireHeld();
        lock.close();
        assertThat(locks()).isEmpty();
        lock.renew();
        assertThat(locks()).isEmpty();
    }

    @Test
    void a_writer_whose_lock_was_removed_or_is_too_old_commits_nothing() {
        Runnable commit = () -> {
            try (SnapshotWriter writer = repository.write()) {
                Content.write(writer, "a", new byte[10]);
                locks().forEach(name -> vault().storage().delete(Vault.LOCKS + name));
                writer.commit(NOON, "host", List.of("/a"), List.of());
            }
        };
        StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, commit::run);
        Runnable late = () -> {
            try (SnapshotWriter writer = repository.write()) {
                Content.write(writer, "a", new byte[10]);
                now = now.plus(Duration.ofMinutes(23));
                writer.commit(NOON, "host", List.of("/a"), List.of());
            }
        };
        StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, late::run);
        assertThat(repository.snapshots()).isEmpty();
        assertThat(locks()).isEmpty();
    }

    @Test
    void of_many_who_want_it_alone_no_two_have_it() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger holds = new AtomicInteger();
        Callable<Void> want = () -> {
            for (int round = 0; round < 40; round++) {
                try (RepositoryLock _ = acquire(true)) {
                    assertThat(holders.incrementAndGet()).isEqualTo(1);
                    holds.incrementAndGet();
                    holders.decrementAndGet();
                } catch (ProblemException e) {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.REPOSITORY_LOCKED);
                }
            }
            return null;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> future :
                    IntStream.range(0, 3).mapToObj(_ -> threads.submit(want)).toList()) {
                future.get();
            }
        }
        assertThat(holds).hasPositiveValue();
        assertThat(locks()).isEmpty();
    }
}
