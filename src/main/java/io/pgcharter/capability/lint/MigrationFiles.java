package io.pgcharter.capability.lint;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.layout.SqlText;
import io.pgcharter.platform.sql.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files of migrations, in the order in which they are applied. Those that undo are left out.
final class MigrationFiles {

    /// A file's text, without a byte order mark.
    ///
    /// @param name relative to the directory, or as it was asked for
    record Text(String name, String sql) {}

    private MigrationFiles() {}

    /// @throws ProblemException `MIGRATIONS_INVALID` naming files that do not keep to the layout
    static List<Migration> read(Layout layout, Path directory) {
        return Layouts.read(layout, directory, SqlParser.BYTES_MOST).stream()
                .filter(migration -> migration.kind() != Kind.BASELINE)
                .toList();
    }

    static List<Text> of(List<Migration> migrations, Path directory) {
        return migrations.stream()
                .map(Migration::up)
                .map(up -> new Text(directory.relativize(Path.of(up.file())).toString(), up.text()))
                .toList();
    }

    /// Files by themselves; of a directory those that end in `.sql`.
    ///
    /// @throws ProblemException `NOT_FOUND`, `SQL_INVALID` for a file that is not UTF-8
    static List<Text> of(List<String> paths) {
        return paths.stream()
                .map(Path::of)
                .flatMap(path -> Files.isDirectory(path) ? children(path).stream() : Stream.of(path))
                .map(file -> new Text(file.toString(), SqlText.read(file)))
                .toList();
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(MigrationFiles::applies).sorted().toList();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.NOT_FOUND,
                            "'" + directory + "' cannot be read",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "ls -ld " + directory),
                    e);
        }
    }

    private static boolean applies(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".sql") && !name.endsWith(".down.sql") && Files.isRegularFile(file);
    }
}
