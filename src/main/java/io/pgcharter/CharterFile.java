package io.pgcharter;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.CharterError;
import io.pgcharter.policy.charter.Charters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// The charter where it lies on disk.
final class CharterFile {
    private CharterFile() {}

    /// @throws ProblemException `CHARTER_INVALID` if there is no such file, or it cannot be read
    static Charters.Reading read(Path file) {
        try {
            Path absolute = file.toAbsolutePath();
            Path directory = absolute.getParent();
            if (directory == null || Files.isDirectory(absolute)) {
                throw new NoSuchFileException(file.toString(), null, "it is a directory");
            }
            return Charters.parse(Files.readAllBytes(absolute), file.toString(), directory);
        } catch (IOException e) {
            String cause = e instanceof NoSuchFileException ? "no such file" : e.toString();
            throw new ProblemException(
                    new Problem(
                            ProblemCode.CHARTER_INVALID,
                            "the charter '" + file + "' cannot be read",
                            cause,
                            "name it: --charter FILE, or PGCHARTER_CHARTER; to begin one, copy an example's"),
                    e);
        }
    }

    static ProblemException unusable(Path file, Charters.Rejected rejected) {
        String errors =
                rejected.errors().stream().map(CharterError::headline).collect(Collectors.joining("\n          "));
        return new ProblemException(
                ProblemCode.CHARTER_INVALID,
                "the charter '" + file + "' cannot be carried out",
                errors,
                "pgcharter check --charter " + file);
    }
}
