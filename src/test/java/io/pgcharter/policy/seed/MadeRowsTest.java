package io.pgcharter.policy.seed;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.policy.charter.Bounds;
import io.pgcharter.policy.charter.SeedPlan.Kind;
import io.pgcharter.policy.charter.SeedPlan.Load.Made;
import io.pgcharter.policy.charter.SeedPlan.Recipe;
import io.pgcharter.policy.charter.SeedPlan.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MadeRowsTest {
    private static final Table TRADES = new Table("public", "trades");
    private static final Recipe.Of ACCOUNT = new Recipe.Of(new Table("public", "accounts"), "id");

    private static List<List<String>> rows(Map<String, Recipe> columns, int count) {
        MadeRows rows = new MadeRows(new Made(TRADES, count, columns), Map.of(ACCOUNT, List.of("7", "8", "9")));
        return IntStream.range(0, count).mapToObj(rows::row).toList();
    }

    private static List<String> column(Recipe recipe, int count) {
        return rows(Map.of("c", recipe), count).stream().map(List::getFirst).toList();
    }

    @Test
    void rows_are_the_same_every_time_and_everywhere() {
        Map<String, Recipe> columns = new LinkedHashMap<>();
        columns.put("id", new Recipe.Count(100));
        columns.put("who", new Recipe.Like(Kind.NAME));
        columns.put("side", new Recipe.OneOf(List.of("long", "short")));
        columns.put("price", new Recipe.Between("4.00", "400"));
        columns.put("at", new Recipe.Between("2026-01-05T14:30:00Z", "2026-03-31T20:00:00Z"));

        // Written down once: whoever changes the algorithm changes everybody's seeds.
        assertThat(rows(columns, 2))
                .containsExactly(
                        List.of("100", "Pavel Garcia", "long", "96.73", "2026-03-31T00:55:42Z"),
                        List.of("101", "Zoe Kovac", "long", "140.03", "2026-03-29T12:26:20Z"));
    }

    @Test
    void a_column_that_is_added_changes_no_other() {
        Map<String, Recipe> more = new LinkedHashMap<>();
        more.put("first", new Recipe.Like(Kind.CITY));
        more.put("c", new Recipe.Like(Kind.COMPANY));

        assertThat(rows(more, 50)).extracting(List::getLast).isEqualTo(column(new Recipe.Like(Kind.COMPANY), 50));
    }

    @Test
    void values_lie_between_their_bounds_and_reach_all_there_is() {
        assertThat(column(new Recipe.Between("1", "6"), 200)).containsOnly("1", "2", "3", "4", "5", "6");
        assertThat(column(new Recipe.Between("-0.5", "1.25"), 500)).allSatisfy(text -> {
            assertThat(new BigDecimal(text)).isBetween(new BigDecimal("-0.5"), new BigDecimal("1.25"));
            assertThat(new BigDecimal(text).scale()).isEqualTo(2);
        });
        assertThat(column(new Recipe.Between("2026-02-27", "2026-03-02"), 200))
                .containsOnly("2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02");
        assertThat(column(new Recipe.Between("2026-01-01T00:00:00Z", "2026-01-01T00:00:09Z"), 300))
                .extracting(Instant::parse)
                .allSatisfy(at -> assertThat(at)
                        .isBetween(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:09Z")))
                .hasSize(300);
        assertThat(column(ACCOUNT, 100)).containsOnly("7", "8", "9");
    }

    @Test
    void mail_addresses_are_unique_and_nobodys() {
        assertThat(column(new Recipe.Like(Kind.EMAIL), 2_000))
                .doesNotHaveDuplicates()
                .allMatch(address -> address.matches("[a-z]+\\.[a-z]+[0-9]+@example\\.com"));
        assertThat(column(new Recipe.Like(Kind.UUID), 2_000))
                .doesNotHaveDuplicates()
                .allSatisfy(text -> assertThat(UUID.fromString(text).version()).isEqualTo(8))
                .allSatisfy(text -> assertThat(UUID.fromString(text).variant()).isEqualTo(2));
        assertThat(column(new Recipe.Like(Kind.SENTENCE), 20)).allMatch(text -> text.endsWith("."));
    }

    @Test
    void what_is_no_pair_of_bounds_is_told() {
        assertThat(Bounds.isPair("6", "1")).isFalse();
        assertThat(Bounds.isPair("1", "x")).isFalse();
        assertThat(Bounds.isPair("2026-13-01", "2026-12-01")).isFalse();
        assertThat(Bounds.isPair("2026-01-01", "5")).isFalse();
        assertThat(Bounds.isPair("1", "1")).isTrue();
        assertThat(Bounds.isPair(LocalDate.MIN.plusDays(9).toString(), "x")).isFalse();
    }
}
