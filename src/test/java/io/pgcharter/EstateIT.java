package io.pgcharter;

import static io.pgcharter.Scene.SHOP;
import static io.pgcharter.Scene.VAULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.capability.health.EstateReading;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.Checked;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.check.Checkbook;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The checks of what pgcharter looks after: for each a fault in real repositories, servers and control data, and its
/// cure.
@Timeout(120)
class EstateIT {
    private static final RepositoryName AWAY = new RepositoryName("away");
    private static final Optional<DatabaseName> INSTALLATION = Optional.empty();

    private static final String CHARTER = Scene.CHARTER
                    .replace(
                            "  vault: {",
                            "  away: { path: \"${env:AWAY}\", password: \"${env:VAULT_PASSWORD}\" }\n  vault: {")
                    .replace("shop: { to: [vault], jobs: 2 }", "shop: { to: [vault], retention: { daily: 2 } }")
                    .replace("what: data, rule: allow", "what: data, rule: { approvals: 1, role: dba }")
            + """
            approvers: { dba: [bob, carol] }
            state: { url: "${env:STATE_URL}" }
            watch:
              checks:
                approval-waiting: { warn: 0 }
                journal-anchored: { warn: 0, crit: 1000000 }
                control-database: { warn: 1 }
            """;

    private Scene scene;
    private Path other;
    private List<Checked> seen = List.of();

