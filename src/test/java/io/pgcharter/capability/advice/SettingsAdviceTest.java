package io.pgcharter.capability.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Report.AdviceKind;
import io.pgcharter.model.operation.Report.AdviceRow;
import io.pgcharter.policy.charter.MaintenancePlan.Disk;
import io.pgcharter.policy.charter.MaintenancePlan.Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SettingsAdviceTest {
    private static final long GB = 1L << 30;
    private static final Server TOLD = new Server(OptionalLong.of(16 * GB), OptionalInt.of(8), Optional.of(Disk.SSD));

    /// A server of 16 GB that is set up as it should be.
    private final Map<String, String> settings = new HashMap<>(Map.of(
            "shared_buffers",
            Long.toString(4 * GB),
            "effective_cache_size",
            Long.toString(12 * GB),
            "maintenance_work_mem",
            Long.toString(GB),
            "work_mem",
            Long.toString(32 << 20),
            "max_connections",
            "100",
            "random_page_cost",
            "1.1",
            "checkpoint_completion_target",
            "0.9",
            "max_wal_size",
            Long.toString(8 * GB),
            "wal_compression",
            "off",
            "autovacuum_vacuum_scale_factor",
            "0.2"));

    private long timed = 100;
    private long asked;
    private long files;
    private long temporary;
    private long wal;
    private long images;
    private List<ServerReadings.LargeTable> tables = List.of();

    private List<AdviceRow> advice(Server told) {
        return new SettingsAdvice(
                        new ServerReadings(
                                settings,
                                List.of("shared_buffers"),
                                timed,
                                asked,
                                files,
                                temporary,
                                wal,
                                images,
                                tables),
                        told)
                .advice();
    }

    @Test
    void a_server_that_is_set_up_well_gets_no_advice() {
        assertThat(advice(TOLD)).isEmpty();
    }

    @Test
    void what_ships_with_postgresql_is_too_small_for_a_large_server() {
        settings.putAll(Map.of(
                "shared_buffers", Long.toString(128L << 20),
                "effective_cache_size", Long.toString(4 * GB),
                "maintenance_work_mem", Long.toString(64L << 20),
                "random_page_cost", "4",
                "checkpoint_completion_target", "0.5"));

        assertThat(advice(TOLD))
                .extracting(AdviceRow::subject)
                .containsExactly(
                        "shared_buffers: 4GB instead of 128 MB",
                        "effective_cache_size: 12GB instead of 4096 MB",
                        "maintenance_work_mem: 1GB instead of 64 MB",
                        "random_page_cost: 1.1 instead of 4",
                        "checkpoint_completion_target: 0.9 instead of 0.5");
        assertThat(advice(TOLD).getFirst().price()).startsWith("a restart of the server; ");
        assertThat(advice(TOLD).get(1).sql()).hasSize(2);
    }

    @Test
    void without_facts_what_depends_on_them_is_unknown() {
        settings.put("random_page_cost", "4");

        List<AdviceRow> advice = advice(new Server(OptionalLong.empty(), OptionalInt.empty(), Optional.empty()));

        assertThat(advice)
                .allMatch(row -> row.kind() == AdviceKind.UNKNOWN && row.sql().isEmpty());
        assertThat(advice).extracting(AdviceRow::subject).hasSize(2).last().isEqualTo("random_page_cost");
    }

    @Test
    void work_mem_that_could_take_all_memory_and_one_that_spills_are_told_apart() {
        settings.put("work_mem", Long.toString(GB));
        assertThat(advice(TOLD))
                .singleElement()
                .satisfies(row -> assertThat(row.subject()).isEqualTo("work_mem: 40MB instead of 1024 MB"));

        settings.put("work_mem", Long.toString(4 << 20));
        assertThat(advice(TOLD)).isEmpty();
        files = 12;
        temporary = 5 * GB;
        assertThat(advice(TOLD))
                .singleElement()
                .satisfies(row -> assertThat(row.evidence())
                        .startsWith("12 sorts and hashes went to disk, 5120 MB in all, with 4096 kB each"));
    }

    @Test
    void checkpoints_that_come_early_ask_for_more_wal() {
        asked = 51;
        assertThat(advice(TOLD))
                .singleElement()
                .satisfies(row -> assertThat(row.sql()).first().isEqualTo("ALTER SYSTEM SET max_wal_size = '16GB'"));

        timed = 3;
        asked = 9;
        assertThat(advice(TOLD)).as("too few to say").isEmpty();
    }

    @Test
    void whole_pages_in_the_wal_ask_for_compression() {
        wal = 10 * GB;
        images = 4 * GB / 8192;
        assertThat(advice(TOLD))
                .singleElement()
                .satisfies(row -> assertThat(row.subject()).isEqualTo("wal_compression: on instead of off"));

        settings.put("wal_compression", "lz4");
        assertThat(advice(TOLD)).isEmpty();
    }

    @Test
    void a_large_table_asks_for_a_scale_factor_of_its_own() {
        tables = List.of(new ServerReadings.LargeTable("s.t", "s.t", 50_000_000));

        assertThat(advice(TOLD)).singleElement().satisfies(row -> {
            assertThat(row.evidence())
                    .isEqualTo("it has 50,000,000 rows, and autovacuum begins when 10,000,000 of them are dead");
            assertThat(row.sql()).containsExactly("ALTER TABLE s.t SET (autovacuum_vacuum_scale_factor = 0.01)");
        });
    }
}
