package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.StorageContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// We read what stock restic wrote and rewrote.
class StockWrittenIT {
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path directory;

    private final SequencedMap<String, byte[]> files = new TreeMap<>();

    private Restic restic() {
        return new Restic(directory.resolve("repository"), PASSWORD);
    }

    /// The key that we make costs less time than restic's.
    private void init() {
        Repository.init(directory.resolve("repository"), new Secret(PASSWORD)).close();
    }

    private Repository open() {
        return open(PASSWORD);
    }

    private Repository open(String password) {
        return Repository.open(directory.resolve("repository"), new Secret(password));
    }

    @BeforeEach
    void files() throws IOException {
        save("empty", new byte[0]);
        save("tables/rows", Content.rows(1, 4_000_000));
        save("tables/noise", Content.random(2, 7_000_000));
        save("a 'quoted' \"name\" \\ with\na line\tand 💶 é", Content.rows(3, 10_000));
    }

    private void save(String name, byte[] content) throws IOException {
        Path file = directory.resolve("source").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        files.put(directory.toString().substring(1) + "/source/" + name, content);
    }

    private void backup(String... options) throws Exception {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(options),
                        java.util.stream.Stream.of(
                                "backup",
                                "--pack-size",
                                "4",
                                directory.resolve("source").toString()))
                .toArray(String[]::new);
        restic().run(arguments);
    }

    private static void assertWhole(Repository repository) {
        assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off", "max"})
    void every_compression_and_several_packs(String compression) throws Exception {
        init();
        backup("--compression", compression);
        try (Repository repository = open()) {
            Content.assertHolds(repository, repository.snapshots().getFirst(), files);
            assertThat(repository.check(true, _ -> {}).packCount()).isGreaterThan(2);
            assertWhole(repository);
        }
    }

    @Test
    void what_prune_repacked_and_what_a_new_index_lists_also_while_open() throws Exception {
        init();
        backup();
        try (Repository repository = open()) {
            Snapshot first = repository.snapshots().getFirst();
            Content.assertHolds(repository, first, files);
            Files.delete(directory.resolve("source/tables/noise"));
            files.remove(directory.toString().substring(1) + "/source/tables/noise");
            backup();
            restic().run("forget", "--prune", "--max-unused", "0", first.id());

            Snapshot second = repository.snapshots().getFirst();
            assertThat(repository.snapshots()).hasSize(1).doesNotContain(first);
            StorageContract.refuses(ProblemCode.REPOSITORY_DAMAGED, () -> repository.read(first));
            Content.assertHolds(repository, second, files);
            restic().run("rebuild-index");
            Content.assertHolds(repository, second, files);
            assertWhole(repository);
            Content.write(repository, Map.of("ours", Content.rows(5, 100_000)));
        }
        restic().check();
    }

    @Test
    void each_password_that_restic_added_opens_and_one_that_it_removed_does_not() throws Exception {
        restic().run("init");
        Path second = Files.writeString(directory.resolve("second"), "second é");
        restic().run("key", "add", "--new-password-file", second.toString());
        for (String password : new String[] {PASSWORD, "second é"}) {
            try (Repository repository = open(password)) {
                assertThat(repository.snapshots()).isEmpty();
            }
        }
        Path third = Files.writeString(directory.resolve("third"), "third");
        restic().run("key", "passwd", "--new-password-file", third.toString());
        StorageContract.refuses(ProblemCode.REPOSITORY_PASSWORD, () -> open(PASSWORD));
        open("third").close();
    }

    @Test
    void version_1_is_refused_with_the_command_that_helps() throws Exception {
        restic().run("init", "--repository-version", "1");
        backup();
        var problem = catchThrowableOfType(ProblemException.class, this::open).problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_FORMAT);
        assertThat(problem.fact()).endsWith("has the repository format 1");
        String place = directory.resolve("repository").toString();
        assertThat(problem.remedy()).isEqualTo("bring it to format 2: restic -r " + place + " migrate upgrade_repo_v2");

        restic().run("migrate", "upgrade_repo_v2");
        try (Repository repository = open()) {
            Snapshot snapshot = repository.snapshots().getFirst();
            Content.assertHolds(repository, snapshot, files);
            restic().run("prune", "--repack-uncompressed");
            Content.assertHolds(repository, snapshot, files);
            Content.write(repository, Map.of("ours", Content.rows(5, 100_000)));
            assertWhole(repository);
        }
        restic().check();
    }
}
