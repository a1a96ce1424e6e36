package io.pgcharter;

import static io.pgcharter.Scene.SHOP;
import static io.pgcharter.Scene.VAULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.RetentionRow;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Restic;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Retention and pins through the corridor: what a person types, what the guard says, what is left in the repository.
class RetentionIT {
    private static final String PASSWORD = "correct horse battery";
    private static final DatabaseName COPY = Scene.COPY;
    /// Backups are taken at this time of past days.
    private final Instant today = Instant.now().minus(Duration.ofHours(1));

    private static final String CHARTER = Scene.CHARTER
                    .replace("vault: { path: \"${env:VAULT}\", password: \"${env:VAULT_PASSWORD}\" }", """
                    vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
                      safe: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}", append-only: true }""")
                    .replace("shop: { to: [vault], jobs: 2 }", """
                    shop: { to: [vault, safe], retention: { daily: 3 } }
                      copy: { to: [vault] }""")
            + "state: { url: \"${env:STATE_URL}\" }\n";

    private Scene scene;
    private Console console;
    private Repository vault;

    @BeforeEach
    void a_vault() {
        scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), CHARTER);
        scene.variables.put("STATE_URL", Scene.text(TestServers.fresh(15)));
        scene.done(new Operation.RepositoryInit(VAULT));
        console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        vault = Repository.open(scene.directory.resolve("vault"), new Secret(PASSWORD));
    }

    @AfterEach
    void close() {
        vault.close();
        scene.close();
    }

    @Test
    void a_plan_shows_every_backup_with_reasons_and_changes_nothing() throws IOException {
        List<Snapshot> backups = backups("shop", 5);
        save("copy", 100);
        proof(backups.get(4));

        List<RetentionRow> rows = plan();

        assertThat(rows).extracting(RetentionRow::backup).containsExactlyElementsOf(ids(backups));
        assertThat(rows).extracting(RetentionRow::isKept).containsExactly(true, true, true, false, true);
        assertThat(rows.get(0).reasons()).hasSize(2).startsWith("newest backup");
        assertThat(rows.get(3).reasons()).containsExactly("no rule keeps it");
        assertThat(rows.get(4).reasons()).containsExactly("last proven");
        assertThat(backupsThere()).hasSize(6);
    }

    @Test
    void apply_removes_what_plan_shows_and_the_proofs_of_it_and_nothing_else() throws Exception {
        List<Snapshot> backups = backups("shop", 6);
        save("copy", 100);
        Snapshot foreign = snapshot(Instant.EPOCH, List.of("/home"), List.of());
        Snapshot early = proof(backups.get(5));
        Snapshot late = proof(backups.get(4));
        List<RetentionRow> plan = plan();
        List<Snapshot> anchors = anchors();
        assertThat(anchors).isNotEmpty();

        Report.RetentionApply applied = (Report.RetentionApply) scene.done(new Operation.RetentionApply(SHOP, VAULT));

        assertThat(applied.backups()).isEqualTo(plan);
        assertThat(backupsThere())
                .containsExactlyInAnyOrder(
                        backups.get(0).id(),
                        backups.get(1).id(),
                        backups.get(2).id(),
                        backups.get(4).id(),
                        copyId());
        assertThat(listed()).contains(foreign.id(), late.id()).doesNotContain(early.id());
        assertThat(listed()).containsAll(anchors.stream().map(Snapshot::id).toList());
        assertThat(plan()).hasSize(4).allMatch(RetentionRow::isKept);
        new Restic(scene.directory.resolve("vault"), PASSWORD).run("check");
    }

    @Test
    void a_pin_keeps_a_backup_from_retention_and_from_forget_until_it_is_unpinned() throws Exception {
        List<Snapshot> backups = backups("shop", 5);
        String old = backups.get(4).id();

        assertThat(console.run("backups", "pin", old.substring(0, 8), "--because", "audit 2026"))
                .isZero();
        assertThat(console.out()).contains("is exempt from retention: audit 2026");
        assertThat(console.run("backups", "--repository", "vault")).isZero();
        assertThat(console.out().lines().filter(line -> line.contains("audit 2026")))
                .hasSize(1)
                .allMatch(line -> line.startsWith(old.substring(0, 8)));
        assertThat(new Restic(scene.directory.resolve("vault"), PASSWORD).run("snapshots", "--tag", "pgcharter-pin"))
                .contains("because=audit 2026");
        scene.done(new Operation.RetentionApply(SHOP, VAULT));
        assertThat(backupsThere()).contains(old).hasSize(4);
        assertThat(plan().getLast().reasons()).containsExactly("pinned: audit 2026");

        assertThat(console.run("repository", "forget", "vault", old.substring(0, 8), "--confirm", "vault"))
                .isEqualTo(1);
        assertThat(console.err())
                .contains(
                        "BACKUP_PINNED: backup '" + old.substring(0, 8) + "' is pinned: audit 2026",
                        "remedy: if the reason is no more: pgcharter backups unpin " + old.substring(0, 8)
                                + " --repository vault");
        assertThat(backupsThere()).contains(old);

        assertThat(console.run("backups", "unpin", old.substring(0, 8), "--confirm", "vault"))
                .isZero();
        assertThat(console.out()).contains("is pinned no longer");
        assertThat(console.run("backups", "unpin", old, "--confirm", "vault")).isZero();
        assertThat(console.out()).contains("was not pinned");
        scene.done(new Operation.RetentionApply(SHOP, VAULT));
        assertThat(backupsThere()).doesNotContain(old).hasSize(3);
    }

    @Test
    void forgetting_one_backup_forgets_the_proofs_of_it() throws IOException {
        List<Snapshot> backups = backups("shop", 2);
        Snapshot gone = proof(backups.get(1));
        Snapshot stays = proof(backups.get(0));

        assertThat(console.run(
                        "repository", "forget", "vault", backups.get(1).id().substring(0, 10), "--confirm", "vault"))
                .isZero();

        assertThat(listed()).contains(backups.get(0).id(), stays.id());
        assertThat(listed()).doesNotContain(backups.get(1).id(), gone.id());
    }

    @Test
    void what_a_pin_is_given_must_make_sense() throws IOException {
        List<Snapshot> backups = backups("shop", 1);

        assertThat(console.run("backups", "pin", "latest", "--because", "x")).isEqualTo(2);
        assertThat(console.err()).contains("'latest' was given without --database");
        assertThat(console.run("backups", "pin", "latest", "--database", "shop", "--because", " "))
                .isEqualTo(2);
        assertThat(console.err()).contains("--because gives no reason");
        assertThat(console.run("backups", "pin", "0123abcd", "--because", "x")).isEqualTo(2);
        assertThat(console.err()).contains("no backup begins with '0123abcd'");
        Problem problem = scene.failed(
                new Operation.BackupPin(new BackupId(anchors().getFirst().id()), VAULT, "an anchor is no backup"));
        assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FOUND);

        assertThat(console.run("backups", "pin", "latest", "--database", "shop", "--because", "first"))
                .isZero();
        assertThat(console.run("backups", "pin", "latest", "--database", "shop", "--because", "second"))
                .isZero();
        assertThat(scene.backups().getFirst().pinned()).contains("second");
        assertThat(scene.backups().getFirst().backup().text())
                .isEqualTo(backups.getFirst().id());
    }

    @Test
    void a_script_without_a_terminal_applies_what_the_charter_says_and_passes_over_append_only_places()
            throws IOException {
        backups("shop", 5);

        assertThat(console.run("retention", "plan")).isZero();
        assertThat(console.out())
                .contains("5 backups of shop in vault", "5 backups of shop in safe", "  keep     ", "  remove   ")
                .contains("3 kept, 2 would be forgotten by: pgcharter retention apply");
        assertThat(console.run("retention", "apply")).isZero();
        assertThat(console.out()).contains("3 kept, 2 forgotten").doesNotContain("in safe");
        assertThat(backupsThere()).hasSize(3);
        assertThat(console.run("retention", "apply", "--json")).isZero();
        JsonNode report = JsonMapper.builder().build().readTree(console.out()).path("report");
        assertThat(report.path("database").stringValue()).isEqualTo("shop");
        assertThat(report.path("backups").get(0).path("isKept").booleanValue()).isTrue();
        assertThat(report.path("backups").get(0).path("reasons").get(0).stringValue())
                .isEqualTo("newest backup");
    }

    @Test
    void the_guard_refuses_what_the_charter_does_not_say() throws IOException {
        backups("shop", 5);
        save("copy", 100);

        assertThat(console.run("retention", "apply", "shop", "--repository", "safe"))
                .isEqualTo(3);
        assertThat(console.err()).contains("repository 'safe' is append-only", "(append-only, ");
        assertThat(console.run("retention", "apply", "copy")).isEqualTo(3);
        assertThat(console.err()).contains("the backup plan of 'copy' has no retention, so everything is kept");
        assertThat(console.run("explain", "retention", "apply", "shop", "--repository", "safe"))
                .isEqualTo(3);
        assertThat(console.out()).contains("denied: retention of shop in safe");
        assertThat(console.run("explain", "retention", "apply", "shop")).isZero();
        assertThat(console.out()).contains("allowed: retention of shop in vault", "says what is kept");
        assertThat(console.run("backups", "unpin", "latest", "--database", "shop", "--repository", "safe"))
                .isEqualTo(3);
        assertThat(console.run("retention", "plan", "copy")).isZero();
        assertThat(console.out()).contains("the backup plan has no retention", "1 kept, 0 removed");
        assertThat(backupsThere()).hasSize(6);
    }

    @Test
    void beside_a_running_backup_nothing_is_removed() throws IOException {
        backups("shop", 5);
        try (SnapshotWriter _ = vault.write()) {
            assertThat(scene.failed(new Operation.RetentionApply(SHOP, VAULT)).code())
                    .isEqualTo(ProblemCode.REPOSITORY_LOCKED);
            assertThat(backupsThere()).hasSize(5);
            assertThat(plan()).hasSize(5);
        }
        scene.done(new Operation.RetentionApply(SHOP, VAULT));
        assertThat(backupsThere()).hasSize(3);
    }

    @Test
    void killed_while_it_forgets_it_leaves_what_is_kept_and_a_second_run_ends_it() throws IOException {
        List<Snapshot> backups = backups("shop", 30);
        List<Snapshot> proofs = new ArrayList<>();
        for (Snapshot backup : backups) {
            proofs.add(proof(backup));
        }
        List<String> kept = backups.stream().limit(3).map(Snapshot::id).toList();
        scene.restart();

        Console.killAt(console.start("retention", "apply", "shop", "--repository", "vault"), "forgetting backups");

        assertThat(backupsThere()).containsAll(kept);
        scene.restart();
        scene.done(new Operation.RetentionApply(SHOP, VAULT));
        assertThat(backupsThere()).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(listed())
                .containsAll(proofs.stream().limit(3).map(Snapshot::id).toList());
        assertThat(listed())
                .doesNotContainAnyElementsOf(
                        proofs.stream().skip(3).map(Snapshot::id).toList());
    }

    @Test
    void a_proof_whose_backup_somebody_else_forgot_goes_and_a_pin_stays() throws Exception {
        List<Snapshot> backups = backups("shop", 2);
        Snapshot proof = proof(backups.get(1));
        scene.done(new Operation.BackupPin(new BackupId(backups.get(1).id()), VAULT, "audit"));
        new Restic(scene.directory.resolve("vault"), PASSWORD)
                .run("forget", backups.get(1).id());

        scene.done(new Operation.RetentionApply(SHOP, VAULT));

        assertThat(listed()).doesNotContain(proof.id());
        assertThat(vault.snapshots()).anyMatch(snapshot -> snapshot.tags().contains("pgcharter-pin"));
    }

    @Test
    void a_list_that_cannot_be_read_whole_removes_nothing() throws IOException {
        List<Snapshot> backups = backups("shop", 5);
        var file = scene.directory
                .resolve("vault/snapshots")
                .resolve(backups.get(2).id());
        byte[] content = java.nio.file.Files.readAllBytes(file);
        content[40] ^= 1;
        java.nio.file.Files.setPosixFilePermissions(
                file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        java.nio.file.Files.write(file, content);

        assertThat(scene.failed(new Operation.RetentionApply(SHOP, VAULT)).code())
                .isEqualTo(ProblemCode.REPOSITORY_DAMAGED);

        content[40] ^= 1;
        java.nio.file.Files.write(file, content);
        assertThat(backupsThere()).hasSize(5);
    }

    private List<RetentionRow> plan() {
        return ((Report.RetentionPlan) scene.done(new Operation.RetentionPlan(SHOP, VAULT))).backups();
    }

    /// Headers of backups as ours, one a day, newest first.
    private List<Snapshot> backups(String database, int count) throws IOException {
        List<Snapshot> backups = new ArrayList<>();
        for (int day = 0; day < count; day++) {
            backups.add(save(database, day));
        }
        return backups;
    }

    private Snapshot save(String database, int daysAgo) throws IOException {
        return snapshot(
                today.minus(Duration.ofDays(daysAgo)),
                List.of("/" + database),
                List.of("pgcharter-backup", "database=" + database, "server=15.18"));
    }

    private Snapshot proof(Snapshot backup) throws IOException {
        return snapshot(
                backup.time().plusSeconds(60),
                List.of("/shop/proof"),
                List.of("pgcharter-proof", "database=shop", "backup=" + backup.id()));
    }

    private Snapshot snapshot(Instant time, List<String> paths, List<String> tags) throws IOException {
        try (SnapshotWriter writer = vault.write()) {
            try (OutputStream out = writer.file("a", 0600)) {
                out.write("a".getBytes(StandardCharsets.UTF_8));
            }
            return writer.commit(time, "pgcharter", paths, tags);
        }
    }

    private Set<String> listed() {
        return vault.snapshots().stream().map(Snapshot::id).collect(Collectors.toSet());
    }

    private List<Snapshot> anchors() {
        return vault.snapshots().stream()
                .filter(snapshot -> snapshot.tags().contains("pgcharter-journal"))
                .toList();
    }

    private List<String> backupsThere() {
        return scene.backups().stream().map(row -> row.backup().text()).toList();
    }

    private String copyId() {
        return scene.backups().stream()
                .filter(row -> row.database().equals(COPY))
                .findFirst()
                .orElseThrow()
                .backup()
                .text();
    }

    private static List<BackupId> ids(List<Snapshot> snapshots) {
        return snapshots.stream().map(snapshot -> new BackupId(snapshot.id())).toList();
    }
}
