package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.repository.NewerFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every verb that opens a repository, on a place that holds none that it can use: one clear problem, and not a byte is
/// changed.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryInputIT {
    private static final Secret PASSWORD = new Secret("correct horse battery");

    private final Scene scene = Scene.on(15);
    private final Path sound = scene.directory.resolve("vault");
    private BackupId backup = new BackupId("0".repeat(64));

    /// What is wrong with the place.
    enum Place {
        MISSING(ProblemCode.REPOSITORY_MISSING, "holds no repository"),
        EMPTY(ProblemCode.REPOSITORY_MISSING, "holds no repository"),
        OF_OTHER_THINGS(ProblemCode.REPOSITORY_MISSING, "holds no repository"),
        A_FILE(ProblemCode.STORAGE_UNREACHABLE, "cannot read"),
        NEWER_CONFIG(ProblemCode.REPOSITORY_FORMAT, "has the repository format 3"),
        NEWER_INDEX(ProblemCode.REPOSITORY_FORMAT, "has the encoding 9"),
        NEWER_SNAPSHOT(ProblemCode.REPOSITORY_FORMAT, "has the encoding 9"),
        /// Root may read everything.
        UNREADABLE(ProblemCode.STORAGE_UNREACHABLE, "cannot read");

        private final ProblemCode code;
        private final String fact;

        Place(ProblemCode code, String fact) {
            this.code = code;
            this.fact = fact;
        }
    }

    @BeforeAll
    void write() {
        scene.execute(Scene.SHOP, "create table item as select i from generate_series(1, 1000) i");
        backup = scene.backup().backup();
    }

    @AfterAll
    void end() {
        scene.close();
    }

    private Path make(Place place) throws IOException {
        Path path = scene.directory.resolve("place-" + place);
        switch (place) {
            case MISSING -> {}
            case EMPTY -> Files.createDirectory(path);
            case OF_OTHER_THINGS -> {
                Files.createDirectories(path.resolve("data/photos"));
                Files.writeString(path.resolve("data/photos/holiday.txt"), "sun");
                Files.writeString(path.resolve("notes.txt"), "not a repository");
            }
            case A_FILE -> Files.writeString(path, "not a directory");
            case NEWER_CONFIG -> NewerFormat.config(copy(path), PASSWORD);
            case NEWER_INDEX -> NewerFormat.file(copy(path), PASSWORD, "index/");
            case NEWER_SNAPSHOT -> NewerFormat.file(copy(path), PASSWORD, "snapshots/");
            case UNREADABLE -> {
                assumeThat(Program.isRoot()).as("root may read everything").isFalse();
                Files.setPosixFilePermissions(copy(path), PosixFilePermissions.fromString("---------"));
            }
        }
        return path;
    }

    private Path copy(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(sound)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(sound.relativize(file).toString()));
            }
        }
        return target;
    }

    /// @param indexed whether only those that need the index are asked
    private List<Operation> verbs(boolean indexed) {
        Stream<Operation> needIndex = Stream.of(
                new Operation.RepositoryCheck(Scene.VAULT, Optional.empty()),
                new Operation.RepositoryRepair(Scene.VAULT, Optional.empty()),
                new Operation.RepositoryStats(Scene.VAULT),
                new Operation.Backup(Scene.SHOP, Scene.VAULT),
                new Operation.Restore(backup, Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty()),
                new Operation.Verify(backup, Scene.VAULT, Scene.SHOP));
        Stream<Operation> others =
                Stream.of(new Operation.RepositoryList(Scene.VAULT), new Operation.Backups(Scene.VAULT));
        return indexed ? needIndex.toList() : Stream.concat(needIndex, others).toList();
    }

    private static Map<String, String> hashes(Path place) {
        Map<String, String> hashes = new TreeMap<>();
        if (!Files.exists(place)) {
            return hashes;
        }
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(file.toString(), hash(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hashes;
    }

    private static String hash(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void use(Path place) {
        scene.variables.put("VAULT", place.toString());
        scene.restart();
    }

    @ParameterizedTest
    @EnumSource
    void every_verb_says_what_is_wrong_and_changes_nothing(Place place) throws IOException {
        Path path = make(place);
        Map<String, String> before = hashes(path);
        use(path);
        for (Operation verb : verbs(place == Place.NEWER_INDEX)) {
            if (place == Place.NEWER_SNAPSHOT
                    && (verb instanceof Operation.Backup
                            || verb instanceof Operation.Restore
                            || verb instanceof Operation.Verify)) {
                // They need no other snapshot than their own.
                continue;
            }
            Problem problem = scene.failed(verb);
            assertThat(problem.code()).as(verb + ": " + problem).isEqualTo(place.code);
            assertThat(problem.fact()).as(verb.verb()).contains(place.fact);
            Traces.readsWell(problem);
            assertThat(hashes(path)).as(verb.verb()).isEqualTo(before);
        }
        assertThat(Files.exists(path)).isEqualTo(place != Place.MISSING);
    }

    @Test
    void on_a_full_or_read_only_disk_what_reads_works_and_what_writes_says_so_and_changes_nothing() throws IOException {
        assumeThat(Program.isRoot()).as("mounting needs root").isTrue();
        Path disk = Files.createDirectory(scene.directory.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=2m", "none", disk.toString());
        try {
            Path place = copy(disk.resolve("vault"));
            fill(disk.resolve("rest"));
            use(place);
            Map<String, String> before = hashes(place);
            reads();
            refuses(ProblemCode.STORAGE_FULL);
            assertThat(hashes(place)).isEqualTo(before);

            Files.delete(disk.resolve("rest"));
            run("mount", "-o", "remount,ro", disk.toString());
            reads();
            refuses(ProblemCode.STORAGE_UNREACHABLE);
            assertThat(hashes(place)).isEqualTo(before);
        } finally {
            run("umount", "--lazy", disk.toString());
        }
    }

    private void reads() {
        scene.done(new Operation.RepositoryCheck(Scene.VAULT, Optional.of(new Operation.Reading(Duration.ZERO, 100))));
        scene.done(new Operation.RepositoryStats(Scene.VAULT));
        scene.done(new Operation.Backups(Scene.VAULT));
    }

    private void refuses(ProblemCode code) {
        for (Operation verb : List.of(
                new Operation.RepositoryRepair(Scene.VAULT, Optional.empty()),
                new Operation.Backup(Scene.SHOP, Scene.VAULT))) {
            Problem problem = scene.failed(verb);
            assertThat(problem.code()).as(verb + ": " + problem).isEqualTo(code);
            Traces.readsWell(problem);
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static void run(String... words) {
        new Program(List.of(words), Map.of(), Optional.empty(), Duration.ofSeconds(20)).runOrThrow("mount by hand");
    }
}
