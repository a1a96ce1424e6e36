package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import io.pgcharter.model.migration.Release;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.ReleaseStanding.StepStanding;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.layout.Layouts;
import io.pgcharter.platform.notice.HttpReceiver;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.platform.state.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Releases from staging (`copy`) to production (`shop`), through the whole program.
@Timeout(120)
class ReleaseIT {
    private static final SchemaOperation RELEASE = new SchemaOperation.Release(Scene.SHOP, false);

    private static final String CHARTER = """
            charter: 1
            environments:
              production: {}
              staging: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: staging, url: "${env:COPY_URL}" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
            verification:
              shop: { smoke: ["select count(*) < 3 from users"] }
            migrations:
              main:
                layout: plain
                path: m
                databases: [copy, shop]
                lock-timeout: 1s
                attempts: 2
                rehearsal: { valid-for: 1d }
                release: { RELEASE }
            flows:
              - { from: staging, to: production, what: migration, rule: allow }
            state: { url: "${env:STATE}" }
            """;

    private static String state;

    private Scene scene;

    @BeforeAll
    static void shareTheControlDatabase() {
        state = Scene.text(TestServers.fresh(15));
    }

    /// Both databases have the first migration, and production a row.
    @BeforeEach
    void open() {
        scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), charter("back: down"));
        scene.variables.put("STATE", state);
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        control("delete from pgcharter.rehearsal; delete from pgcharter.release");
        file("1_users.up.sql", "create table users (id int primary key)");
        file("1_users.down.sql", "drop table users");
        up();
        scene.done(new SchemaOperation.MigrateUp(Scene.SHOP, Optional.empty()));
        scene.execute(Scene.SHOP, "insert into users values (1)");
        file("2_orders.up.sql", "create table orders (id int primary key)");
        file("2_orders.down.sql", "drop table orders");
        file("3_names.up.sql", "alter table users add name text");
        file("3_names.down.sql", "alter table users drop name");
    }

    @AfterEach
    void close() {
        // The control database is shared: no test leaves its release open.
        Outcome unused = scene.submit(new SchemaOperation.Release(Scene.SHOP, true));
        scene.close();
    }

    private static String charter(String release) {
        return CHARTER.replace("RELEASE", release.contains("watch:") ? release : release + ", watch: 1s");
    }

    private void file(String name, String text) {
        Path file = scene.directory.resolve("m").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void control(String sql) {
        try (Session session = Session.open(PostgresUrl.parse(new Secret(state)), "test")) {
            session.execute(sql);
        }
    }

    private void up() {
        scene.done(new SchemaOperation.MigrateUp(Scene.COPY, Optional.empty()));
    }

    private String fingerprint(DatabaseName database) {
        try (Session session = scene.session(database)) {
            return CatalogReader.read(session).fingerprint();
        }
    }

    /// What `rehearse` keeps: that the migrations due were applied to a copy of production, with what came of it.
    /// Staging has got the same ones, so its catalog is what production's will be.
    private void rehearse(boolean passed, Duration ago, String after) {
        List<Migration> due = Layouts.read(Layout.PLAIN, scene.directory.resolve("m"), 1_000_000).stream()
                .filter(migration -> !migration.name().startsWith("1_"))
                .toList();
        try (var control = State.open(new Secret(scene.variables.get("STATE")), scene.directory.resolve("s"))) {
            new Rehearsals(control)
                    .keep(new Rehearsal(
                            new RunId(String.format("%012x", System.nanoTime() & 0xffffffffffffL)),
                            Scene.SHOP,
                            Pin.of(due),
                            new BackupId("0123abcd"),
                            fingerprint(Scene.SHOP),
                            after,
                            passed,
                            Instant.now().minus(ago)));
        }
    }

    private void rehearse() {
        up();
        rehearse(true, Duration.ZERO, fingerprint(Scene.COPY));
    }

    private ReleaseStanding released() {
        var report = (SchemaReport.Release) scene.done(RELEASE);
        assertThat(report.outcome()).isEqualTo(Release.State.RELEASED);
        return report.release().orElseThrow();
    }

    private Problem fails() {
        return scene.failed(RELEASE);
    }

    private Optional<ReleaseStanding> status() {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(Scene.SHOP))).release();
    }

    private List<String> history() {
        return ((SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(Scene.SHOP)))
                .rows().stream().map(row -> row.name() + " " + row.standing()).toList();
    }

    private static List<String> steps(ReleaseStanding release) {
        return release.steps().stream()
                .map(step -> step.step() + (step.mark().equals("done") ? "" : " " + step.mark()))
                .toList();
    }

    private static StepStanding step(ReleaseStanding release, String name) {
        return release.steps().stream()
                .filter(step -> step.step().equals(name))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static final List<String> APPLIED = List.of("1_users applied", "2_orders applied", "3_names applied");
    private static final List<String> AS_BEFORE = List.of("1_users applied", "2_orders pending", "3_names pending");

    @Test
    void what_staging_has_and_was_rehearsed_is_backed_up_applied_verified_and_watched() {
        rehearse();

        ReleaseStanding release = released();

        assertThat(steps(release))
                .containsExactly(
                        "pinned",
                        "window",
                        "backup",
                        "told",
                        "closed",
                        "applied",
                        "verified",
                        "opened",
                        "watched",
                        "ended");
        assertThat(step(release, "pinned").evidence())
                .containsEntry("migrations", "2_orders, 3_names")
                .containsEntry("tried on", "copy");
        assertThat(step(release, "verified").evidence()).containsEntry("smoke queries", "1 hold");
        assertThat(step(release, "watched").evidence().get("watched")).startsWith("1 s, ");
        assertThat(scene.backups())
                .extracting(row -> row.backup().text())
                .containsExactly(step(release, "backup").evidence().get("backup"));
        assertThat(history()).isEqualTo(APPLIED);
        assertThat(status()).isEmpty();
        assertThat(scene.journal())
                .extracting(line -> line.step() + " " + line.verb())
                .contains("ENDED migrate plan", "ENDED backup", "ENDED migrate up", "ENDED release");
        assertThat(((SchemaReport.Release) scene.done(RELEASE)).release()).isEmpty();
    }

    @Test
    void what_was_not_rehearsed_to_the_letter_is_not_released() {
        assertThat(fails().code()).isEqualTo(ProblemCode.MIGRATION_UNTRIED);
        up();
        Problem never = fails();
        assertThat(never.code()).isEqualTo(ProblemCode.REHEARSAL_MISSING);
        assertThat(never.fact()).contains("were never rehearsed");
        assertThat(never.remedy()).startsWith("pgcharter rehearse shop");
        rehearse(true, Duration.ofHours(25), fingerprint(Scene.COPY));
        assertThat(fails().cause()).contains("count for 1440 minutes");
        rehearse(false, Duration.ofMinutes(1), fingerprint(Scene.COPY));
        assertThat(fails().fact()).contains("did not pass");
        rehearse();
        file("3_names.down.sql", "alter table users drop name; -- changed");
        assertThat(fails().fact()).contains("were never rehearsed");
        rehearse();
        scene.execute(Scene.SHOP, "create index drifted on users (id)");

        Problem drifted = fails();

        assertThat(drifted.code()).isEqualTo(ProblemCode.REHEARSAL_MISSING);
        assertThat(drifted.fact()).contains("is not the one that rehearsal");
        assertThat(history()).isEqualTo(AS_BEFORE);
        assertThat(status()).isEmpty();
        assertThat(scene.backups()).isEmpty();
    }

    @Test
    void down_migrations_as_the_way_back_must_be_there_before() throws IOException {
        Files.delete(scene.directory.resolve("m/3_names.down.sql"));
        rehearse();

        assertThat(fails().fact()).isEqualTo("no file undoes 3_names");
    }

    @Test
    void a_closed_window_stops_it_and_what_is_changed_meanwhile_makes_another_release() {
        rehearse();
        int day = Instant.now().atZone(ZoneOffset.UTC).getDayOfWeek().getValue();
        String far = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun").get((day + 2) % 7);
        scene.rewrite(charter("window: { from: \"01:00\", to: \"02:00\", days: [" + far + "] }"));

        Problem closed = fails();

        assertThat(closed.code()).isEqualTo(ProblemCode.WINDOW_CLOSED);
        assertThat(closed.cause()).contains("the window opens at").contains("Nothing was touched");
        assertThat(steps(status().orElseThrow())).containsExactly("pinned", "window failed");
        assertThat(scene.backups()).isEmpty();
        String first = status().orElseThrow().release();
        file("4_more.up.sql", "create table more ()");
        file("4_more.down.sql", "drop table more");
        scene.rewrite(charter("back: down"));
        rehearse();

        ReleaseStanding second = released();

        assertThat(second.release()).isNotEqualTo(first);
        assertThat(steps(second)).startsWith("pinned", "window", "backup");
        assertThat(second.migrations()).containsExactly("2_orders", "3_names", "4_more");
    }

    @Test
    void a_backup_that_is_recent_enough_is_not_taken_again() {
        String taken = scene.backup().backup().text();
        scene.rewrite(charter("back: down, backup-within: 1h"));
        rehearse();

        assertThat(step(released(), "backup").evidence())
                .containsEntry("backup", taken)
                .containsEntry("how", "was there");
        assertThat(scene.backups()).hasSize(1);
    }

    @Test
    void a_smoke_query_that_does_not_hold_leads_back_by_the_down_migrations() {
        scene.execute(Scene.SHOP, "insert into users values (2), (3)");
        rehearse();

        Problem problem = fails();

        assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
        assertThat(problem.cause()).contains("at 'verified'").contains("it answered false instead of true");
        assertThat(history()).isEqualTo(AS_BEFORE);
        assertThat(status()).isEmpty();
        assertThat(scene.ask(Scene.SHOP, "select count(*)::text from users")).isEqualTo("3");
    }

    @Test
    void a_migration_that_fails_leads_back_to_before_the_first() {
        rehearse();
        // What the rehearsal's backup did not have yet.
        scene.execute(
                Scene.SHOP,
                "create function f() returns event_trigger language plpgsql as"
                        + " $$ begin if tg_tag = 'ALTER TABLE' then raise 'not today'; end if; end $$;"
                        + " create event trigger stopper on ddl_command_start execute function f()");
        rehearse();

        Problem problem = fails();

        assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
        assertThat(problem.cause()).contains("at 'applied'").contains("not today");
        assertThat(history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void another_catalog_than_the_rehearsals_leads_back_by_the_backup_and_what_was_written_is_kept() {
        scene.rewrite(charter("back: backup"));
        up();
        rehearse(true, Duration.ZERO, "0".repeat(64));

        try (Session application = scene.session(Scene.SHOP)) {
            application.query("select 1");
            Problem problem = fails();

            assertThat(problem.code()).as(problem.text()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
            assertThat(problem.cause()).contains("is not the one that the rehearsal ended with");
        }
        assertThat(history()).isEqualTo(AS_BEFORE);
        assertThat(scene.ask(Scene.SHOP, "select count(*)::text from users")).isEqualTo("1");
        String database = scene.url(Scene.SHOP).database();
        assertThat(scene.ask(
                        Scene.SHOP,
                        "select string_agg(datallowconn::text, ',') from pg_database where datname like '" + database
                                + "\\_released\\_%'"))
                .isEqualTo("true");
    }

    @Test
    void where_the_charter_says_stop_it_stays_as_it_is() {
        scene.rewrite(charter("back: stop"));
        up();
        rehearse(true, Duration.ZERO, "0".repeat(64));

        Problem problem = fails();

        assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_STOPPED);
        assertThat(history()).isEqualTo(APPLIED);
        assertThat(status()).isEmpty();
    }

    @Test
    void what_is_half_done_waits_for_a_person_and_then_goes_on() {
        scene.rewrite(charter("back: down, health: unavailable"));
        file(
                "3_names.up.sql",
                "alter table users add name text; create unique index concurrently names on users (name)");
        file("3_names.down.sql", "drop index concurrently names; alter table users drop name");
        rehearse();
        scene.execute(
                Scene.SHOP,
                "create function f() returns event_trigger language plpgsql as"
                        + " $$ begin if tg_tag = 'CREATE INDEX' then raise 'not today'; end if; end $$;"
                        + " create event trigger stopper on ddl_command_start execute function f()");
        scene.execute(
                Scene.COPY,
                "create function f() returns event_trigger language plpgsql as"
                        + " $$ begin if tg_tag = 'CREATE INDEX' then raise 'not today'; end if; end $$;"
                        + " create event trigger stopper on ddl_command_start execute function f()");
        rehearse();

        Problem stuck = fails();

        assertThat(stuck.code()).as(stuck.text()).isEqualTo(ProblemCode.RELEASE_STUCK);
        assertThat(stuck.fact()).contains("is stuck at 'applied'; /health/shop keeps saying 503");
        assertThat(stuck.cause()).contains("not today");
        assertThat(status().orElseThrow().isClosed()).isTrue();
        assertThat(history()).contains("3_names failed");
        assertThat(fails().code()).isEqualTo(ProblemCode.RELEASE_STUCK);
        file("3_names.up.sql", "select 1");
        Problem changed = fails();
        assertThat(changed.code()).isEqualTo(ProblemCode.RELEASE_CHANGED);
        assertThat(changed.fact()).contains("3_names");
        file(
                "3_names.up.sql",
                "alter table users add name text; create unique index concurrently names on users (name)");
        scene.execute(
                Scene.SHOP,
                "alter event trigger stopper disable; create unique index names on users (name);"
                        + " alter event trigger stopper enable");
        scene.done(new SchemaOperation.MigrateResolve(Scene.SHOP, "3_names", Standing.APPLIED));

        assertThat(steps(released()))
                .endsWith(
                        "applied held",
                        "applied held",
                        "applied begun",
                        "applied",
                        "verified",
                        "opened",
                        "watched",
                        "ended");
    }

    @Test
    void a_way_back_that_fails_leaves_it_stuck_until_it_is_taken_up_or_abandoned() {
        file("3_names.down.sql", "alter table users drop missing");
        scene.execute(Scene.SHOP, "insert into users values (2), (3)");
        rehearse();
        Problem stuck = fails();
        assertThat(stuck.code()).isEqualTo(ProblemCode.RELEASE_STUCK);
        assertThat(stuck.cause())
                .contains("at 'verified'")
                .contains("Then, at 'returned'")
                .contains("missing");
        assertThat(fails().fact()).contains("is stuck at 'returned'");

        var abandoned = (SchemaReport.Release) scene.done(new SchemaOperation.Release(Scene.SHOP, true));

        assertThat(abandoned.outcome()).isEqualTo(Release.State.ABANDONED);
        assertThat(status()).isEmpty();
        assertThat(history()).isEqualTo(APPLIED);
        assertThat(scene.failed(new SchemaOperation.Release(Scene.SHOP, true)).fact())
                .isEqualTo("no release of 'shop' is open");
    }

    @Test
    void sessions_that_wait_for_locks_while_it_is_watched_lead_back() {
        scene.execute(Scene.SHOP, "create table busy ()");
        scene.execute(Scene.COPY, "create table busy ()");
        scene.rewrite(charter("back: down, watch: 20s"));
        rehearse();
        try (Session holder = scene.session(Scene.SHOP);
                Session waiting = scene.session(Scene.SHOP)) {
            holder.execute("begin; lock table busy in exclusive mode");
            CompletableFuture<Void> wait =
                    CompletableFuture.runAsync(() -> waiting.execute("begin; lock table busy in exclusive mode"));

            Problem problem = fails();

            assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
            assertThat(problem.cause()).contains("at 'watched'").contains("wait for a lock");
            holder.execute("rollback");
            wait.join();
        }
        assertThat(history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void while_it_is_applied_applications_are_kept_away_people_are_told_and_a_second_one_is_refused() {
        file("3_names.up.sql", "select pg_advisory_xact_lock(42); alter table users add name text");
        try (HttpReceiver receiver = new HttpReceiver()) {
            scene.variables.put("HOOK", receiver.url("/hook"));
            scene.rewrite(charter("back: down, health: unavailable, notify: [hook]") + """
                    alerts: { group-for: 1s, receivers: { hook: { webhook: { url: "${env:HOOK}" } } }, routes: [{ when: { environment: [staging] }, to: [hook] }] }
                    web: { listen: "127.0.0.1:0" }
                    """);
            rehearse();
            try (ChildJvm serve = commands().start("serve");
                    Session holder = scene.session(Scene.SHOP)) {
                WebClient anybody = new WebClient(URI.create(serve.says("dashboard: ")));
                assertThat(anybody.get("/health/shop").body()).isEqualTo("ok\n");
                assertThat(anybody.get("/health/nobody").statusCode()).isEqualTo(404);
                holder.query("select pg_advisory_lock(42)");
                CompletableFuture<ReleaseStanding> first = CompletableFuture.supplyAsync(this::released);
                Wait.until(
                        "applications are kept away",
                        () -> anybody.get("/health/shop").statusCode() == 503);
                assertThat(anybody.get("/health/shop").body()).isEqualTo("released\n");
                assertThat(anybody.get("/health/copy").statusCode()).isEqualTo(200);
                Wait.until("people are told", () -> told(receiver, "planned"));
                Wait.until("it waits in its migration", this::isWaiting);

                assertThat(fails().code()).isEqualTo(ProblemCode.TARGET_BUSY);

                holder.query("select pg_advisory_unlock(42)");
                assertThat(step(first.join(), "opened").evidence()).containsEntry("health", "200");
                assertThat(anybody.get("/health/shop").statusCode()).isEqualTo(200);
                Wait.until("people are told of the end", () -> told(receiver, "done"));
            }
        }
    }

    private static boolean told(HttpReceiver receiver, String change) {
        return receiver.requests("/hook").stream()
                .map(HttpReceiver.Request::body)
                .anyMatch(body -> body.contains("\"change\":\"" + change + "\"") && body.contains("run/release"));
    }

    private boolean isWaiting() {
        return scene.ask(Scene.SHOP, "select count(*)::text from pg_locks where not granted")
                .equals("1");
    }

    private Commands commands() {
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        return new Commands(variables);
    }

    private Process start() {
        return new Console(scene.variables, scene.directory.resolve("charter.yaml")).start("release", "shop");
    }

    @Test
    void killed_at_any_step_the_next_one_goes_on_where_it_stood() throws InterruptedException {
        file("3_names.up.sql", "select pg_advisory_xact_lock(42); alter table users add name text");
        scene.rewrite(charter("back: down, health: unavailable"));
        rehearse();
        Console.killAt(start(), "looking for a backup");
        assertThat(steps(status().orElseThrow())).containsExactly("pinned", "window", "backup begun");
        try (Session holder = scene.session(Scene.SHOP)) {
            holder.query("select pg_advisory_lock(42)");
            Process applying = start();
            Wait.until("it waits in its migration", this::isWaiting);
            applying.destroyForcibly().waitFor();
        }
        ReleaseStanding dead = status().orElseThrow();
        assertThat(steps(dead)).endsWith("closed", "applied begun");
        assertThat(dead.isClosed()).isTrue();
        Console.killAt(start(), "comparing with the rehearsal");
        Console.killAt(start(), "watching");
        assertThat(status().orElseThrow().isClosed()).isFalse();

        // Whoever starts finds the runs of those who died.
        scene.restart();
        ReleaseStanding release = released();

        assertThat(release.release()).isEqualTo(dead.release());
        assertThat(steps(release))
                .endsWith(
                        "applied begun",
                        "applied",
                        "verified begun",
                        "verified",
                        "opened",
                        "watched begun",
                        "watched",
                        "ended");
        assertThat(history()).isEqualTo(APPLIED);
    }

    @Tag("soak")
    @Test
    void killed_on_the_way_back_the_next_one_goes_on_with_it() {
        scene.execute(Scene.SHOP, "insert into users values (2), (3)");
        scene.rewrite(charter("back: backup, health: unavailable"));
        rehearse();
        Console.killAt(start(), "going back");
        assertThat(status().orElseThrow().isClosed()).isTrue();
        Console.killAt(start(), "building indexes");
        Console.killAt(start(), "opening again");
        scene.restart();

        assertThat(fails().code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);

        assertThat(history()).isEqualTo(AS_BEFORE);
        assertThat(scene.ask(Scene.SHOP, "select count(*)::text from users")).isEqualTo("3");
    }
}
