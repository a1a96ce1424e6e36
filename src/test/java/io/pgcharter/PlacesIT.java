package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Backups in two repositories: one is lost, damaged, full or not there, and the other does.
@Timeout(120)
class PlacesIT {
    private static final RepositoryName VAULT = Scene.VAULT;
    private static final RepositoryName DEPOT = new RepositoryName("depot");
    private static final List<RepositoryName> BOTH = List.of(VAULT, DEPOT);

    private static final String TABLE =
            "create table t (id int primary key, note text); insert into t select i, md5(i::text) from"
                    + " generate_series(1, 20000) i";

    private final Scene scene = new Scene(
            TestServers.fresh(15),
            TestServers.fresh(15),
            Scene.CHARTER
                    .replace("to: [vault]", "to: [vault, depot]")
                    .replace(
                            "backups:",
                            "  depot: { path: \"${env:DEPOT}\", password: \"${env:DEPOT_PASSWORD}\" }\nbackups:"));

    @BeforeEach
    void open() {
        scene.variables.put("DEPOT", place(DEPOT).toString());
        scene.variables.put("DEPOT_PASSWORD", "battery staple");
        scene.restart();
        scene.done(new Operation.RepositoryInit(VAULT));
        scene.done(new Operation.RepositoryInit(DEPOT, Optional.of(VAULT)));
        scene.execute(Scene.SHOP, TABLE);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Path place(RepositoryName name) {
        return scene.directory.resolve(name.text());
    }

    private Report.Backup backup() {
        return (Report.Backup) scene.done(new Operation.Backup(Scene.SHOP, BOTH));
    }

    private Report.RepositoryCopy copy(RepositoryName from, RepositoryName to) {
        return (Report.RepositoryCopy) scene.done(new Operation.RepositoryCopy(from, to, Optional.empty()));
    }

    private List<Report.BackupRow> backups(RepositoryName name) {
        return ((Report.Backups) scene.done(new Operation.Backups(name))).backups();
    }

    private void assertProves(RepositoryName name, BackupId backup) {
        Report.Verify proof = (Report.Verify) scene.done(new Operation.Verify(backup, name, Scene.SHOP));
        assertThat(proof.rowCount()).isGreaterThanOrEqualTo(20_000);
    }

    private void assertWhole(RepositoryName name) {
        Report.RepositoryCheck check = (Report.RepositoryCheck)
                scene.done(new Operation.RepositoryCheck(name, Optional.of(new Operation.Reading(Duration.ZERO, 100))));
        assertThat(check.findings()).isEmpty();
    }

    private static void spoil(Path repository) throws IOException {
        try (Stream<Path> packs = Files.walk(repository.resolve("data"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                bytes[bytes.length / 2] ^= 1;
                Files.write(pack, bytes);
            }
        }
    }

    @Test
    void a_backup_is_in_both_and_either_is_lost_without_loss() {
        Report.Backup backup = backup();
        Report.BackupCopy copy = backup.copies().getFirst();
        assertThat(backup.repository()).isEqualTo(VAULT);
        assertThat(copy.repository()).isEqualTo(DEPOT);
        assertThat(copy.trouble()).isEmpty();
        assertThat(backups(DEPOT))
                .singleElement()
                .satisfies(
                        row -> assertThat(row.backup()).isEqualTo(copy.backup().orElseThrow()));

        for (RepositoryName lost : BOTH) {
            RepositoryName left = lost.equals(VAULT) ? DEPOT : VAULT;
            Scene.delete(place(lost));

            assertProves(left, backups(left).getFirst().backup());
            scene.execute(Scene.COPY, "drop table if exists t");
            scene.done(new Operation.Restore(
                    backups(left).getFirst().backup(), left, Scene.SHOP, Scene.COPY, List.of(), Optional.empty()));
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from t")).isEqualTo("20000");

            scene.done(new Operation.RepositoryInit(lost, Optional.of(left)));
            assertThat(copy(left, lost).copied()).hasSize(1);
            assertThat(copy(left, lost).copied()).isEmpty();
            assertThat(copy(lost, left).copied()).isEmpty();
            // What was proven stays proven.
            assertThat(backups(lost))
                    .singleElement()
                    .satisfies(row -> assertThat(row.provenAt()).isPresent());
            assertWhole(lost);
        }
    }

    @Test
    void a_damaged_one_costs_its_own_backups_only_and_is_made_anew_from_the_other() throws IOException {
        Report.Backup first = backup();
        spoil(place(VAULT));
        scene.execute(Scene.SHOP, "update t set note = md5(note)");
        Report.Backup second = (Report.Backup) scene.done(new Operation.Backup(Scene.SHOP, VAULT));
        assertThat(backups(DEPOT)).hasSize(1);
        Scene.delete(place(DEPOT));
        scene.done(new Operation.RepositoryInit(DEPOT));

        Problem problem = scene.failed(new Operation.RepositoryCopy(VAULT, DEPOT, Optional.empty()));

        Traces.readsWell(problem);
        assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
        assertThat(problem.fact())
                .contains(first.backup().abbreviated(), "'shop'", "'vault'", "'depot'")
                .doesNotContain(second.backup().abbreviated());
        assertThat(backups(DEPOT))
                .singleElement()
                .satisfies(row -> assertThat(row.takenAt()).isEqualTo(second.takenAt()));
        assertWhole(DEPOT);

        Scene.delete(place(VAULT));
        scene.done(new Operation.RepositoryInit(VAULT));
        assertThat(copy(DEPOT, VAULT).copied()).hasSize(1);
        assertProves(VAULT, backups(VAULT).getFirst().backup());
    }

    @Test
    void a_place_that_is_down_costs_no_backup_and_is_brought_up_to_date_later() throws IOException {
        for (RepositoryName down : BOTH) {
            RepositoryName up = down.equals(VAULT) ? DEPOT : VAULT;
            Path aside = scene.directory.resolve("aside");
            Files.move(place(down), aside);
            Files.writeString(place(down), "a file stands where the directory was");

            Report.Backup backup = backup();

            assertThat(backup.repository()).isEqualTo(up);
            assertThat(backup.copies()).singleElement().satisfies(copy -> {
                assertThat(copy.repository()).isEqualTo(down);
                assertThat(copy.backup()).isEmpty();
                assertThat(copy.trouble().orElseThrow()).contains(place(down).toString());
            });
            Files.delete(place(down));
            Files.move(aside, place(down));
            assertThat(copy(up, down).copied()).hasSize(1);
            assertThat(backups(down)).hasSameSizeAs(backups(up));
        }
    }

    @Test
    void where_no_place_works_the_backup_fails_and_says_of_each_why() throws IOException {
        for (RepositoryName down : BOTH) {
            Scene.delete(place(down));
        }
        Files.writeString(place(DEPOT), "a file");

        Problem problem = scene.failed(new Operation.Backup(Scene.SHOP, BOTH));

        Traces.readsWell(problem);
        assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_MISSING);
        assertThat(problem.fact()).isEqualTo("no repository could take the backup of 'shop'");
        assertThat(problem.cause())
                .contains(place(VAULT).toString(), place(DEPOT).toString());
    }

    @Test
    void a_disk_that_fills_up_midway_costs_its_own_place_only() throws IOException {
        assumeThat(Program.isRoot()).as("mounting needs root").isTrue();
        scene.execute(
                Scene.SHOP,
                "create table bulk as select i, %1$s || %1$s || %1$s || %1$s from".formatted("md5(random()::text)")
                        + " generate_series(1, 100000) i");
        for (RepositoryName full : BOTH) {
            Path disk = Files.createDirectory(scene.directory.resolve("disk-" + full));
            run("mount", "-t", "tmpfs", "-o", "mode=755,size=3m", "none", disk.toString());
            try {
                String before = scene.variables.put(
                        full.text().toUpperCase(java.util.Locale.ROOT),
                        disk.resolve("r").toString());
                scene.restart();
                scene.done(new Operation.RepositoryInit(full));

                Report.Backup backup = backup();

                assertThat(backup.repository()).isNotEqualTo(full);
                assertThat(backup.copies().getFirst().trouble().orElseThrow()).contains("no room");
                assertThat(backups(full)).isEmpty();
                run("mount", "-o", "remount,size=100m", disk.toString());
                assertThat(copy(backup.repository(), full).copied()).isNotEmpty();
                assertProves(full, backups(full).getFirst().backup());
                scene.variables.put(full.text().toUpperCase(java.util.Locale.ROOT), String.valueOf(before));
                scene.restart();
            } finally {
                run("umount", "--lazy", disk.toString());
            }
        }
    }

    @Test
    void a_rotated_password_needs_a_confirmation_and_a_change_of_the_line_that_it_names() {
        scene.variables.put("NEW_PASSWORD", "a new one");
        scene.variables.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        // The scene's own is in use.
        scene.variables.put(
                "PGCHARTER_STATE_DIRECTORY", scene.directory.resolve("s2").toString());
        Commands commands = new Commands(scene.variables);
        String[] rotate = "repository key rotate vault --password env:NEW_PASSWORD".split(" ", -1);
        assertThat(commands.run(rotate)).isEqualTo(4);

        String[] confirmed = (String.join(" ", rotate) + " --confirm vault").split(" ", -1);
        commands.done(confirmed);
        assertThat(commands.printed()).contains("charter.yaml:9", "${env:VAULT_PASSWORD}", "${env:NEW_PASSWORD}");
        assertThat(commands.run("backups", "--repository", "vault")).isEqualTo(1);
        assertThat(commands.printed()).contains("REPOSITORY_PASSWORD");
        // Whoever did not hear that it was done runs it again.
        commands.done(confirmed);

        scene.variables.put("VAULT_PASSWORD", "a new one");
        Commands changed = new Commands(scene.variables);
        changed.done("repository", "key", "list", "vault");
        assertThat(changed.printed())
                .contains("the charter's password opens it")
                .doesNotContain("another password");
        changed.done("repository", "check", "vault");
    }

    private static void run(String... words) {
        new Program(List.of(words), Map.of(), Optional.empty(), Duration.ofSeconds(20)).runOrThrow("mount by hand");
    }
}
