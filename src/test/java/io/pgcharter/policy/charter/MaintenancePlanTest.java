package io.pgcharter.policy.charter;

import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.policy.charter.MaintenancePlan.Disk;
import io.pgcharter.policy.charter.PartitionPlan.Period;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaintenancePlanTest {
    private static final String HEAD = """
            charter: 1
            environments: { production: {} }
            databases: { shop: { environment: production, url: "${env:SHOP}" } }
            """;
    private static final ZoneId ZAGREB = ZoneId.of("Europe/Zagreb");

    private static MaintenancePlan.Plan plan(String maintenance) {
        return switch (Charters.parse(HEAD + maintenance, "charter.yaml", Path.of("/"))) {
            case Charters.Parsed(Charter charter, var _) ->
                charter.serving().maintenance().of(new DatabaseName("shop"));
            case Charters.Rejected rejected -> throw new AssertionError(rejected.errors());
        };
    }

    @Test
    void every_key_is_read() {
        MaintenancePlan.Plan plan = plan("""
                maintenance:
                  shop:
                    window: { from: "22:30", to: "04:00", days: [sat, sun] }
                    timezone: Europe/Zagreb
                    vacuum: { dead-rows: 5%, min-rows: 10 }
                    reindex: { bloat: 40%, min-size: 8MB }
                    statistics: { changed: 3%, min-rows: 7 }
                    partitions:
                      - { table: market.ticks, by: day, ahead: 14, keep: 90, detached-schema: attic }
                      - { table: market.days, by: month, ahead: 2, then: keep, name: "d{year}_{month}" }
                    lock-timeout: 1s
                    patience: 2m
                    attempts: 5
                    server: { memory: 16GB, cores: 8, disk: ssd }
                """);

        assertThat(plan.window())
                .contains(new MaintenanceWindow(
                        LocalTime.of(22, 30), LocalTime.of(4, 0), Set.of(SATURDAY, SUNDAY), ZAGREB));
        assertThat(plan.vacuum()).isEqualTo(new MaintenancePlan.Vacuum(5, 10));
        assertThat(plan.reindex()).isEqualTo(new MaintenancePlan.Reindex(40, 8L << 20));
        assertThat(plan.statistics()).isEqualTo(new MaintenancePlan.Statistics(3, 7));
        assertThat(plan.waiting())
                .isEqualTo(new MaintenancePlan.Waiting(Duration.ofSeconds(1), Duration.ofMinutes(2), 5));
        assertThat(plan.server().memoryBytes()).hasValue(16L << 30);
        assertThat(plan.server().cores()).hasValue(8);
        assertThat(plan.server().disk()).contains(Disk.SSD);
        assertThat(plan.partitions())
                .extracting(PartitionPlan::name, PartitionPlan::detaches, PartitionPlan::keep, PartitionPlan::line)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ticks_{year}{month}{day}", true, OptionalInt.of(90), 12),
                        org.assertj.core.groups.Tuple.tuple("d{year}_{month}", false, OptionalInt.empty(), 13));
        assertThat(plan.line()).isEqualTo(5);
    }

    @Test
    void what_the_charter_leaves_out_has_a_default() {
        assertThat(plan("")).isEqualTo(MaintenancePlan.Plan.DEFAULT);
        assertThat(plan("maintenance: { shop: {} }").vacuum()).isEqualTo(MaintenancePlan.Vacuum.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T00:59:59Z, false", // Saturday
        "2026-11-21T01:00:00Z, true",
        "2026-11-21T04:59:59Z, true",
        "2026-11-21T05:00:00Z, false",
        "2026-11-20T02:00:00Z, false", // Friday
    })
    void a_window_begins_with_its_first_minute_and_ends_before_its_last(Instant now, boolean open) {
        MaintenanceWindow window =
                new MaintenanceWindow(LocalTime.of(1, 0), LocalTime.of(5, 0), Set.of(SATURDAY), ZoneOffset.UTC);

        assertThat(window.contains(now)).isEqualTo(open);
    }

    @Test
    void a_window_over_midnight_belongs_to_the_day_it_begins_on() {
        MaintenanceWindow window =
                new MaintenanceWindow(LocalTime.of(22, 0), LocalTime.of(4, 0), Set.of(SATURDAY), ZAGREB);

        assertThat(window.contains(Instant.parse("2026-11-21T21:00:00Z"))).isTrue();
        assertThat(window.contains(Instant.parse("2026-11-22T02:59:59Z"))).isTrue();
        assertThat(window.contains(Instant.parse("2026-11-22T03:00:00Z"))).isFalse();
        assertThat(window.contains(Instant.parse("2026-11-21T02:00:00Z"))).isFalse();
        assertThat(window.toString()).isEqualTo("22:00 to 04:00 on Sat (Europe/Zagreb)");
    }

    @Test
    void a_window_goes_by_the_clocks_of_its_zone_also_when_they_are_changed() {
        MaintenanceWindow window =
                new MaintenanceWindow(LocalTime.of(2, 30), LocalTime.of(5, 0), EnumSet.allOf(DayOfWeek.class), ZAGREB);

        // 29 March 2026: from 02:00 to 03:00 there is no time, so 02:30 is 03:30.
        assertThat(window.contains(Instant.parse("2026-03-29T01:29:59Z"))).isFalse();
        assertThat(window.contains(Instant.parse("2026-03-29T01:30:00Z"))).isTrue();
        assertThat(window.opensAfter(Instant.parse("2026-03-28T12:00:00Z")))
                .isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
        assertThat(window.opensAfter(Instant.parse("2026-03-29T01:30:00Z")))
                .isEqualTo(Instant.parse("2026-03-30T00:30:00Z"));
    }

    @Property
    void a_window_is_open_when_it_opens_and_was_not_before(
            @ForAll @IntRange(max = 86_399) int from,
            @ForAll @IntRange(min = 1, max = 86_399) int minutes,
            @ForAll @IntRange(max = 366 * 24) int hour) {
        LocalTime begin = LocalTime.ofSecondOfDay(from);
        MaintenanceWindow window =
                new MaintenanceWindow(begin, begin.plusSeconds(minutes), Set.of(SUNDAY), ZoneOffset.UTC);
        Instant now = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(hour));

        Instant opens = window.opensAfter(now);

        assertThat(opens).isAfter(now);
        assertThat(window.contains(opens)).isTrue();
        assertThat(window.contains(opens.minusNanos(1))).isFalse();
    }

    @Property
    void a_partition_is_found_by_its_name(@ForAll Period by, @ForAll @IntRange(min = -10_000, max = 10_000) int days) {
        PartitionPlan plan = partitions(by, PartitionPlan.nameDefault("ticks", by));
        LocalDate begin = by.begin(LocalDate.of(2026, 1, 1).plusDays(days));

        assertThat(plan.beginOf(plan.nameOf(begin))).contains(begin);
        assertThat(by.begin(by.plus(begin, 1).minusDays(1))).isEqualTo(begin);
        assertThat(plan.nameOf(by.plus(begin, 1))).isNotEqualTo(plan.nameOf(begin));
    }

    @Test
    void weeks_are_named_by_the_year_they_belong_to() {
        PartitionPlan plan = partitions(Period.WEEK, "ticks_{year}w{week}");

        assertThat(plan.nameOf(LocalDate.of(2024, 12, 30))).isEqualTo("ticks_2025w01");
        assertThat(plan.beginOf("ticks_2026w53")).contains(LocalDate.of(2026, 12, 28));
        assertThat(plan.beginOf("ticks_2025w53")).isEmpty();
        assertThat(plan.beginOf("ticks_2025w00")).isEmpty();
        assertThat(plan.beginOf("xticks_2025w01")).isEmpty();
        assertThat(partitions(Period.DAY, "t.{year}{month}{day}").beginOf("tx20260101"))
                .isEmpty();
    }

    private static PartitionPlan partitions(Period by, String name) {
        return new PartitionPlan(
                "market", "ticks", by, 1, OptionalInt.empty(), true, Optional.empty(), name, ZoneOffset.UTC, 1);
    }
}
