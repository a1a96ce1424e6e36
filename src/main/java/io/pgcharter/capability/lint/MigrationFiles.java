package io.pgcharter.capability.lint;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.MigrationPlan.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of migrations, in the order in which they are applied. Those that undo are left out.
final class MigrationFiles {
    private static final Pattern FLYWAY = Pattern.compile("V([0-9]+(?:[._][0-9]+)*)__.*\\.sql");

    /// A file's text, without a byte order mark.
    ///
    /// @param name relative to the directory, or as it was asked for
    record Text(String name, String sql) {}

    private MigrationFiles() {}

    /// @throws ProblemException `NOT_FOUND` if there is no such directory; `SQL_INVALID` for a file that is not
    /// UTF-8
    static List<Text> of(Layout layout, Path directory) {
        List<Path> files = switch (layout) {
            case PRISMA ->
                children(directory).stream()
                        .map(migration -> migration.resolve("migration.sql"))
                        .filter(Files::isRegularFile)
                        .toList();
            case FLYWAY -> flyway(children(directory));
            case PLAIN ->
                children(directory).stream().filter(MigrationFiles::isPlain).toList();
        };
        return files.stream()
                .map(file -> read(file, directory.relativize(file).toString()))
                .toList();
    }

    /// Files by themselves; of a directory those that end in `.sql`.
    static List<Text> of(List<String> paths) {
        return paths.stream()
                .flatMap(path -> Files.isDirectory(Path.of(path))
                        ? children(Path.of(path)).stream().filter(MigrationFiles::isPlain)
                        : Stream.of(Path.of(path)))
                .map(file -> read(file, file.toString()))
                .toList();
    }

    private static boolean isPlain(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".sql") && !name.endsWith(".down.sql") && Files.isRegularFile(file);
    }

    private static List<Path> flyway(List<Path> files) {
        Stream<Path> versioned = files.stream()
                .filter(file -> version(file).isPresent())
                .sorted(Comparator.comparing(file -> version(file).orElseThrow(), MigrationFiles::compare));
        Stream<Path> repeatable =
                files.stream().filter(file -> file.getFileName().toString().matches("R__.*\\.sql"));
        return Stream.concat(versioned, repeatable).toList();
    }

    private static Optional<List<Long>> version(Path file) {
        Matcher matcher = FLYWAY.matcher(file.getFileName().toString());
        return matcher.matches()
                ? Optional.of(Pattern.compile("[._]")
                        .splitAsStream(matcher.group(1))
                        .map(Long::valueOf)
                        .toList())
                : Optional.empty();
    }

    private static int compare(List<Long> one, List<Long> other) {
        for (int at = 0; at < Math.max(one.size(), other.size()); at++) {
            int order = Long.compare(at < one.size() ? one.get(at) : 0, at < other.size() ? other.get(at) : 0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted(
                            Comparator.comparing(child -> child.getFileName().toString()))
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new ProblemException(missing(directory), e);
        } catch (IOException e) {
            throw new ProblemException(unreadable(directory, e), e);
        }
    }

    private static Text read(Path file, String name) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new Text(name, text.startsWith("\ufeff") ? text.substring(1) : text);
        } catch (NoSuchFileException e) {
            throw new ProblemException(missing(file), e);
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.SQL_INVALID,
                            "'" + file + "' is not UTF-8",
                            "some of its bytes are no characters",
                            "store it as UTF-8"),
                    e);
        } catch (IOException e) {
            throw new ProblemException(unreadable(file, e), e);
        }
    }

    private static Problem missing(Path path) {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "'" + path + "' does not exist",
                "nothing has this name",
                "ls " + path.getParent());
    }

    private static Problem unreadable(Path path, IOException e) {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "'" + path + "' cannot be read",
                String.valueOf(e.getMessage()),
                "ls -l " + path);
    }
}
