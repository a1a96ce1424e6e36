package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.Storage;
import io.pgcharter.platform.storage.StorageContract;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Retention and locks, beside stock restic.
class StockPruneIT {
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path directory;

    private Restic restic() {
        return new Restic(directory.resolve("r"), PASSWORD);
    }

    private Repository init() {
        return Repository.init(directory.resolve("r"), new Secret(PASSWORD));
    }

    @Test
    void what_we_forgot_restic_prunes_and_the_rest_stays_whole() throws Exception {
        byte[] shared = Content.random(1, 3_000_000);
        try (Repository repository = init()) {
            Snapshot first = Content.write(repository, Map.of("shared", shared, "own", Content.random(2, 20_000_000)));
            Map<String, byte[]> kept = Map.of("shared", shared, "own", Content.random(3, 2_000_000));
            Snapshot second = Content.write(repository, kept);
            repository.forget(first.id().substring(0, 8));
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
            restic().check();
            long before = repository.stats().storedBytes();

            restic().run("prune", "--max-unused", "0");
            assertThat(repository.stats().storedBytes()).isLessThan(before - 15_000_000);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
            Content.assertHolds(repository, second, kept);
        }
        restic().check();
    }

    @Test
    void restics_retention_reads_the_time_and_tags_that_we_wrote() throws Exception {
        List<Snapshot> snapshots = new ArrayList<>();
        try (Repository repository = init()) {
            for (int day = 0; day < 4; day++) {
                try (SnapshotWriter writer = repository.write()) {
                    Content.write(writer, "day", Content.rows(day, 10_000));
                    Instant time = Content.TIME.plus(Duration.ofDays(day));
                    snapshots.add(writer.commit(time, "host", List.of("/shop"), List.of("pgcharter")));
                }
            }
            restic().run("forget", "--tag", "pgcharter", "--keep-daily", "2", "--prune");
            assertThat(repository.snapshots()).isEqualTo(snapshots.subList(2, 4));
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
    }

    @Test
    void restics_shared_lock_lets_us_write_but_not_forget() throws Exception {
        try (Repository repository = init()) {
            Snapshot snapshot = Content.write(repository, Map.of("a", Content.rows(1, 10_000)));
            Process stock = restic().start("backup", "--stdin");
            try {
                awaitLocks(repository, stock);
                Content.write(repository, Map.of("b", Content.rows(2, 10_000)));
                StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.forget(snapshot.id()));
                assertThat(repository.snapshots()).hasSize(2);
            } finally {
                stock.getOutputStream().write('x');
                stock.getOutputStream().close();
            }
            assertThat(stock.waitFor()).isZero();
            repository.forget(snapshot.id());
            assertThat(repository.snapshots()).hasSize(2);
        }
        restic().check();
    }

