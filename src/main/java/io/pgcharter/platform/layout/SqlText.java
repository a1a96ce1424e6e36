package io.pgcharter.platform.layout;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file of SQL that stands by itself.
public final class SqlText {
    private static final String MARK = "\uFEFF";

    private SqlText() {}

    /// What the file says, without its byte order mark.
    ///
    /// @throws ProblemException `NOT_FOUND` if there is none that can be read, `SQL_INVALID` if it is not UTF-8
    public static String read(Path file) {
        try {
            return unmarked(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.SQL_INVALID,
                            "'" + file + "' is no UTF-8",
                            "SQL is read as UTF-8, whatever the machine's locale is",
                            "convert it: iconv -f LATIN1 -t UTF-8"),
                    e);
        } catch (NoSuchFileException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.NOT_FOUND,
                            "'" + file + "' does not exist",
                            "nothing has this name",
                            "ls " + file.toAbsolutePath().getParent()),
                    e);
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.NOT_FOUND,
                            "'" + file + "' cannot be read",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "ls -ld " + file),
                    e);
        }
    }

    static boolean isMarked(String text) {
        return text.startsWith(MARK);
    }

    static String unmarked(String text) {
        return isMarked(text) ? text.substring(MARK.length()) : text;
    }
}
