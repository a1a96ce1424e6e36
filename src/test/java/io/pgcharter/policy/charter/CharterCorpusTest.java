package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file `charters/*.yaml` is a bad charter; beside it, `*.errors` holds the headlines it must be refused with,
/// all of them, in order. To accept new wording: run with `-Dcharters.accept=true`, then read the difference.
class CharterCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/io/pgcharter/policy/charter/charters");

    static List<Path> charters() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("charters")
    void a_bad_charter_is_refused_with_every_error_at_its_place(Path charter) throws IOException {
        List<String> headlines =
                errors(charter).stream().map(CharterError::headline).toList();
        Path expected = Path.of(charter.toString().replace(".yaml", ".errors"));
        if (Boolean.getBoolean("charters.accept")) {
            Files.write(expected, headlines);
        }
        assertThat(headlines).isEqualTo(Files.readAllLines(expected));
    }

    @ParameterizedTest
    @MethodSource("charters")
    void no_error_shows_a_secret(Path charter) throws IOException {
        assertThat(errors(charter))
                .allSatisfy(error ->
                        assertThat(error.text()).doesNotContain("hunter2").doesNotContain("4242424242"));
    }

    @ParameterizedTest
    @MethodSource("charters")
    void every_error_says_what_to_do_and_is_one_line(Path charter) throws IOException {
        assertThat(errors(charter)).allSatisfy(error -> {
            assertThat(error.remedy()).isNotBlank();
            assertThat(error.headline()).doesNotContain("\n").doesNotEndWith(".");
            assertThat(error.line()).isPositive();
            assertThat(error.column()).isPositive();
        });
    }

    @Test
    void the_corpus_is_there() throws IOException {
        assertThat(charters()).hasSizeGreaterThanOrEqualTo(15);
    }

    @Test
    void a_giant_file_is_refused_unread() {
        byte[] giant = "# comment\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        assertThat(Charters.parse(giant, "charter.yaml", Path.of("/")))
                .isInstanceOfSatisfying(
                        Charters.Rejected.class,
                        rejected -> assertThat(rejected.errors())
                                .extracting(CharterError::headline)
                                .containsExactly("charter.yaml:1:1: the charter is longer than 1 MiB"));
    }

    @Test
    void an_alias_bomb_is_refused_before_it_unfolds() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int level = 1; level < 60; level++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(level, level, level - 1, level - 1));
        }
        assertThat(Charters.parse(bomb.toString(), "charter.yaml", Path.of("/")))
                .isInstanceOf(Charters.Rejected.class);
    }

    private static List<CharterError> errors(Path charter) throws IOException {
        Charters.Reading reading = Charters.parse(
                Files.readAllBytes(charter), charter.getFileName().toString(), CORPUS);
        assertThat(reading).isInstanceOf(Charters.Rejected.class);
        return ((Charters.Rejected) reading).errors();
    }
}
