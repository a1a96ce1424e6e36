package io.pgcharter;

import static io.pgcharter.Scene.SHOP;
import static io.pgcharter.Scene.VAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.capability.health.EstateReading;
import io.pgcharter.capability.health.EstateRound;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.metrics.Measures;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.MetricHistory;
import io.pgcharter.platform.metrics.StatementCost;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.check.Checkbook;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The checks of what pgcharter looks after: for each a fault in real repositories, servers and control data, and its
/// cure.
@Timeout(120)
class EstateIT {
    private static final RepositoryName AWAY = new RepositoryName("away");
    private static final Checkbook CHECKBOOK = Checkbook.published();
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
    private State state;
    private List<Verdict> seen = List.of();

    @BeforeEach
    void a_charter() throws IOException {
        scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), CHARTER);
        scene.variables.put("STATE_URL", Scene.text(TestServers.fresh(15)));
        other = Files.createTempDirectory(Path.of("/dev/shm"), "pgc-");
        scene.variables.put("AWAY", scene.directory.resolve("away").toString());
        scene.done(new Operation.RepositoryInit(VAULT));
        state = State.open(new Secret(scene.variables.getOrDefault("STATE_URL", "")), scene.directory);
    }

    @AfterEach
    void close() {
        state.close();
        scene.close();
        Scene.delete(other);
    }

    @Test
    void a_databases_health_follows_its_backups() throws IOException {
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("vault: no backup of it is there");
        assertThat(said("database/shop", "proof-age").level()).isEqualTo(Level.NOT_APPLICABLE);

        for (int daysAgo = 40; daysAgo < 45; daysAgo++) {
            backupOf(Instant.now().minus(Duration.ofDays(daysAgo)));
        }
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .isEqualTo("vault: the newest backup is of 40 days ago");
        assertThat(said("database/shop", "proof-age"))
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("no backup of it was ever restored and proven; the first was taken 44 days ago");
        assertThat(said("database/shop", "retention-behind"))
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
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
                .returns(Level.OK, Verdict::level)
                .extracting(Verdict::message)
                .isEqualTo("the newest backup is of 0 min ago");
        assertThat(said("database/shop", "proof-age").level()).isEqualTo(Level.OK);
        assertThat(said("database/shop", "retention-behind").level()).isEqualTo(Level.OK);

        Files.move(scene.directory.resolve("vault"), scene.directory.resolve("unplugged"));
        assertThat(of(SHOP, "backup-age").level())
                .as("a fresh list still counts")
                .isEqualTo(Level.OK);
        state("update pgcharter.listing set listed_at = listed_at - interval '2 h'");
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.UNKNOWN, Verdict::level)
                .extracting(Verdict::message)
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
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
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
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("REPOSITORY_MISSING", "it was never listed");
        assertThat(said("repository/vault", "repository-check-age").level()).isEqualTo(Level.NOT_APPLICABLE);
        backupOf(Instant.now().minus(Duration.ofDays(60)));
        assertThat(of(VAULT, "repository-check-age"))
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
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
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
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
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("it answers and holds 0.0 GB");
        assertThat(said("installation", "node-clock").level()).isEqualTo(Level.OK);
        scene.backup();
        scene.done(new Operation.Health(INSTALLATION));
        assertThat(installation("journal-anchored").message())
                .contains("entries are not anchored, the oldest of 0 min ago");
        assertThat(said("installation", "approval-waiting").level()).isEqualTo(Level.OK);

        Outcome waiting = scene.submit(new Operation.Copy(SHOP, Scene.COPY, false));
        String request = ((Outcome.Waiting) waiting).request().orElseThrow();
        assertThat(installation("approval-waiting"))
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
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
                .returns(Level.OK, Verdict::level)
                .extracting(Verdict::message)
                .isEqualTo("it was verified 0 min ago and held");
    }

    @Test
    void a_disk_that_fills_up_is_found_until_it_has_room() {
        String full = CHARTER + "    repository-disk: { warn: 0, crit: 100 }\n    state-disk: { warn: 0, crit: 0 }\n";
        scene.rewrite(full);
        assertThat(of(VAULT, "repository-disk"))
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
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
        EstateReading reading = reading(() -> Instant.now().minusSeconds(45));

        assertThat(reading.all(Duration.ZERO, () -> {}))
                .filteredOn(verdict -> verdict.check().equals("node-clock"))
                .singleElement()
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .matches("clock: this node's clock is 4[45][0-9]{3} ms behind the control database's.*");
        assertThat(reading.all(Duration.ofMinutes(1), () -> {})).hasSize(8 + 8 + 5 + 5 + 12);

        state.close();
        assertThatThrownBy(() -> new EstateRound(reading, state).run(() -> {})).isInstanceOf(JdbiException.class);
        state = State.open(new Secret(scene.variables.getOrDefault("STATE_URL", "")), scene.directory);
        new EstateRound(reading(Clock.systemUTC()), state).run(() -> {});
        assertThat(standing("installation", "control-database"))
                .as("nothing is left of the outage")
                .isEqualTo(Level.WARN);
    }

    @Test
    void a_schedule_that_is_not_kept_is_found_until_it_is() throws IOException {
        String scheduled = CHARTER + "schedule: { jobs: { nightly: { backup: shop, daily: \"02:00\" } } }\n";
        assertThat(installation("schedule-missed").level()).isEqualTo(Level.NOT_APPLICABLE);
        scene.rewrite(scheduled);
        assertThat(installation("schedule-served"))
                .returns(Level.WARN, Verdict::level)
                .returns("serve: no node serves this charter: pgcharter serve", Verdict::message);
        state(
                "insert into pgcharter.job_due (task_name, task_instance, execution_time, picked, version) values"
                        + " ('job', 'nightly/shop', now() - interval '3 h', false, 1), ('job', 'gone/shop', now() - interval '9 h', false, 1)");
        assertThat(installation("schedule-served"))
                .returns(Level.CRIT, Verdict::level)
                .returns(
                        "nightly shop: due 3 h ago and not begun: no node serves this charter: pgcharter serve",
                        Verdict::message);
        state("insert into pgcharter.serving_node values ('here/1', now(), now())");
        assertThat(installation("schedule-served").level())
                .as("somebody is there, and busy")
                .isEqualTo(Level.WARN);
        state("update pgcharter.job_due set execution_time = now() + interval '1 h'");
        assertThat(installation("schedule-served").level()).isEqualTo(Level.OK);

        instant(9, "done", "");
        instant(8, "missed", "no node served");
        assertThat(installation("schedule-missed"))
                .returns(Level.WARN, Verdict::level)
                .returns("nightly shop: missed, last due 8 days ago: no node served", Verdict::message);
        instant(7, "missed", "no node served");
        instant(6, "skipped", "waits for its window; then the one of today was due too");
        instant(5, "skipped", "blackout year-end");
        assertThat(installation("schedule-missed"))
                .as("a blackout makes nothing good")
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("skipped, not done 3 times in a row, last due 6 days ago: waits for its window");
        instant(4, "refused", "no flow allows it");
        assertThat(installation("schedule-missed").level()).isEqualTo(Level.OK);
        assertThat(said("installation", "schedule-failed"))
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("refused, not done 4 times in a row, last due 4 days ago: no flow allows it");
        instant(3, "done", "");
        assertThat(installation("schedule-failed").level()).isEqualTo(Level.OK);
        assertThat(said("installation", "schedule-missed").level()).isEqualTo(Level.OK);
        instant(2, "failed", "SERVER_UNREACHABLE");
        assertThat(installation("schedule-failed").level()).isEqualTo(Level.WARN);

        backupOf(Instant.now().minus(Duration.ofHours(40)));
        assertThat(of(SHOP, "backup-age"))
                .returns(Level.WARN, Verdict::level)
                .returns(
                        "vault: the newest backup is of 40 h ago, the schedule takes one every 24 h", Verdict::message);
        scene.rewrite(scheduled.replace("daily: \"02:00\"", "weekly: \"Sun 02:00\""));
        assertThat(of(SHOP, "backup-age").level()).isEqualTo(Level.OK);
        scene.rewrite(scheduled
                .replace("weekly", "daily")
                .replace("control-database: { warn: 1 }", "backup-age: { warn: 3600, crit: 7200 }"));
        assertThat(of(SHOP, "backup-age").level())
                .as("what the charter says of the check counts for more")
                .isEqualTo(Level.CRIT);
    }

    /// One instant of the job `nightly`, so many days ago.
    private void instant(int daysAgo, String outcome, String reason) {
        state(
                "insert into pgcharter.job_run (job, target, due_at, attempt, outcome, reason, node, started_at, ended_at)"
                        + " select 'nightly', 'shop', at, 1, '%s', nullif('%s', ''), 'here', at, at from (select now() - interval '%d days' as at) t"
                                .formatted(outcome, reason, daysAgo));
    }

    @Test
    void a_journal_that_nobody_anchors_is_found_until_the_next_backup() {
        scene.rewrite(CHARTER.replace("    journal-anchored: { warn: 0, crit: 1000000 }\n", ""));
        scene.done(new Operation.RepositoryInit(AWAY, Optional.of(VAULT)));
        scene.done(new Operation.Health(INSTALLATION));
        assertThat(installation("journal-anchored").level()).isEqualTo(Level.OK);
        state(
                "alter table pgcharter.journal disable trigger all; update pgcharter.journal set leaf = convert_to(regexp_replace("
                        + "convert_from(leaf, 'UTF8'), '\"time\": *\"20[0-9][0-9]', '\"time\":\"2020'), 'UTF8'); alter table pgcharter.journal enable trigger all");
        assertThat(installation("journal-anchored"))
                .returns(Level.CRIT, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("entries are not anchored, the oldest of");
        scene.backup();
        assertThat(installation("journal-anchored").level()).isEqualTo(Level.OK);
    }

    @Test
    void statements_that_take_long_and_nodes_that_are_busy_are_found_while_they_are() {
        MetricHistory metrics = new MetricHistory(state);
        StatementHistory statements = new StatementHistory(state);
        assertThat(of(SHOP, "statement-p95").level()).isEqualTo(Level.NOT_APPLICABLE);
        assertThat(installation("node-processors").level()).isEqualTo(Level.NOT_APPLICABLE);

        measured(metrics, Map.of(Metric.UP, 1.0), 0.97);
        assertThat(of(SHOP, "statement-p95")).as("without pg_stat_statements").returns(Level.UNKNOWN, Verdict::level);
        assertThat(said("database/shop", "slow-statements").level()).isEqualTo(Level.UNKNOWN);
        assertThat(installation("node-processors"))
                .returns(Level.CRIT, Verdict::level)
                .returns("here: 97 % busy over 5 minutes", Verdict::message);

        measured(metrics, Map.of(Metric.STATEMENTS_PER_SECOND, 3.0, Metric.STATEMENT_P95_SECONDS, 0.3), 0.1);
        statements.enter(SHOP, List.of(new StatementCost(7, 100, 60_000, 100)), Map.of(7L, "select\n  slow($1)"));
        assertThat(of(SHOP, "statement-p95"))
                .returns(Level.WARN, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("300 ms or less");
        assertThat(said("database/shop", "slow-statements"))
                .returns(Level.WARN, Verdict::level)
                .returns(
                        "7: 600 ms on the mean of 100 calls today, the charter's limit is 500 ms: select slow($1)",
                        Verdict::message);
        assertThat(installation("node-processors").level()).isEqualTo(Level.OK);

        measured(metrics, Map.of(Metric.STATEMENTS_PER_SECOND, 0.0), 0.1);
        statements.enter(SHOP, List.of(new StatementCost(7, 1_000, 1_000, 1_000)), Map.of());
        assertThat(of(SHOP, "statement-p95").level()).isEqualTo(Level.OK);
        assertThat(said("database/shop", "slow-statements").level()).isEqualTo(Level.OK);
        state("update pgcharter.metric_latest set at = at - interval '1 h'");
        assertThat(of(SHOP, "statement-p95"))
                .returns(Level.UNKNOWN, Verdict::level)
                .extracting(Verdict::message)
                .asString()
                .contains("last measured 60 min ago");
    }

    private static void measured(MetricHistory metrics, Map<Metric, Double> shop, double busy) {
        metrics.enter(List.of(
                new Measurement("database/shop", System.nanoTime(), Measures.of(shop)),
                new Measurement("node/here", System.nanoTime(), Measures.of(Map.of(Metric.NODE_CPU_RATIO, busy)))));
    }

    @Test
    void the_standing_watch_judges_databases_and_what_pgcharter_looks_after() throws IOException {
        scene.execute(SHOP, "create table planted (id int)");
        Thread watch = Thread.ofPlatform().start(() -> {
            Outcome unused = scene.submit(new ServingOperation.Watch());
        });
        try {
            Wait.until(
                    "own checks are judged",
                    () -> standing("repository/vault", "repository-reachable") == Level.OK
                            && standing("repository/away", "repository-reachable") == Level.CRIT
                            && standing("database/shop", "backup-age") == Level.CRIT
                            && standing("installation", "schedule-served") == Level.NOT_APPLICABLE);
            Wait.until("and those of the server", () -> standing("database/shop", "primary-keys") == Level.WARN);
        } finally {
            scene.cancelAll();
        }
        Wait.until("it ends when asked to", () -> !watch.isAlive());

        scene.backup();
        new EstateRound(reading(Clock.systemUTC()), state).run(() -> {});
        assertThat(standing("database/shop", "backup-age"))
                .as("within ten minutes the list is not made anew")
                .isEqualTo(Level.CRIT);
        state("update pgcharter.listing set tried_at = tried_at - interval '11 min'");
        new EstateRound(reading(Clock.systemUTC()), state).run(() -> {});
        assertThat(standing("database/shop", "backup-age")).isEqualTo(Level.OK);
    }

    private @Nullable Level standing(String subject, String check) {
        return new Verdicts(state)
                .of(subject).stream()
                        .filter(standing -> standing.verdict().check().equals(check))
                        .map(standing -> standing.verdict().level())
                        .findFirst()
                        .orElse(null);
    }

    private Verdict of(DatabaseName database, String check) {
        return of(Optional.of(database), "database/" + database, check);
    }

    private Verdict of(RepositoryName repository, String check) {
        return of(INSTALLATION, "repository/" + repository, check);
    }

    private Verdict installation(String check) {
        return of(INSTALLATION, "installation", check);
    }

    /// Without the program around it, which asks a server a hundred questions more.
    private EstateReading reading(InstantSource clock) {
        LocalSecrets secrets = new LocalSecrets(scene.variables, scene.directory);
        var charter = ((Charters.Parsed) CharterFile.read(scene.directory.resolve("charter.yaml"))).charter();
        Repositories repositories = new Repositories(secrets, scene.directory.resolve("caches"));
        return new EstateReading(charter, secrets, CHECKBOOK, EstateReading.Sources.of(repositories, state), clock);
    }

    private Verdict of(Optional<DatabaseName> database, String subject, String check) {
        EstateReading reading = reading(Clock.systemUTC());
        reading.refresh(Duration.ZERO, () -> {});
        seen = database.map(reading::database).orElseGet(reading::installation);
        return said(subject, check);
    }

    /// What was said of another check when [#of] last asked.
    private Verdict said(String subject, String check) {
        List<Verdict> found = seen.stream()
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
