package io.pgcharter.entry.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1234567, 1.2 MB",
        "99949999, 99.9 MB",
        "123456789, 123 MB",
        "999499999, 999 MB",
        "999500000, 1.0 GB",
        "9223372036854775807, 9.2 EB"
    })
    void sizes_have_one_decimal_below_a_hundred(long bytes, String text) {
        assertThat(Figures.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "1000, 1.0 s",
        "59999, 59.9 s",
        "60000, 1 min 00 s",
        "3599999, 59 min 59 s",
        "3600000, 1 h 00 min",
        "90000000, 25 h 00 min"
    })
    void durations_never_round_up_to_the_next_unit(long millis, String text) {
        assertThat(Figures.duration(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "-5, now",
        "0, now",
        "1, 1 s ago",
        "119, 119 s ago",
        "120, 2 min ago",
        "7200, 2 h ago",
        "172800, 2 d ago"
    })
    void ages_grow_coarser(long seconds, String text) {
        Instant then = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(Figures.age(then, then.plusSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void counts_have_separators_and_their_noun_agrees() {
        assertThat(Figures.count(1_234_567, "row")).isEqualTo("1,234,567 rows");
        assertThat(Figures.count(1, "row")).isEqualTo("1 row");
        assertThat(Figures.count(0, "row")).isEqualTo("0 rows");
    }
}
