package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A check and a repair with the whole program behind them, on a backup of a database.
@Timeout(90)
class RepositoryHealthIT {
    private static final Operation.Reading DUE = new Operation.Reading(Duration.ofDays(30), 100);

    private final Scene scene = Scene.on(15);

    @AfterEach
    void end() {
        scene.close();
    }

    private Report.RepositoryCheck check(Optional<Operation.Reading> reading) {
        return (Report.RepositoryCheck) scene.done(new Operation.RepositoryCheck(Scene.VAULT, reading));
    }

    private Report.RepositoryRepair repair() {
        return (Report.RepositoryRepair) scene.done(new Operation.RepositoryRepair(Scene.VAULT, Optional.empty()));
    }

    private Path vault() {
        return scene.directory.resolve("vault");
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.walk(vault().resolve("data"))) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(file -> file.toFile().length()))
                    .toList();
        }
    }

    private void backup() {
        scene.execute(
                Scene.SHOP,
                "create table orders (id int primary key, note text); insert into orders select i,"
                        + " md5(random()::text) || md5(random()::text) from generate_series(1, 40000) i;"
                        + "create table item (id int primary key); insert into item values (1)");
        scene.backup();
    }

    /// @return what restic's own check said; empty if it found nothing wrong
    private Optional<String> restic() throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("restic", "--no-cache", "-r", vault().toString(), "check", "--read-data");
        builder.environment().put("RESTIC_PASSWORD", scene.variables.getOrDefault("VAULT_PASSWORD", ""));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.empty() : Optional.of(said);
    }

    @Test
    void a_damaged_pack_is_named_with_the_table_it_costs_and_what_is_lost_stays_named_after_the_repair()
            throws Exception {
        backup();
        Path pack = packs().getLast();
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 4;
        Files.write(pack, bytes);

        Report.Finding finding = check(Optional.of(DUE)).findings().getFirst();
        assertThat(finding.fact()).contains(pack.getFileName().toString(), "cannot be read");
        assertThat(finding.costs())
                .singleElement()
                .satisfies(cost -> assertThat(cost)
                        .startsWith("backup ")
                        .contains(" of shop, ", "table public.orders (40000 rows): ", " bytes lost")
                        .doesNotContain("item"));
        assertThat(finding.remedy())
                .contains("pgcharter repository repair vault --from OTHER", "pgcharter backup shop --to vault");

        Report.RepositoryRepair repaired = repair();
        assertThat(repaired.lost()).singleElement().asString().contains("table public.orders");
        assertThat(repaired.done()).anySatisfy(line -> assertThat(line).contains("pgcharter/damaged/data/"));
        assertThat(vault().resolve("pgcharter/damaged").resolve(vault().relativize(pack)))
                .hasBinaryContent(bytes);
        assertThat(check(Optional.of(DUE)).findings())
                .singleElement()
                .satisfies(left -> assertThat(left.fact()).contains("in no index and in no pack"));
        assertThat(restic()).hasValueSatisfying(said -> assertThat(said).contains("error"));
    }

    @Test
    void a_lost_index_is_rebuilt_and_restic_finds_nothing_wrong_and_the_backup_is_proven() throws Exception {
        backup();
        try (Stream<Path> indexes = Files.list(vault().resolve("index"))) {
            for (Path index : indexes.toList()) {
                Files.write(index, new byte[300]);
            }
        }
        Report.RepositoryCheck found = check(Optional.empty());
        assertThat(found.findings())
                .isNotEmpty()
                .allSatisfy(finding ->
                        assertThat(finding.remedy()).isEqualTo("nothing is lost: pgcharter repository repair vault"));
        assertThat(found.findings().stream().flatMap(each -> each.costs().stream()))
                .anySatisfy(cost -> assertThat(cost).contains(" of shop, ", "cannot be read until the repair"));

        assertThat(repair().lost()).isEmpty();
        assertThat(check(Optional.of(DUE)).findings()).isEmpty();
        assertThat(restic()).isEmpty();
        scene.verify(scene.backups().getFirst().backup());
    }

    @Test
    void a_second_reading_reads_nothing_until_packs_are_added_or_due_and_survives_a_restart() {
        backup();
        Report.RepositoryCheck first = check(Optional.of(DUE));
        assertThat(first.readPackCount()).isEqualTo(first.packCount()).isPositive();
        scene.restart();
        Report.RepositoryCheck second = check(Optional.of(DUE));
        assertThat(second.readBytes()).isZero();
        assertThat(second.duePackCount()).isZero();
        assertThat(second.oldestReadAt()).isPresent();

        scene.execute(Scene.SHOP, "insert into item values (2)");
        scene.backup();
        Report.RepositoryCheck third = check(Optional.of(DUE));
        assertThat(third.readPackCount()).isEqualTo(third.packCount() - first.packCount());
        assertThat(check(Optional.of(new Operation.Reading(Duration.ZERO, 100))).readPackCount())
                .isEqualTo(third.packCount());
    }

    @Test
    void a_repository_that_cannot_be_opened_for_damage_is_a_finding_that_names_the_file() throws Exception {
        Path config = vault().resolve("config");
        byte[] bytes = Files.readAllBytes(config);
        bytes[20] ^= 1;
        Files.setPosixFilePermissions(config, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.write(config, bytes);

        assertThat(check(Optional.empty()).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.fact()).contains("'config' is damaged");
            assertThat(finding.costs()).singleElement().asString().contains("every backup");
            assertThat(finding.remedy()).contains("copy of the repository");
        });
    }
}
