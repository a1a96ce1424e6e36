package io.pgcharter.platform.repository;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Memory for what grows with the repository. Up to [#HEAP_BYTES_MAX] it is on the heap; more is a mapped file
/// without a name, which the kernel writes out when memory is short, and which is gone with the process. Where no
/// file can be made, it is on the heap after all. Thread-safe.
///
/// @param directory where the files are made; without one, or where it cannot be written, the system's temporary
///     one
record Scratch(Optional<Path> directory) {
    static final long HEAP_BYTES_MAX = 1024 * 1024;

    private static final int PIECE_BYTES = 64 * 1024;

    static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /// @return `bytes` zeros
    MemorySegment allocate(long bytes) {
        if (bytes > HEAP_BYTES_MAX) {
            for (Path place : places()) {
                try {
                    return file(place, bytes);
                } catch (IOException _) {
                    // Read-only, full, or another user's: the next place will do.
                }
            }
        }
        return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    }

    private List<Path> places() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        return directory.map(cache -> List.of(cache, temporary)).orElse(List.of(temporary));
    }

    private static MemorySegment file(Path place, long bytes) throws IOException {
        Files.createDirectories(place, DIRECTORY_MODE);
        // On Linux the name is gone as soon as the file is open.
        Set<StandardOpenOption> options = Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.DELETE_ON_CLOSE);
        try (FileChannel channel =
                FileChannel.open(place.resolve("scratch-" + UUID.randomUUID()), options, FILE_MODE)) {
            // Zeros are written rather than left out: a disk that is full says so here, and not when a page is written.
            ByteBuffer zeros = ByteBuffer.allocate(PIECE_BYTES);
            for (long done = 0; done < bytes; ) {
                zeros.clear().limit((int) Math.min(PIECE_BYTES, bytes - done));
                done += channel.write(zeros, done);
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
        }
    }
}
