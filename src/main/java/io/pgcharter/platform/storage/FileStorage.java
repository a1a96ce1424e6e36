package io.pgcharter.platform.storage;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Objects as files below one directory: the key is the path. Files are readable by their owner only (0600, their
/// directories 0700). A file comes into being under a name that holds `-tmp-`, is flushed to the disk and
/// renamed.
public final class FileStorage implements Storage {
    /// restic names its unfinished files so, and ignores them.
    private static final String UNFINISHED = "-tmp-";

    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final int PIECE_BYTES = 128 * 1024;

    private final Path directory;

    /// @param directory made by the first put if it does not exist
    public FileStorage(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public void put(String key, ByteBuffer content) {
        Path file = file(key);
        Path parent = parent(file);
        Path unfinished = parent.resolve(file.getFileName() + UNFINISHED + UUID.randomUUID());
        try {
            Files.createDirectories(parent, DIRECTORY_MODE);
            try {
                write(unfinished, content);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                removeAfterFailure(unfinished, e);
                throw e;
            }
            flushDirectory(parent);
        } catch (IOException e) {
            throw problem("write", key, e);
        }
    }

    private static void write(Path file, ByteBuffer content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try (FileChannel channel = FileChannel.open(file, options, FILE_MODE)) {
            while (content.hasRemaining()) {
                ByteBuffer piece = piece(content);
                content.position(content.position() + channel.write(piece));
            }
            channel.force(true);
        }
    }

    /// The next bytes of it. The JDK copies what is read or written through a buffer of its own, as large as what
    /// it is given; a small one stays in the processor's cache and is kept for the next time.
    private static ByteBuffer piece(ByteBuffer bytes) {
        return bytes.slice(bytes.position(), Math.min(PIECE_BYTES, bytes.remaining()));
    }

    private static void removeAfterFailure(Path unfinished, IOException failure) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /// Without this a renamed file may be gone after a power cut.
    private static void flushDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public byte[] get(String key) {
        try {
            return Files.readAllBytes(file(key));
        } catch (IOException e) {
            throw problem("read", key, e);
        }
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        try (FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ)) {
            int total = 0;
            while (target.hasRemaining()) {
                int count = channel.read(piece(target), offset + total);
                if (count < 0) {
                    break;
                }
                target.position(target.position() + count);
                total += count;
            }
            return total;
        } catch (IOException e) {
            throw problem("read", key, e);
        }
    }

    @Override
    public List<Entry> list(String prefix) {
        List<Entry> entries = new ArrayList<>();
        visit(prefix, (file, size) -> {
            if (!isUnfinished(file)) {
                entries.add(new Entry(key(file), size));
            }
        });
        entries.sort(Comparator.comparing(Entry::key));
        return entries;
    }

    private void visit(String prefix, FileReceiver receiver) {
        Path start = prefix.isEmpty() ? directory : file(prefix.substring(0, prefix.length() - 1));
        try {
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (file.equals(start)) {
                        throw new NotDirectoryException(file.toString());
                    }
                    receiver.receive(file, attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    // Somebody else may remove files while we look.
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw problem("list", prefix, e);
        }
    }

    @Override
    public boolean exists(String key) {
        Path file = file(key);
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            // Java says so too where a file stands in the directory's place; that is no empty storage.
            if (Files.isRegularFile(directory)) {
                throw problem("read", key, new NotDirectoryException(directory.toString()));
            }
            return false;
        } catch (IOException e) {
            throw problem("read", key, e);
        }
    }

    @Override
    public void delete(String key) {
        Path file = file(key);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw problem("remove", key, e);
        }
    }

    @Override
    public void removeUnfinished() {
        visit("", (file, size) -> {
            if (isUnfinished(file)) {
                Files.deleteIfExists(file);
            }
        });
    }

    @Override
    public String location() {
        return directory.toString();
    }

    private interface FileReceiver {
        void receive(Path file, long sizeBytes) throws IOException;
    }

    private static boolean isUnfinished(Path file) {
        return file.toString().contains(UNFINISHED);
    }

    private String key(Path file) {
        return directory.relativize(file).toString();
    }

    private Path file(String key) {
        return directory.resolve(Storage.checked(key));
    }

    private Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? directory : parent;
    }

    private ProblemException problem(String verb, String key, IOException e) {
        String place = "'" + directory.resolve(key) + "'";
        if (e instanceof NoSuchFileException && verb.equals("read")) {
            return problem(
                    e,
                    ProblemCode.NOT_FOUND,
                    place + " does not exist",
                    "it was removed, or was never written",
                    "look at the directory: ls -l " + directory);
        }
        String reason = reason(e);
        if (reason.contains("No space left")
                || reason.contains("quota exceeded")
                || reason.contains("File too large")) {
            return problem(
                    e,
                    ProblemCode.STORAGE_FULL,
                    "no room to write " + place,
                    reason,
                    "make room, then run again; see what is full: df -h " + directory);
        }
        return problem(
                e,
                ProblemCode.STORAGE_UNREACHABLE,
                "cannot " + verb + " " + place,
                reason,
                "see that the directory exists and belongs to this user: ls -ld " + directory);
    }

    private static ProblemException problem(IOException e, ProblemCode code, String fact, String cause, String remedy) {
        return new ProblemException(new io.pgcharter.model.problem.Problem(code, fact, cause, remedy), e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "a file stands where a directory is needed: '" + e.getMessage() + "'";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        String message = e.getMessage();
        String name = e.getClass().getSimpleName();
        if (message == null) {
            return name;
        }
        // A plain IOException carries the system's own words.
        return e.getClass() == IOException.class ? message : name + ": " + message;
    }
}
