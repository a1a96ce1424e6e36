package io.pgcharter.platform.pooler;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// A `pgbouncer.ini` in a directory. Its first line carries the SHA-256 of all that follows, so that one that somebody
/// changed, or wrote himself, is recognised and left alone.
public final class IniFile {
    private static final String NAME = "pgbouncer.ini";
    private static final String SEAL = "; written by pgcharter, sha256 ";

    private final Path file;

    public IniFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /// Writes all of it or nothing. What replaces a file keeps its owner, group and permissions.
    ///
    /// @param replace whether a file may go that pgcharter did not write, or that was changed since
    /// @return where it is
    /// @throws ProblemException `TARGET_NOT_EMPTY` if such a file is there, `STORAGE_UNREACHABLE`, `STORAGE_FULL`
    public Path write(String text, boolean replace) {
        Path fresh =
                file.resolveSibling("." + NAME + "." + ProcessHandle.current().pid());
        try {
            if (!replace && Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(Files.readString(file))) {
                throw new ProblemException(
                        ProblemCode.TARGET_NOT_EMPTY,
                        "'" + file + "' is there, and pgcharter did not write it as it is",
                        "somebody wrote it, or changed it since",
                        "take over what it says into the charter, then say --replace");
            }
            Optional<PosixFileAttributes> before = Files.exists(file)
                    ? Optional.of(Files.readAttributes(file, PosixFileAttributes.class))
                    : Optional.empty();
            try {
                Files.writeString(
                        fresh,
                        sealed(text),
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
                own(fresh, before);
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return file;
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STORAGE_UNREACHABLE,
                            "'" + file + "' could not be written",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "name a directory that is there and that you may write to; nothing was changed"),
                    e);
        }
    }

    private static void own(Path fresh, Optional<PosixFileAttributes> before) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        if (before.isEmpty()) {
            // PgBouncer runs as a user of its own, and there is no secret in it.
            view.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
            return;
        }
        PosixFileAttributes now = view.readAttributes();
        if (!now.owner().equals(before.get().owner())) {
            view.setOwner(before.get().owner());
        }
        if (!now.group().equals(before.get().group())) {
            view.setGroup(before.get().group());
        }
        view.setPermissions(before.get().permissions());
    }

    private static String sealed(String text) {
        return SEAL + digest(text) + "\n" + text;
    }

    private static boolean isOurs(String content) {
        int end = content.indexOf('\n');
        return end > 0 && content.substring(0, end + 1).equals(SEAL + digest(content.substring(end + 1)) + "\n");
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