    @BeforeEach
    void a_charter() throws IOException {
        scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), CHARTER);
        scene.variables.put("STATE_URL", Scene.text(TestServers.fresh(15)));
        other = Files.createTempDirectory(Path.of("/dev/shm"), "pgc-");
        scene.variables.put("AWAY", scene.directory.resolve("away").toString());
        scene.done(new Operation.RepositoryInit(VAULT));
    }

    @AfterEach
    void close() {
        scene.close();
        Scene.delete(other);
    }

    @Test
    void a_databases_health_follows_its_backups() throws IOException {
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.CRIT, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("vault: no backup of it is there");
        assertThat(said("database/shop", "proof-age").level()).isEqualTo(Level.NOT_APPLICABLE);

        for (int daysAgo = 40; daysAgo < 45; daysAgo++) {
            backupOf(Instant.now().minus(Duration.ofDays(daysAgo)));
        }
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.CRIT, Checked::level)
                .extracting(Checked::message)
                .isEqualTo("vault: the newest backup is of 40 days ago");
        assertThat(said("database/shop", "proof-age"))
                .returns(Level.CRIT, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("no backup of it was ever restored and proven; the first was taken 44 days ago");
        assertThat(said("database/shop", "retention-behind"))
                .returns(Level.WARN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("vault: 3 backups that no rule has kept");

        backupOf(Instant.now().plus(Duration.ofDays(900)));
        assertThat(of(SHOP, "backup-age").findings())
                .extracting(finding -> finding.key() + " " + finding.level())
                .containsExactly("vault CRIT", "vault clock WARN");

        Report.Backup backup = scene.backup();
        assertThat(of(SHOP, "backup-age").findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.key()).isEqualTo("vault clock"));
        scene.verify(backup.backup());
        scene.done(new Operation.RetentionApply(SHOP, VAULT));
        forgetTheFuture();
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.OK, Checked::level)
                .extracting(Checked::message)
                .isEqualTo("the newest backup is of 0 min ago");
        assertThat(said("database/shop", "proof-age").level()).isEqualTo(Level.OK);
        assertThat(said("database/shop", "retention-behind").level()).isEqualTo(Level.OK);

        Files.move(scene.directory.resolve("vault"), scene.directory.resolve("unplugged"));
        assertThat(of(SHOP, "backup-age").level())
                .as("a fresh list still counts")
                .isEqualTo(Level.OK);
        state("update pgcharter.listing set listed_at = listed_at - interval '2 h'");
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.UNKNOWN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("the repository was last listed 2 h ago; REPOSITORY_MISSING");
    }

    @Test
    void backups_in_one_place_are_a_warning_until_they_lie_in_a_second() {
        scene.rewrite(CHARTER.replace("to: [vault]", "to: [vault, away]"));
        scene.backup();
        assertThat(of(SHOP, "backup-places").level())
                .as("where the other repository is not there yet")
                .isEqualTo(Level.UNKNOWN);
        scene.done(new Operation.RepositoryInit(AWAY, Optional.of(VAULT)));
        scene.done(new Operation.RepositoryCopy(VAULT, AWAY, Optional.empty()));
        assertThat(of(SHOP, "backup-places"))
                .as("two directories of one file system")
                .returns(Level.WARN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("all its backups lie in one place");

        scene.variables.put("AWAY", other.resolve("away").toString());
        scene.restart();
        scene.done(new Operation.RepositoryInit(AWAY, Optional.of(VAULT)));
        scene.done(new Operation.RepositoryCopy(VAULT, AWAY, Optional.empty()));
        assertThat(of(SHOP, "backup-places").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_repositorys_health_follows_what_becomes_of_it() throws IOException {
        assertThat(of(VAULT, "repository-reachable").level()).isEqualTo(Level.OK);
        assertThat(said("repository/away", "repository-reachable"))
                .returns(Level.CRIT, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("REPOSITORY_MISSING", "it was never listed");
        assertThat(said("repository/vault", "repository-check-age").level()).isEqualTo(Level.NOT_APPLICABLE);
        backupOf(Instant.now().minus(Duration.ofDays(60)));
        assertThat(of(VAULT, "repository-check-age"))
                .returns(Level.CRIT, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("it was never checked; its oldest backup is of 60 days ago");
        Operation check = new Operation.RepositoryCheck(VAULT, Optional.empty());
        scene.done(check);
        assertThat(of(VAULT, "repository-check-age").level()).isEqualTo(Level.OK);
        assertThat(said("repository/vault", "repository-damage").level()).isEqualTo(Level.OK);

        Path pack = pack();
        Path aside = scene.directory.resolve("aside");
        Files.move(pack, aside);
        scene.done(check);
        assertThat(of(VAULT, "repository-damage").level()).isEqualTo(Level.CRIT);
        assertThat(said("repository/vault", "repository-damage").findings()).isNotEmpty();
        Files.move(aside, pack);
        scene.done(check);
        assertThat(of(VAULT, "repository-damage").level()).isEqualTo(Level.OK);

        String url = scene.variables.get("SHOP_URL");
        scene.variables.put("SHOP_URL", url.replaceFirst("/t[0-9]+\\?", "/nowhere?"));
        scene.restart();
        scene.failed(new Operation.Backup(SHOP, VAULT));
        scene.failed(new Operation.Backup(SHOP, VAULT));
        scene.variables.put("SHOP_URL", url);
        scene.restart();
        assertThat(of(SHOP, "run-failed"))
                .returns(Level.WARN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("backup database/shop repository/vault: failed 2 times in a row, last 0 min ago");
        assertThat(of(VAULT, "run-failed").level())
                .as("said once, of the database")
                .isEqualTo(Level.OK);
        scene.backup();
        assertThat(of(SHOP, "run-failed").level()).isEqualTo(Level.OK);
    }

    @Test
    void pgcharters_own_health_follows_what_becomes_of_it() {
        assertThat(installation("control-database"))
                .returns(Level.WARN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("it answers and holds 0.0 GB");
        assertThat(said("installation", "node-clock").level()).isEqualTo(Level.OK);
        scene.backup();
        assertThat(installation("journal-anchored").message())
                .contains("entries are not anchored, the oldest of 0 min ago");
        assertThat(said("installation", "approval-waiting").level()).isEqualTo(Level.OK);

        Outcome waiting = scene.submit(new Operation.Copy(SHOP, Scene.COPY, false));
        String request = ((Outcome.Waiting) waiting).request().orElseThrow();
        assertThat(installation("approval-waiting"))
                .returns(Level.WARN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .contains("request " + request + ": alice has waited since 0 min ago for 1 more to agree to Copy");
        scene.submitAs("bob", new Operation.Approve(request));
        assertThat(installation("approval-waiting").level()).isEqualTo(Level.OK);

        assertThat(installation("journal-verified").message()).contains("it was never verified");
        state("alter table pgcharter.journal disable trigger all;"
                + " update pgcharter.journal set leaf = leaf || '\\x20' where sequence = 2");
        scene.done(new Operation.JournalVerify());
        assertThat(installation("journal-verified").level()).isEqualTo(Level.CRIT);
        state("update pgcharter.journal set leaf = substring(leaf for length(leaf) - 1) where sequence = 2");
        scene.done(new Operation.JournalVerify());
        assertThat(installation("journal-verified"))
                .returns(Level.OK, Checked::level)
                .extracting(Checked::message)
                .isEqualTo("it was verified 0 min ago and held");
    }

    @Test
    void a_disk_that_fills_up_is_found_until_it_has_room() {
        String full = CHARTER + "    repository-disk: { warn: 0, crit: 100 }\n    state-disk: { warn: 0, crit: 0 }\n";
        scene.rewrite(full);
        assertThat(of(VAULT, "repository-disk"))
                .returns(Level.WARN, Checked::level)
                .extracting(Checked::message)
                .asString()
                .matches(".*vault: [0-9]+ % taken, [0-9.]+ GB free");
        assertThat(said("installation", "state-disk").level()).isEqualTo(Level.CRIT);

        scene.rewrite(full.replace("warn: 0, crit: 100", "warn: 101, crit: 101")
                .replace("warn: 0, crit: 0", "warn: 101, crit: 101"));
        assertThat(of(VAULT, "repository-disk").level()).isEqualTo(Level.OK);
        assertThat(said("installation", "state-disk").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_clock_that_is_wrong_and_a_control_database_that_is_gone_are_found() {
        LocalSecrets secrets = new LocalSecrets(scene.variables, scene.directory);
        var charter = ((Charters.Parsed) CharterFile.read(scene.directory.resolve("charter.yaml"))).charter();
        InstantSource wrong = () -> Instant.now().minusSeconds(45);
        State state = State.open(new Secret(scene.variables.getOrDefault("STATE_URL", "")), scene.directory);
        Repositories repositories = new Repositories(secrets, scene.directory.resolve("caches"));
        EstateReading reading = new EstateReading(
                charter, secrets, Checkbook.published(), EstateReading.Sources.of(repositories, state), wrong);

        assertThat(reading.all(Duration.ZERO, () -> {}))
                .filteredOn(verdict -> verdict.check().equals("node-clock"))
                .singleElement()
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .matches("clock: this node's clock is 4[45][0-9]{3} ms behind the control database's.*");
        assertThat(reading.all(Duration.ofMinutes(1), () -> {})).hasSize(6 + 6 + 5 + 5 + 7);

        state.close();
        assertThat(reading.all(Duration.ZERO, () -> {}))
                .singleElement()
                .returns("control-database", Verdict::check)
                .returns(Level.CRIT, Verdict::level)
                .returns("installation", Verdict::subject);
    }

    private Checked of(DatabaseName database, String check) {
        return of(Optional.of(database), "database/" + database, check);
    }

    private Checked of(RepositoryName repository, String check) {
        return of(INSTALLATION, "repository/" + repository, check);
    }

    private Checked installation(String check) {
        return of(INSTALLATION, "installation", check);
    }

    private Checked of(Optional<DatabaseName> database, String subject, String check) {
        seen = ((Report.Health) scene.done(new Operation.Health(database))).checks();
        return said(subject, check);
    }

    /// What was said of another check when [#of] last asked.
    private Checked said(String subject, String check) {
        List<Checked> found = seen.stream()
                .filter(checked ->
                        checked.check().equals(check) && checked.subject().equals(subject))
                .toList();
        assertThat(found).as(check + " of " + subject).hasSize(1);
        return found.getFirst();
    }

    private void backupOf(Instant time) throws IOException {
        try (Repository vault = vault();
                SnapshotWriter writer = vault.write()) {
            try (OutputStream out = writer.file("a", 0600)) {
                out.write('a');
            }
            writer.commit(time, "node", List.of("/shop"), List.of("pgcharter-backup", "database=shop", "server=15.18"));
        }
    }

    private void forgetTheFuture() {
        try (Repository vault = vault();
                var remover = vault.remove()) {
            remover.snapshots().stream()
                    .filter(snapshot -> snapshot.time().isAfter(Instant.now().plusSeconds(3600)))
                    .forEach(remover::hide);
        }
    }

    private Repository vault() {
        return Repository.open(scene.directory.resolve("vault"), new Secret("correct horse battery"));
    }

    private Path pack() throws IOException {
        try (Stream<Path> files = Files.walk(scene.directory.resolve("vault/data"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private void state(String sql) {
        try (Session session =
                Session.open(PostgresUrl.parse(new Secret(scene.variables.getOrDefault("STATE_URL", ""))), "test")) {
            session.execute(sql);
        }
    }
}
