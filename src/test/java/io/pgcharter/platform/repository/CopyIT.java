package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Copies and keys, next to stock restic's.
@Timeout(90)
class CopyIT {
    private static final Secret PASSWORD = new Secret("correct horse");
    private static final Secret OTHER_PASSWORD = new Secret("battery \"staple\" é 💶");
    private static final Map<String, byte[]> FILES = Map.of(
            "data/rows", Content.rows(1, 3_000_000), "data/noise", Content.random(2, 3_000_000), "empty", new byte[0]);

    @TempDir
    private Path directory;

    private final Keyring keys = new Keyring();

    private Path place(String name) {
        return directory.resolve(name);
    }

    private Repository near() {
        return Repository.open(new FileStorage(place("near")), PASSWORD, keys);
    }

    private Repository far() {
        return Repository.open(new FileStorage(place("far")), OTHER_PASSWORD, keys);
    }

    private void initBoth() {
        try (Repository first = Repository.init(place("near"), PASSWORD)) {
            Repository.init(new FileStorage(place("far")), OTHER_PASSWORD, InstantSource.system(), first.polynomial())
                    .close();
        }
    }

    private Restic restic(String name) {
        return new Restic(place(name), name.equals("far") ? OTHER_PASSWORD.reveal() : PASSWORD.reveal());
    }

    /// Stock restic's copy from one to the other.
    private String stockCopy(String from, String to) throws IOException, InterruptedException {
        Path password = directory.resolve("password-of-" + from);
        Files.writeString(password, restic(from).password() + "\n");
        return restic(to)
                .run(
                        "copy",
                        "-v",
                        "-v",
                        "--from-repo",
                        place(from).toString(),
                        "--from-password-file",
                        password.toString());
    }

    private static int copyMissing(Repository from, Repository to) {
        int copied = 0;
        try (SnapshotCopier copier = to.copyFrom(from)) {
            for (Snapshot snapshot : from.snapshots()) {
                if (copier.find(snapshot).isEmpty()) {
                    copied += copier.copy(List.of(snapshot), _ -> {}, () -> {})
                            .snapshots()
                            .size();
                }
            }
        }
        return copied;
    }

    @Test
    void restic_finds_our_copy_whole_and_has_nothing_left_to_copy_in_either_direction() throws Exception {
        initBoth();
        try (Repository from = near();
                Repository to = far()) {
            Content.write(from, FILES);
            assertThat(copyMissing(from, to)).isEqualTo(1);
        }
        restic("far").check();
        stockCopy("near", "far");
        stockCopy("far", "near");
        try (Repository from = near();
                Repository to = far()) {
            assertThat(from.snapshots()).hasSize(1);
            assertThat(to.snapshots()).hasSize(1);
        }
    }

    @Test
    void what_restic_copied_is_not_copied_again_by_us_and_what_restic_wrote_is() throws Exception {
        initBoth();
        Path files = Files.createDirectory(directory.resolve("files"));
        Files.write(files.resolve("rows"), Content.rows(5, 2_000_000));
        restic("near").run("backup", files.toString());
        restic("near").run("backup", "--force", "--tag", "second", files.toString());
        stockCopy("near", "far");

        try (Repository from = near();
                Repository to = far()) {
            assertThat(to.snapshots()).hasSize(2);
            assertThat(copyMissing(from, to)).isZero();
            assertThat(copyMissing(to, from)).isZero();
            to.snapshots().forEach(snapshot -> to.forget(snapshot.id()));
            assertThat(copyMissing(from, to)).isEqualTo(2);
        }
        restic("far").check();
        assertThat(restic("far").run("dump", "latest", files.resolve("rows").toString()))
                .isNotEmpty();
    }

    @Test
    void the_same_content_saved_into_both_is_stored_once_if_one_was_made_like_the_other() throws Exception {
        initBoth();
        Map<String, byte[]> grown = new TreeMap<>(FILES);
        grown.put("data/new", Content.random(8, 100_000));
        try (Repository from = near();
                Repository to = far()) {
            assertThat(to.polynomial()).isEqualTo(from.polynomial());
            Content.write(to, FILES);
            Snapshot snapshot = Content.write(from, grown);
            try (SnapshotCopier copier = to.copyFrom(from)) {
                // The new file and the two directories it changes.
                assertThat(copier.copy(List.of(snapshot), _ -> {}, () -> {}).blobCount())
                        .isEqualTo(3);
            }
        }
        restic("far").check();
    }

    @Test
    void restic_and_we_open_with_each_others_keys() throws Exception {
        initBoth();
        try (Repository repository = near()) {
            repository.keys(PASSWORD, keys).add(OTHER_PASSWORD);
        }
        Restic second = new Restic(place("near"), OTHER_PASSWORD.reveal());
        for (Restic restic : List.of(restic("near"), second)) {
            assertThat(restic.run("key", "list").lines().filter(line -> line.contains("20")))
                    .hasSize(2);
        }
        Path file = directory.resolve("third");
        Files.writeString(file, "  of restic ï\r\n\n");
        second.run("key", "add", "--new-password-file", file.toString());
        Repository.open(place("near"), new Secret("of restic ï")).close();
        try (Repository repository = near()) {
            RepositoryKeys ours = repository.keys(PASSWORD, keys);
            assertThat(ours.list())
                    .hasSize(3)
                    .allMatch(key -> key.trouble().isEmpty() && key.createdAt().isPresent());
            ours.rotate(new Secret("a new one"));
        }
        assertThat(new Restic(place("near"), "a new one").run("key", "list")).contains("*");
        new Restic(place("near"), "a new one").check();
    }
}
