package io.pgcharter.entry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacesTextTest {
    private static final RepositoryName ONSITE = new RepositoryName("onsite");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PlacesText text() {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new PlacesText(new Screen(stream, stream, Optional.empty(), false, false, false, 100));
    }

    @Test
    void keys_are_listed_with_the_one_in_use_and_the_damaged_one() {
        Report.KeyRow sound = new Report.KeyRow(
                "a".repeat(64),
                Optional.of(Instant.parse("2026-01-01T12:00:00Z")),
                "ann",
                "db1",
                true,
                Optional.empty());
        Report.KeyRow damaged = new Report.KeyRow(
                "b".repeat(64),
                Optional.empty(),
                "",
                "",
                false,
                Optional.of("it is damaged: its SHA-256 is not its name"));

        text().keys(new Report.RepositoryKeyList(ONSITE, List.of(sound, damaged)));

        assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(2))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("aaaaaaaa", "2026-01-01", "ann@db1", "the charter's password opens it"),
                        line -> assertThat(line).contains("bbbbbbbb", "?", "it is damaged"));
    }

    @Test
    void a_copy_that_had_nothing_to_do_says_so() {
        text().copy(new Report.RepositoryCopy(ONSITE, new RepositoryName("offsite"), List.of(), 3, 0, 0, 0));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("✓ offsite has every backup of onsite that goes there (3); none was copied");
    }

    @Test
    void a_rotation_shows_what_is_left_to_do() {
        text().rotated(new Report.RepositoryKeyRotate(
                ONSITE, "a".repeat(64), List.of("b".repeat(64)), "change the line"));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("key aaaaaaaa", "removed key bbbbbbbb", "next    change the line");
    }
}
