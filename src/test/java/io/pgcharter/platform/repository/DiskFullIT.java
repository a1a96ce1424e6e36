package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.StorageContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A repository on a file system that fills up.
class DiskFullIT {
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path directory;

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "only root may mount a small file system");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", directory.toString()),
                "this container may not mount a small file system");
    }

    @AfterEach
    void unmount() throws Exception {
        if (new UnixSystem().getUid() == 0) {
            run("umount", directory.toString());
        }
    }

    @Test
    void a_full_disk_is_said_to_be_full_and_what_was_there_stays_and_work_goes_on_when_there_is_room()
            throws Exception {
        Map<String, byte[]> small = Map.of("a", Content.rows(1, 1_000_000));
        Map<String, byte[]> large = Map.of("b", Content.random(2, 60_000_000));
        Path place = directory.resolve("r");
        try (Repository repository = Repository.init(place, new Secret(PASSWORD))) {
            Snapshot before = Content.write(repository, small);
            var problem = catchThrowableOfType(ProblemException.class, () -> Content.write(repository, large))
                    .problem();
            assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_FULL);
            assertThat(problem.fact()).startsWith("no room to write '" + place);
            assertThat(problem.cause()).isEqualTo("No space left on device");
            assertThat(problem.remedy()).contains("df -h " + place);

            assertThat(repository.snapshots()).containsExactly(before);
            assertThat(repository.vault().names(Vault.LOCKS)).isEmpty();
            try (Stream<Path> files = Files.walk(place)) {
                assertThat(files.filter(file -> file.toString().contains("-tmp-")))
                        .isEmpty();
            }
            Content.assertHolds(repository, before, small);

            assertThat(run("mount", "-o", "remount,size=200m", directory.toString()))
                    .isTrue();
            Snapshot after = Content.write(repository, large);
            Content.assertHolds(repository, after, large);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
        }
        new Restic(place, PASSWORD).check();
    }

    @Test
    void a_disk_without_any_room_or_read_only_still_gives_back_what_it_holds() throws Exception {
        Map<String, byte[]> small = Map.of("a", Content.rows(1, 1_000_000));
        Path place = directory.resolve("r");
        try (Repository repository = Repository.init(place, new Secret(PASSWORD))) {
            Snapshot before = Content.write(repository, small);
            fill();
            assertThat(repository.snapshots()).containsExactly(before);
            Content.assertHolds(repository, before, small);
            assertThat(repository.check(true, _ -> {}).errors()).isEmpty();
            StorageContract.refuses(ProblemCode.STORAGE_FULL, () -> repository.write());

            assertThat(run("mount", "-o", "remount,ro", directory.toString())).isTrue();
            Content.assertHolds(repository, before, small);
            var problem = catchThrowableOfType(ProblemException.class, repository::write)
                    .problem();
            assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_UNREACHABLE);
            assertThat(problem.cause()).isEqualTo("Read-only file system");
        }
    }

    /// Not a byte is left.
    private void fill() throws Exception {
        try (var out = Files.newOutputStream(directory.resolve("filler"))) {
            byte[] piece = new byte[4096];
            while (true) {
                out.write(piece);
            }
        } catch (java.io.IOException _) {
            // Full, as wanted.
        }
    }
}