    @Test
    void restics_exclusive_lock_refuses_us_until_its_process_is_gone() throws Exception {
        try (Repository repository = init()) {
            Content.write(repository, Map.of("a", Content.random(1, 60_000_000)));
            Process stock = restic().start("check", "--read-data");
            try {
                awaitLocks(repository, stock);
                signal(stock, "STOP");
                StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.write());
                StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.check(false, _ -> {}));
                assertThat(repository.snapshots()).hasSize(1);
            } finally {
                stock.destroyForcibly().waitFor();
            }
            assertThat(repository.vault().names(Vault.LOCKS)).hasSize(1);
            Content.write(repository, Map.of("b", Content.rows(2, 10_000)));
            assertThat(repository.vault().names(Vault.LOCKS)).isEmpty();
        }
        restic().check();
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void awaitLocks(Repository repository, Process process) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (repository.vault().names(Vault.LOCKS).isEmpty()) {
            assertThat(System.nanoTime()).as("restic takes no lock").isLessThan(deadline);
            assertThat(process.isAlive())
                    .as("restic ended before it took a lock")
                    .isTrue();
            Thread.onSpinWait();
        }
    }

    @Test
    void the_remedy_for_a_lock_that_cannot_be_read_helps() throws Exception {
        try (Repository repository = init()) {
            Path locks = Files.createDirectories(directory.resolve("r/locks"));
            Files.write(locks.resolve("ab".repeat(32)), new byte[0]);
            StorageContract.refuses(ProblemCode.REPOSITORY_LOCKED, () -> repository.write());
            restic().run("unlock", "--remove-all");
            repository.write().close();
        }
    }

    @Test
    void an_unfinished_file_of_a_dead_writer_is_swept_by_forget() throws Exception {
        try (Repository repository = init()) {
            Snapshot snapshot = Content.write(repository, Map.of("a", Content.rows(1, 10_000)));
            Path left = Files.write(directory.resolve("r/snapshots/" + snapshot.id() + "-tmp-1"), new byte[10]);
            assertThat(repository.snapshots()).hasSize(1);
            restic().check();
            repository.forget(snapshot.id());
            assertThat(left).doesNotExist();
        }
    }

    @Test
    void what_we_pruned_restic_finds_whole_and_has_nothing_left_to_prune() throws Exception {
        byte[] shared = Content.random(1, 3_000_000);
        try (Repository repository = init()) {
            Snapshot first = Content.write(repository, Map.of("shared", shared, "own", Content.random(2, 40_000_000)));
            Map<String, byte[]> kept = Map.of("shared", shared, "own", Content.random(3, 2_000_000));
            Snapshot second = Content.write(repository, kept);
            repository.forget(first.id());
            long before = repository.stats().storedBytes();

            PruneResult marked = repository.prune(Duration.ofHours(1), _ -> {}, () -> {});
            assertThat(marked.freedPackCount()).isZero();
            assertThat(marked.markedBytes()).isGreaterThan(35_000_000);
            assertThat(marked.repackedBytes()).isBetween(3_000_000L, 16_000_000L);
            restic().check();

            PruneResult freed = repository.prune(Duration.ZERO, _ -> {}, () -> {});
            assertThat(freed.freedBytes()).isEqualTo(marked.markedBytes());
            assertThat(repository.stats().storedBytes()).isLessThan(before - 35_000_000);
            Content.assertHolds(repository, second, kept);
        }
        restic().check();
        assertThat(restic().run("prune", "--dry-run")).contains("to delete:             0 blobs");
    }

    @Test
    void while_restic_backs_up_nothing_is_removed_and_the_rest_is_done() throws Exception {
        try (Repository repository = init()) {
            Snapshot gone = Content.write(repository, Map.of("a", Content.random(1, 3_000_000)));
            repository.forget(gone.id());
            Process stock = restic().start("backup", "--stdin");
            try {
                awaitLocks(repository, stock);
                PruneResult result = repository.prune(Duration.ZERO, _ -> {}, () -> {});
                assertThat(result.waiting())
                        .hasValueSatisfying(cause -> assertThat(cause).contains("has used it since"));
                assertThat(result.freedPackCount()).isZero();
                assertThat(result.markedPackCount()).isPositive();
            } finally {
                stock.getOutputStream().write('x');
                stock.getOutputStream().close();
            }
            assertThat(stock.waitFor()).isZero();
            assertThat(repository.prune(Duration.ZERO, _ -> {}, () -> {}).freedPackCount())
                    .isPositive();
            assertThat(repository.snapshots()).hasSize(1);
        }
        restic().check();
    }

    @Test
    void nothing_is_removed_from_a_repository_that_is_not_whole() throws Exception {
        try (Repository repository = init()) {
            Snapshot gone = Content.write(repository, Map.of("a", Content.random(1, 3_000_000)));
            List<String> older = repository.vault().names(Vault.INDEX);
            Content.write(repository, Map.of("b", Content.random(2, 3_000_000)));
            repository.forget(gone.id());
            List<Storage.Entry> before = repository.vault().storage().list(Vault.DATA);
            String index = repository.vault().names(Vault.INDEX).stream()
                    .filter(name -> !older.contains(name))
                    .findAny()
                    .orElseThrow();
            byte[] lost = repository.vault().storage().get(Vault.INDEX + index);
            repository.vault().storage().delete(Vault.INDEX + index);

            StorageContract.refuses(
                    ProblemCode.REPOSITORY_DAMAGED, () -> repository.prune(Duration.ZERO, _ -> {}, () -> {}));
            assertThat(repository.vault().storage().list(Vault.DATA)).isEqualTo(before);
            assertThat(repository.vault().names(Vault.LOCKS)).isEmpty();

            repository.vault().storage().put(Vault.INDEX + index, ByteBuffer.wrap(lost));
            assertThat(repository.prune(Duration.ZERO, _ -> {}, () -> {}).freedPackCount())
                    .isPositive();
        }
        restic().check();
    }
}
