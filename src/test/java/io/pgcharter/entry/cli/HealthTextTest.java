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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthTextTest {
    private static final RepositoryName VAULT = new RepositoryName("vault");
    private static final Instant NOW = Instant.parse("2026-11-20T03:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final HealthText text = new HealthText(
            new Screen(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    Optional.empty(),
                    false,
                    false,
                    false,
                    100),
            NOW);

    private String shown() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_whole_repository_is_one_line_and_what_was_read() {
        text.check(new Report.RepositoryCheck(
                VAULT,
                12,
                340,
                9_001,
                160_000_000,
                10,
                30,
                Optional.of(NOW.minusSeconds(9 * 86_400)),
                List.of(),
                List.of()));

        assertThat(shown()).isEqualTo("""
                ✓ repository vault is whole: 12 snapshots, 340 packs, 9,001 blobs
                  read    10 packs, 160 MB now, 30 packs remain due; every pack was read, the oldest 9 d ago
                """);
    }

    @Test
    void damage_is_shown_with_costs_and_remedy_and_a_long_list_is_cut() {
        List<String> costs = IntStream.range(0, 12)
                .mapToObj(number -> "backup 1f2e3d4" + number % 10 + " of shop")
                .toList();
        text.check(new Report.RepositoryCheck(
                VAULT,
                12,
                340,
                9_001,
                0,
                0,
                0,
                Optional.empty(),
                List.of(new Report.Finding("the pack 'abc' is missing", costs, "do this")),
                List.of(new Report.Finding("the pack 'def' is listed by no index", List.of(), ""))));

        assertThat(shown()).startsWith("""
                        repository vault is damaged (12 snapshots, 340 packs, 9,001 blobs):
                          read    no pack now; not every pack was ever read

                          the pack 'abc' is missing
                            costs   backup 1f2e3d40 of shop
                                    backup 1f2e3d41 of shop
                        """).endsWith("""
                                    backup 1f2e3d49 of shop
                                    and 2 more: see them all with --json
                            remedy  do this

                          no damage, but not needed by any backup:
                            the pack 'def' is listed by no index
                        """);
    }

    @Test
    void a_repair_says_what_it_did_and_what_is_lost() {
        text.repair(new Report.RepositoryRepair(
                VAULT, 1, 0, List.of("listed 1 packs in a new index"), List.of("backup 1f2e3d40 of shop: table a.b")));
        text.repair(new Report.RepositoryRepair(VAULT, 0, 0, List.of(), List.of()));

        assertThat(shown()).isEqualTo("""
                repository vault is repaired, but not whole
                  listed 1 packs in a new index
                  lost:
                    backup 1f2e3d40 of shop: table a.b
                ✓ repository vault needed no repair
                """);
    }
}
