package io.pgcharter.entry.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run.Unit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final RunId RUN = new RunId("0123456789ab");

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void without_a_terminal_a_step_is_one_line_at_its_end() {
        try (Progress progress = progress(false)) {
            progress.stepBegun(RUN, 1, "copying tables", 1000, Unit.BYTES);
            now = now.plusMillis(1500);
            progress.stepMoved(RUN, 1, 500);
            progress.stepEnded(RUN, 1, 1000);
        }

        assertThat(text()).isEqualTo("copying tables: 1.0 kB in 1.5 s\n");
    }

    @Test
    void without_a_terminal_a_step_that_takes_long_is_announced_once() {
        try (Progress progress = progress(false)) {
            progress.stepBegun(RUN, 1, "copying tables", 1000, Unit.BYTES);
            for (int second = 1; second <= 9; second++) {
                now = now.plusSeconds(1);
                progress.stepMoved(RUN, 1, second * 100L);
            }
            assertThat(text()).isEqualTo("copying tables …\n");
            progress.stepEnded(RUN, 1, 1000);
        }

        assertThat(text()).isEqualTo("copying tables …\ncopying tables: 1.0 kB in 9.0 s\n");
    }

    @Test
    void on_a_terminal_a_bar_shows_part_rate_and_time_left() {
        try (Progress progress = progress(true)) {
            progress.stepBegun(RUN, 1, "copying", 10_000, Unit.BYTES);
            now = now.plusSeconds(2);
            progress.stepMoved(RUN, 1, 5_000);
        }

        assertThat(text()).contains("copying  ━━━━━━━━━━━━────────────  50 %  5.0 kB of 10.0 kB  2.5 kB/s  2.0 s left");
    }

    @Test
    void bars_are_drawn_at_most_ten_times_a_second() {
        Progress progress = progress(true);
        progress.stepBegun(RUN, 1, "copying", 1000, Unit.ITEMS);
        int before = text().length();
        for (int moved = 1; moved <= 99; moved++) {
            now = now.plusMillis(1);
            progress.stepMoved(RUN, 1, moved);
        }
        assertThat(text()).hasSize(before);

        now = now.plusMillis(1);
        progress.stepMoved(RUN, 1, 100);
        assertThat(text().length()).isGreaterThan(before);
    }

    @Test
    void no_bar_is_wider_than_the_terminal() {
        Progress progress = progress(true);
        progress.stepBegun(RUN, 1, "a".repeat(200), Long.MAX_VALUE, Unit.BYTES);
        now = now.plusSeconds(1);
        progress.stepMoved(RUN, 1, 1_000_000_007);

        assertThat(text().replaceAll("\u001b\\[[0-9]*[A-Z]", "").lines()).allMatch(line -> line.length() < 100);
    }

    @Test
    void a_step_that_never_began_is_ignored() {
        Progress progress = progress(false);
        progress.stepMoved(RUN, 7, 1);
        progress.stepEnded(RUN, 7, 1);

        assertThat(text()).isEmpty();
    }

    private Progress progress(boolean moves) {
        PrintStream stream = new PrintStream(shown, true, StandardCharsets.UTF_8);
        return new Progress(new Screen(stream, stream, Optional.empty(), moves, false, false, 100), () -> now);
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
