package io.pgcharter.platform.inventory;

import io.pgcharter.model.estate.Disk;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// The room on the file systems of this machine.
public final class Disks {
    private Disks() {}

    /// Of the file system that `directory` is on, or will be on once it is made.
    ///
    /// @throws ProblemException `STORAGE_UNREACHABLE`
    public static Disk of(Path directory) {
        Path there = directory.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            FileStore store = Files.getFileStore(there);
            return new Disk(
                    directory.toString(),
                    String.valueOf(Files.getAttribute(there, "unix:dev")),
                    store.getTotalSpace() - store.getUnallocatedSpace(),
                    store.getUsableSpace());
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STORAGE_UNREACHABLE,
                            "the room on the file system of '" + directory + "' cannot be seen",
                            e.toString(),
                            "see that it is mounted: df -h " + directory),
                    e);
        }
    }
}
