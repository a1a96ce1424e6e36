package io.pgcharter.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules that compiled classes no longer show.
class SourceRulesTest {
    private static final int LINES_MAX = 600;
    private static final Path MAIN = Path.of("src/main/java");

    @Test
    void every_package_has_a_sign_that_says_where_to_start() throws IOException {
        List<String> without = new ArrayList<>();
        try (Stream<Path> directories = Files.walk(MAIN.resolve("io/pgcharter"))) {
            for (Path directory : directories.filter(Files::isDirectory).toList()) {
                if (hasClasses(directory) && !directory.equals(MAIN.resolve("io/pgcharter")) && !hasSign(directory)) {
                    without.add(directory.toString());
                }
            }
        }

        assertThat(without).isEmpty();
    }

    @Test
    void no_file_is_longer_than_600_lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : javaFiles("src")) {
            int lines = Files.readAllLines(file).size();
            if (lines > LINES_MAX) {
                tooLong.add(file + ": " + lines);
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void nobody_catches_everything_or_leaves_a_note_for_later() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : javaFiles("src/main/java")) {
            String text = Files.readString(file);
            for (String banned :
                    List.of("catch (Exception ", "catch (Throwable ", "TODO", "FIXME", "@SuppressWarnings(\"all\")")) {
                if (text.contains(banned)) {
                    found.add(file + ": " + banned);
                }
            }
        }

        assertThat(found).isEmpty();
    }

    private static boolean hasClasses(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        }
    }

    private static boolean hasSign(Path directory) throws IOException {
        Path sign = directory.resolve("package-info.java");
        return Files.exists(sign)
                && Stream.of("**Start at**", "**In**", "**Out**", "**Touches**")
                        .allMatch(word -> read(sign).contains(word));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> javaFiles(String root) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
