package io.pgcharter.platform.layout;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A directory of migrations and the files in it.
final class Directory {
    private final Path path;
    private final long bytesMost;

    /// @param bytesMost the most that a file may have
    Directory(Path path, long bytesMost) {
        this.path = path;
        this.bytesMost = bytesMost;
    }

    /// What one file says.
    ///
    /// @param text with its byte order mark, if it has one
    record Read(String text) {
        boolean isMarked() {
            return SqlText.isMarked(text);
        }

        String unmarked() {
            return SqlText.unmarked(text);
        }
    }

    Path path() {
        return path;
    }

    /// What stands in it, by name; hidden files are left out.
    List<Path> entries() {
        return list(path, 1);
    }

    /// Every file below it, by path; hidden ones are left out.
    List<Path> files() {
        return list(path, Integer.MAX_VALUE).stream()
                .filter(Files::isRegularFile)
                .toList();
    }

    private static List<Path> list(Path top, int depth) {
        try (Stream<Path> found = Files.walk(top, depth)) {
            return found.filter(entry -> !entry.equals(top))
                    .filter(entry -> !isHidden(top.relativize(entry)))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw unreadable(top, new IOException(e));
        } catch (IOException e) {
            throw unreadable(top, e);
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    /// @throws ProblemException `MIGRATIONS_INVALID` if it is too large or no UTF-8
    Read read(Path file) {
        try {
            long size = Files.size(file);
            if (size > bytesMost) {
                throw new ProblemException(
                        ProblemCode.MIGRATIONS_INVALID,
                        "'" + file + "' has " + size + " bytes, more than the " + bytesMost
                                + " that a migration may have",
                        "each statement is parsed before anything is done, and a tree of this file would take some "
                                + size / 100_000 + " MB of memory",
                        "keep what changes the schema in it; rows belong into a seed, or into COPY by a program of yours");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return new Read(text);
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.MIGRATIONS_INVALID,
                            "'" + file + "' is no UTF-8",
                            "migrations are read as UTF-8, whatever the machine's locale is",
                            "convert it: iconv -f LATIN1 -t UTF-8"),
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ProblemException unreadable(Path file, IOException e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.MIGRATIONS_INVALID,
                        "'" + file + "' cannot be read",
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "look at the path that the charter's section migrations names, and at the file's permissions"),
                e);
    }
}
