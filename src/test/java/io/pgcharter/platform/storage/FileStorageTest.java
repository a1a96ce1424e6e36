package io.pgcharter.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest implements StorageContract {
    @TempDir
    private Path directory;

    @Override
    public Storage storage() {
        return new FileStorage(directory.resolve("new"));
    }

    @Test
    void only_the_owner_may_read_what_is_stored() throws Exception {
        storage().put("data/ab/abcd", StorageContract.bytes(1));

        Path file = directory.resolve("new/data/ab/abcd");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_file_in_the_place_of_a_directory_is_unreachable() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Storage onFile = new FileStorage(file);

        StorageContract.refuses(ProblemCode.STORAGE_UNREACHABLE, () -> onFile.put("config", StorageContract.bytes(1)));
        StorageContract.refuses(ProblemCode.STORAGE_UNREACHABLE, () -> onFile.list(""));
        StorageContract.refuses(ProblemCode.STORAGE_UNREACHABLE, () -> onFile.get("config"));
        StorageContract.refuses(ProblemCode.STORAGE_UNREACHABLE, () -> onFile.exists("config"));
    }

    @Test
    void what_a_dead_process_left_is_not_listed_and_can_be_removed() throws Exception {
        Storage storage = storage();
        storage.put("data/ab/abcd", StorageContract.bytes(1));
        Path left = Files.writeString(directory.resolve("new/data/ab/ffff-tmp-1"), "half");

        assertThat(storage.list("data/")).hasSize(1);
        storage.removeUnfinished();
        assertThat(left).doesNotExist();
        assertThat(storage.list("data/")).hasSize(1);
    }

    @Test
    void a_key_cannot_leave_the_directory() {
        for (String key : new String[] {"../x", "/etc/passwd", "a/../../x", "", "a//b", "./a"}) {
            assertThatThrownBy(() -> storage().get(key)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
