package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Two nodes, processes of their own in different time zones, serve one charter with one control database. What is due
/// is made so by setting back the instant the queue waits for.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScheduleIT {
    private static final int MAJOR = 15;

    /// Detection takes 20 s to 30 s, taking over a few more.
    private static final Duration TAKEN_OVER = Duration.ofSeconds(100);

    private static final int CHECKS = 12;

    private Scene scene;
    private Console console;
    private PostgresUrl state;
    private String maintenance;
    private final List<ChildJvm> nodes = new ArrayList<>();

    @BeforeAll
    void open() {
        state = TestServers.fresh(MAJOR);
        maintenance = Scene.text(TestServers.server(MAJOR));
        String today;
        try (Session session = Session.open(state, "test")) {
            today = session.query("select (now() at time zone 'UTC')::date::text")
                    .getFirst()
                    .string(0);
        }
        StringBuilder jobs = new StringBuilder("""
                schedule:
                  workers: 1
                  blackout: [ { from: %s, to: %s, because: stock-taking } ]
                  jobs:
                    nightly: { backup: all, daily: "00:00", blackout: ignore }
                    stopped: { verify: shop, daily: "00:00", blackout: ignore }
                    outage: { backup: shop, daily: "00:00", blackout: ignore }
                    beside: { check: vault, daily: "00:00", blackout: ignore }
                    caught-up: { check: vault, daily: "00:00", blackout: ignore }
                    reported: { check: vault, daily: "00:00", missed: report, blackout: ignore }
                    held: { check: vault, daily: "00:00" }
                    leaving: { copy: { from: shop, to: copy }, daily: "00:00", blackout: ignore }
                    refresh: { copy: { from: shop, to: copy, replace: true }, daily: "00:00", enabled: true, confirm: copy,
                               blackout: ignore }
                    backward: { copy: { from: copy, to: shop }, daily: "00:00", enabled: true, blackout: ignore }
                    proof: { verify: shop, daily: "00:00", blackout: ignore }
                """.formatted(today, today));
        for (int number = 1; number <= CHECKS; number++) {
            jobs.append("    check-%d: { check: vault, daily: \"00:00\", blackout: ignore }\n".formatted(number));
        }
        scene = new Scene(
                TestServers.fresh(MAJOR),
                TestServers.fresh(MAJOR),
                Scene.CHARTER.replace("select true", "select pg_sleep(5)::text = ''")
                        + "state: { url: \"${env:STATE}\" }\n" + jobs);
        scene.variables.put("STATE", Scene.text(state));
        scene.execute(Scene.SHOP, "create table payments as select i as id from generate_series(1, 1000) i");
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        start("Pacific/Auckland");
        start("America/New_York");
    }

    @AfterAll
    void close() {
        nodes.forEach(ChildJvm::close);
        scene.close();
    }

    private ChildJvm start(String zone) {
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        variables.put("JAVA_TOOL_OPTIONS", "-Duser.timezone=" + zone);
        ChildJvm node = ChildJvm.start(Main.class, variables, "serve");
        nodes.add(node);
        Wait.until(
                "node " + node.pid() + " serves: " + node.lines(),
                () -> ask("select count(*) from pgcharter.serving_node where node like '%/" + node.pid() + "'")
                        .equals("1"));
        return node;
    }

    private String ask(String sql) {
        try (Session session = Session.open(state, "test")) {
            return session.query("select (" + sql + ")::text").getFirst().string(0);
        }
    }

    /// Sets the instant that jobs wait for to a midnight so many days ago.
    private void due(String job, int days) {
        try (Session session = Session.open(state, "test")) {
            session.execute("""
                    update pgcharter.job_due
                    set task_data = convert_to(to_char(day, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                          || substr(convert_from(task_data, 'UTF8'), strpos(convert_from(task_data, 'UTF8'), ' ')), 'UTF8'),
                        execution_time = day at time zone 'UTC'
                    from (select date_trunc('day', now() at time zone 'UTC') - %d * interval '1 day' as day) d
                    where task_instance like '%s/%%'""".formatted(days, job));
        }
    }

    private String outcomes(String job) {
        return ask("select coalesce(string_agg(outcome, ' ' order by due_at), '') from pgcharter.job_run where job = '"
                + job + "'");
    }

    private void becomes(String job, String outcomes) {
        Wait.until(job + " is " + outcomes, TAKEN_OVER, () -> outcomes(job).equals(outcomes));
    }

    private String reason(String job) {
        return ask("select coalesce(max(reason), '') from pgcharter.job_run where job = '" + job + "'");
    }

    private String column(String job, String column) {
        return ask("select %s from pgcharter.job_run where job = '%s' order by due_at desc limit 1"
                .formatted(column, job));
    }

    private String runs(String job) {
        return column(job, "run");
    }

    private ChildJvm nodeOf(String job) {
        String node = column(job, "node");
        return nodes.stream()
                .filter(child -> node.endsWith("/" + child.pid()))
                .findFirst()
                .orElseThrow();
    }

    private long backups() {
        return scene.backups().size();
    }

    /// While it is open a backup of `shop` cannot read its table.
    private Session lock() {
        Session session = scene.session(Scene.SHOP);
        session.execute("begin");
        session.execute("lock table payments in access exclusive mode");
        return session;
    }

    private void inMidBackup(String job) {
        Wait.until(
                job + " copies rows, " + outcomes(job),
                () ->
                        ask("select count(*) from pgcharter.run r join pgcharter.job_run j on j.run = r.id where j.job = '"
                                        + job + "' and r.ended_at is null")
                                .equals("1"));
        try (Session session = scene.session(Scene.SHOP)) {
            Wait.until(
                    "the backup waits for the table",
                    () -> !session.query("select 1 from pg_locks where not granted and relation = 'payments'::regclass")
                            .isEmpty());
        }
    }

    @Test
    void each_instant_is_done_once_whatever_node_gets_it() {
        String before = ask("select count(*) from pgcharter.run where verb = 'repository check'");
        IntStream.rangeClosed(1, CHECKS).forEach(number -> due("check-" + number, 0));
        for (int number = 1; number <= CHECKS; number++) {
            becomes("check-" + number, "done");
        }

        assertThat(ask("select count(*) from pgcharter.job_run where job like 'check-%' and attempt = 1"))
                .isEqualTo("" + CHECKS);
        assertThat(ask("select count(distinct run) from pgcharter.job_run where job like 'check-%'"))
                .isEqualTo("" + CHECKS);
        assertThat(ask("select count(*) >= " + before + " + " + CHECKS
                        + " from pgcharter.run where verb = 'repository check'"))
                .isEqualTo("true");
        assertThat(ask("select count(distinct person) from pgcharter.run r join pgcharter.job_run j on j.run = r.id"))
                .isEqualTo("1");
        assertThat(
                        ask(
                                "select bool_and(execution_time > now()) from pgcharter.job_due where task_instance like 'check-%'"))
                .isEqualTo("true");
    }

    @Test
    void a_node_killed_in_mid_backup_is_replaced_its_run_journaled_and_the_backup_taken() {
        long before = backups();
        try (Session locked = lock()) {
            due("nightly", 0);
            inMidBackup("nightly");
            String lost = runs("nightly");
            ChildJvm killed = nodeOf("nightly");

            due("beside", 0);
            becomes("beside", "done");
            assertThat(column("beside", "node")).isNotEqualTo(column("nightly", "node"));

            killed.kill();
            nodes.remove(killed);
            locked.execute("commit");
            becomes("nightly", "done");

            assertThat(column("nightly", "attempt")).isEqualTo("2");
            assertThat(column("nightly", "node")).doesNotEndWith("/" + killed.pid());
            assertThat(ask("select outcome from pgcharter.run where id = '" + lost + "'"))
                    .isEqualTo("lost");
            assertThat(runs("nightly")).isNotEqualTo(lost);
        }
        assertThat(backups()).isEqualTo(before + 1);
        assertThat(console.run("journal", "--run", column("nightly", "run"))).isZero();
        assertThat(console.out()).contains("schedule", "ENDED");
        assertThat(console.run("journal", "verify")).as(console::out).isZero();
        start("Asia/Kathmandu");
    }

    @Test
    void a_node_that_is_stopped_hands_its_work_over() {
        scene.backup();
        due("stopped", 0);
        Wait.until("the proof goes on", () -> ask("""
                select count(*) from pgcharter.run r join pgcharter.job_run j on j.run = r.id
                where j.job = 'stopped' and r.ended_at is null""").equals("1"));
        ChildJvm stopped = nodeOf("stopped");

        stopped.interrupt();
        assertThat(stopped.exitCode()).as(() -> "" + stopped.lines()).isEqualTo(0);

        nodes.remove(stopped);
        becomes("stopped", "done");
        assertThat(column("stopped", "attempt")).isEqualTo("1");
        assertThat(column("stopped", "node")).doesNotEndWith("/" + stopped.pid());
        assertThat(ask("select count(*) from pgcharter.serving_node where node like '%/" + stopped.pid() + "'"))
                .isEqualTo("0");
        start("Europe/Zagreb");
    }

    @Test
    void nothing_is_lost_or_doubled_while_the_control_database_is_away() {
        long before = backups();
        try (Session locked = lock()) {
            due("outage", 0);
            inMidBackup("outage");
            String run = runs("outage");

            away(true);
            locked.execute("commit");
            away(false);
            becomes("outage", "done");

            assertThat(runs("outage")).isEqualTo(run);
            assertThat(column("outage", "attempt")).isEqualTo("1");
        }
        assertThat(backups()).isEqualTo(before + 1);
    }

    private void away(boolean away) {
        try (Session session = Session.open(PostgresUrl.parse(new Secret(maintenance)), "test")) {
            session.execute("alter database " + state.database() + " allow_connections " + !away);
            session.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                    + state.database() + "'");
        }
    }

    @Test
    void what_was_missed_is_caught_up_once_or_reported() {
        due("caught-up", 3);
        due("reported", 3);

        becomes("caught-up", "missed missed missed done");
        becomes("reported", "missed missed missed missed");
        assertThat(column("reported", "reason")).contains("missed: report");
        assertThat(ask("select count(*) from pgcharter.job_run where job = 'reported' and run is not null"))
                .isEqualTo("0");

        assertThat(console.run("schedule", "--job", "reported")).isZero();
        assertThat(console.out()).contains("missed", "missed: report", "daily 00:00 UTC", "served by");
        assertThat(console.run("schedule", "--history", "3", "--job", "caught-up"))
                .isZero();
        assertThat(console.out()).contains("done").contains("was due too");
    }

    @Test
    void nothing_begins_in_a_blackout() {
        due("held", 0);

        becomes("held", "skipped");
        assertThat(reason("held")).contains("blackout", "stock-taking");
    }

    @Test
    void a_flow_between_environments_is_off_until_it_is_switched_on_and_the_guard_judges_what_is() {
        due("leaving", 0);
        due("refresh", 0);
        due("backward", 0);

        becomes("refresh", "done");
        becomes("backward", "refused");
        assertThat(reason("backward")).contains("no flow", "charter.yaml");
        assertThat(scene.ask(Scene.COPY, "select count(*)::text from payments")).isEqualTo("1000");
        assertThat(outcomes("leaving")).isEmpty();
        assertThat(console.run("schedule", "--job", "leaving")).isZero();
        assertThat(console.out()).contains("off", "enabled: true");
        assertThat(console.run("schedule", "--json")).isZero();
        assertThat(console.out()).contains("\"state\" : \"off\"");
    }

    @Test
    void the_newest_backup_is_proven() {
        scene.backup();
        due("proof", 0);

        becomes("proof", "done");
        assertThat(ask("select verb from pgcharter.run where id = '" + runs("proof") + "'"))
                .isEqualTo("verify");
    }
}
