package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds our repository against stock restic, both ways.
class ResticIT {
    private static final String PASSWORD = "correct horse é 💶";

    @TempDir
    private Path directory;

    private Path place() {
        return directory.resolve("repository");
    }

    private Restic restic() {
        return new Restic(place(), PASSWORD);
    }

    private Repository init() {
        return Repository.init(place(), new Secret(PASSWORD));
    }

    private Repository open() {
        return Repository.open(place(), new Secret(PASSWORD));
    }

    @Test
    void restic_checks_lists_and_restores_what_we_wrote() throws Exception {
        Map<String, byte[]> files = Content.files(1);
        Snapshot snapshot;
        try (Repository repository = init()) {
            snapshot = Content.write(repository, files);
            Content.assertHolds(repository, snapshot, files);
        }

        restic().check();
        assertThat(restic().run("snapshots", "--json"))
                .contains(snapshot.id(), "\"/payments\"", "\"pgcharter\"", "2026-03-04T05:06:07.123456789Z");
        assertThat(restic().run("ls", snapshot.id())).contains("/data/00001-0000.copy", "/data/deep/er/still/a ");
        Path target = directory.resolve("restored");
        restic().run("restore", snapshot.id(), "--target", target.toString());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(target.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
        try (var found = Files.walk(target)) {
            assertThat(found.filter(Files::isRegularFile)).hasSize(files.size());
        }
    }

    @Test
    void restic_reads_files_in_equal_blocks() throws Exception {
        byte[] pages = Content.random(7, 3_000_000);
        byte[] text = Content.rows(8, 3_000_000);
        Snapshot snapshot;
        try (Repository repository = init();
                SnapshotWriter writer = repository.write()) {
            try (var relation = writer.file("base/1/16384", 0600, Chunking.Blocks.ofCluster(3_000_000));
                    var rows = writer.file("rows.copy", 0600, new Chunking.Blocks(8192))) {
                relation.write(pages);
                rows.write(text);
            }
            snapshot = writer.commit(Content.TIME, "host", java.util.List.of("/x"), java.util.List.of());
        }
        restic().check();
        Path target = directory.resolve("restored");
        restic().run("restore", snapshot.id(), "--target", target.toString());
        assertThat(target.resolve("base/1/16384")).hasBinaryContent(pages);
        assertThat(target.resolve("rows.copy")).hasBinaryContent(text);
    }

    @Test
    void odd_names_come_out_of_restic_as_they_went_in() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : new String[] {
            "it's",
            "\"",
            "\\",
            "a\nb\tc\r",
            "\u007f\u0001",
            "zero\u200bwidth\u0085",
            "日本語/ß.é/💶",
            " ",
            "-rf",
            "*?[",
            "a:b"
        }) {
            files.put("odd/" + name, name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Snapshot snapshot;
        try (Repository repository = init()) {
            snapshot = Content.write(repository, files);
            Content.assertHolds(repository, snapshot, files);
        }
        restic().check();
        Path target = directory.resolve("restored");
        restic().run("restore", snapshot.id(), "--target", target.toString());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(target.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
    }

    @Test
    void we_read_what_restic_wrote_and_add_to_it_and_restic_reads_that() throws Exception {
        Path source = directory.resolve("source");
        SequencedMap<String, byte[]> files = new TreeMap<>();
        Content.files(2).forEach((path, bytes) -> files.put("source/" + path, bytes));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Files.createSymbolicLink(source.resolve("link"), Path.of("one"));
        restic().run("init", "--repository-version", "2");
        restic().run("backup", "--tag", "stock", source.toString());
        String parent = directory.toString().substring(1) + "/";
        SequencedMap<String, byte[]> expected = new TreeMap<>();
        files.forEach((path, bytes) -> expected.put(parent + path, bytes));

        Snapshot ours;
        try (Repository repository = open()) {
            Snapshot stock = repository.snapshots().getFirst();
            assertThat(stock.tags()).containsExactly("stock");
            assertThat(java.time.Duration.between(stock.time(), java.time.Instant.now())
                            .abs())
                    .isLessThan(java.time.Duration.ofMinutes(10));
            assertThat(stock.paths()).containsExactly(source.toString());
            Content.assertHolds(repository, stock, expected);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
            ours = Content.write(repository, Content.files(3));
        }
        restic().check();
        restic().run("restore", ours.id(), "--target", directory.resolve("ours").toString());
        assertThat(directory.resolve("ours/data/zeros"))
                .hasBinaryContent(Content.files(3).get("data/zeros"));
        restic().run("backup", source.toString());
        try (Repository repository = open()) {
            assertThat(repository.snapshots()).hasSize(3);
        }
    }

    @Test
    void restic_can_forget_and_prune_and_add_keys_and_we_go_on() throws Exception {
        try (Repository repository = init()) {
            Snapshot first = Content.write(repository, Map.of("a", Content.rows(1, 9_000_000)));
            Snapshot second = Content.write(repository, Map.of("b", Content.rows(2, 9_000_000)));
            restic().run("forget", "--prune", first.id());
            Path password = Files.writeString(directory.resolve("password"), "another");
            restic().run("key", "add", "--new-password-file", password.toString());

            assertThat(repository.snapshots()).containsExactly(second);
            Content.assertHolds(repository, second, Map.of("b", Content.rows(2, 9_000_000)));
            Content.write(repository, Map.of("a", Content.rows(1, 9_000_000)));
        }
        restic().check();
        try (Repository repository = Repository.open(place(), new Secret("another"))) {
            assertThat(repository.snapshots()).hasSize(2);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
    }

    @Test
    void a_writer_killed_in_the_middle_leaves_no_snapshot_and_the_next_one_works() throws Exception {
        Snapshot before;
        try (Repository repository = init()) {
            before = Content.write(repository, Map.of("before", Content.rows(1, 2_000_000)));
        }
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        place().toString(),
                        PASSWORD)
                .redirectError(directory.resolve("writer.log").toFile())
                .start();
        try {
            // It says so when packs are stored and it goes on writing.
            assertThat(writer.getInputStream().read())
                    .as(Files.readString(directory.resolve("writer.log")))
                    .isEqualTo('w');
        } finally {
            writer.destroyForcibly();
            assertThat(writer.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(new Restic(place(), PASSWORD).run("check", "--no-lock", "--read-data"))
                .contains("no errors were found");
        try (Repository repository = open()) {
            assertThat(repository.snapshots()).containsExactly(before);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
            Snapshot after = Content.write(repository, Map.of("after", Content.rows(3, 2_000_000)));
            assertThat(repository.snapshots()).containsExactlyInAnyOrder(before, after);
        }
        // The dead writer's lock is gone, or restic's exclusive check would refuse.
        restic().check();
    }

    /// Writes without end, to be killed.
    static final class EndlessWriter {
        private EndlessWriter() {}

        public static void main(String[] arguments) throws Exception {
            Repository repository = Repository.open(Path.of(arguments[0]), new Secret(arguments[1]));
            SnapshotWriter writer = repository.write();
            boolean isTold = false;
            for (int number = 0; ; number++) {
                try (var stream = writer.file("file-" + number, 0600)) {
                    stream.write(Content.random(number, 8_000_000));
                }
                if (writer.addedBytes() > 40_000_000 && !isTold) {
                    isTold = true;
                    System.out.write('w');
                    System.out.flush();
                }
            }
        }
    }

    @Test
    void restic_works_beside_our_locks_and_its_exclusive_work_waits_for_us() throws Exception {
        try (Repository repository = init()) {
            try (SnapshotWriter writer = repository.write()) {
                Content.write(writer, "a", Content.rows(1, 1_000_000));
                assertThat(restic().run("list", "locks")).isNotBlank();
                restic().run("snapshots");
                var _ = writer.commit(Content.TIME, "host", java.util.List.of("/a"), java.util.List.of());
            }
            assertThat(repository.vault().names(Vault.LOCKS)).isEmpty();
        }
        restic().check();
    }

    @Test
    void the_same_content_again_adds_next_to_nothing_also_to_restics_check() throws Exception {
        byte[] rows = Content.rows(5, 12_000_000);
        try (Repository repository = init()) {
            Content.write(repository, Map.of("rows", rows));
            long before = repository.stats().storedBytes();
            Content.write(repository, Map.of("rows", Arrays.copyOf(rows, rows.length), "again", rows));
            assertThat(repository.stats().storedBytes() - before).isLessThan(before / 100);
        }
        restic().check();
    }
}
