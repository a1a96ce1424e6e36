package io.pgcharter;

import static io.pgcharter.ReleaseScene.APPLIED;
import static io.pgcharter.ReleaseScene.AS_BEFORE;
import static io.pgcharter.ReleaseScene.RELEASE;
import static io.pgcharter.ReleaseScene.charter;
import static io.pgcharter.ReleaseScene.step;
import static io.pgcharter.ReleaseScene.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.migration.Release;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.notice.HttpReceiver;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
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
    private static String state;

    private ReleaseScene shop;
    private Scene scene;

    @BeforeAll
    static void shareTheControlDatabase() {
        state = Scene.text(TestServers.fresh(15));
    }

    @BeforeEach
    void open() {
        shop = new ReleaseScene(TestServers.fresh(15), TestServers.fresh(15), state);
        scene = shop.scene;
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void what_staging_has_and_was_rehearsed_is_backed_up_applied_verified_and_watched() {
        shop.rehearse();

        ReleaseStanding release = shop.released();

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
        assertThat(shop.history()).isEqualTo(APPLIED);
        assertThat(shop.status()).isEmpty();
        assertThat(scene.journal())
                .extracting(line -> line.step() + " " + line.verb())
                .contains("ENDED migrate plan", "ENDED backup", "ENDED migrate up", "ENDED release");
        assertThat(((SchemaReport.Release) scene.done(RELEASE)).release()).isEmpty();
    }

    @Test
    void what_was_not_rehearsed_to_the_letter_is_not_released() {
        assertThat(shop.fails().code()).isEqualTo(ProblemCode.MIGRATION_UNTRIED);
        shop.up();
        Problem never = shop.fails();
        assertThat(never.code()).isEqualTo(ProblemCode.REHEARSAL_MISSING);
        assertThat(never.fact()).contains("were never rehearsed");
        assertThat(never.remedy()).startsWith("pgcharter rehearse shop");
        shop.rehearse(true, Duration.ofHours(25), shop.fingerprint(Scene.COPY));
        assertThat(shop.fails().cause()).contains("count for 1440 minutes");
        shop.rehearse(false, Duration.ofMinutes(1), shop.fingerprint(Scene.COPY));
        assertThat(shop.fails().fact()).contains("did not pass");
        shop.rehearse();
        shop.file("3_names.down.sql", "alter table users drop name; -- changed");
        assertThat(shop.fails().fact()).contains("were never rehearsed");
        shop.rehearse();
        scene.execute(Scene.SHOP, "create index drifted on users (id)");

        Problem drifted = shop.fails();

        assertThat(drifted.code()).isEqualTo(ProblemCode.REHEARSAL_MISSING);
        assertThat(drifted.fact()).contains("is not the one that rehearsal");
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
        assertThat(shop.status()).isEmpty();
        assertThat(scene.backups()).isEmpty();
    }

    @Test
    void down_migrations_as_the_way_back_must_be_there_before() throws IOException {
        Files.delete(scene.directory.resolve("m/3_names.down.sql"));
        shop.rehearse();

        assertThat(shop.fails().fact()).isEqualTo("no file undoes 3_names");
    }

    @Test
    void a_closed_window_stops_it_and_what_is_changed_meanwhile_makes_another_release() {
        shop.rehearse();
        int day = Instant.now().atZone(ZoneOffset.UTC).getDayOfWeek().getValue();
        String far = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun").get((day + 2) % 7);
        scene.rewrite(charter("window: { from: \"01:00\", to: \"02:00\", days: [" + far + "] }"));

        Problem closed = shop.fails();

        assertThat(closed.code()).isEqualTo(ProblemCode.WINDOW_CLOSED);
        assertThat(closed.cause()).contains("the window opens at").contains("Nothing was touched");
        assertThat(steps(shop.status().orElseThrow())).containsExactly("pinned", "window failed");
        assertThat(scene.backups()).isEmpty();
        String first = shop.status().orElseThrow().release();
        shop.file("4_more.up.sql", "create table more ()");
        shop.file("4_more.down.sql", "drop table more");
        scene.rewrite(charter("back: down"));
        shop.rehearse();

        ReleaseStanding second = shop.released();

        assertThat(second.release()).isNotEqualTo(first);
        assertThat(steps(second)).startsWith("pinned", "window", "backup");
        assertThat(second.migrations()).containsExactly("2_orders", "3_names", "4_more");
    }

    @Test
    void a_backup_that_is_recent_enough_is_not_taken_again() {
        String taken = scene.backup().backup().text();
        scene.rewrite(charter("back: down, backup-within: 1h"));
        shop.rehearse();

        assertThat(step(shop.released(), "backup").evidence())
                .containsEntry("backup", taken)
                .containsEntry("how", "was there");
        assertThat(scene.backups()).hasSize(1);
    }

    @Test
    void a_smoke_query_that_does_not_hold_leads_back_by_the_down_migrations() {
        scene.execute(Scene.SHOP, "insert into users values (2), (3)");
        shop.rehearse();

        Problem problem = shop.fails();

        assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
        assertThat(problem.cause()).contains("at 'verified'").contains("it answered false instead of true");
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
        assertThat(shop.status()).isEmpty();
        assertThat(scene.ask(Scene.SHOP, "select count(*)::text from users")).isEqualTo("3");
    }

    @Test
    void a_migration_that_fails_leads_back_to_before_the_first() {
        shop.rehearse();
        // What the rehearsal's backup did not have yet.
        scene.execute(
                Scene.SHOP,
                "create function f() returns event_trigger language plpgsql as"
                        + " $$ begin if tg_tag = 'ALTER TABLE' then raise 'not today'; end if; end $$;"
                        + " create event trigger stopper on ddl_command_start execute function f()");
        shop.rehearse();

        Problem problem = shop.fails();

        assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
        assertThat(problem.cause()).contains("at 'applied'").contains("not today");
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void another_catalog_than_the_rehearsals_leads_back_by_the_backup_and_what_was_written_is_kept() {
        scene.rewrite(charter("back: backup"));
        shop.up();
        shop.rehearse(true, Duration.ZERO, "0".repeat(64));

        try (Session application = scene.session(Scene.SHOP)) {
            application.query("select 1");
            Problem problem = shop.fails();

            assertThat(problem.code()).as(problem.text()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
            assertThat(problem.cause()).contains("is not the one that the rehearsal ended with");
        }
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
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
        shop.up();
        shop.rehearse(true, Duration.ZERO, "0".repeat(64));

        Problem problem = shop.fails();

        assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_STOPPED);
        assertThat(shop.history()).isEqualTo(APPLIED);
        assertThat(shop.status()).isEmpty();
    }

    @Test
    void what_is_half_done_waits_for_a_person_and_then_goes_on() {
        scene.rewrite(charter("back: down, health: unavailable"));
        shop.file(
                "3_names.up.sql",
                "alter table users add name text; create unique index concurrently names on users (name)");
        shop.file("3_names.down.sql", "drop index concurrently names; alter table users drop name");
        shop.rehearse();
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
        shop.rehearse();

        Problem stuck = shop.fails();

        assertThat(stuck.code()).as(stuck.text()).isEqualTo(ProblemCode.RELEASE_STUCK);
        assertThat(stuck.fact()).contains("is stuck at 'applied'; /health/shop keeps saying 503");
        assertThat(stuck.cause()).contains("not today");
        assertThat(shop.status().orElseThrow().isClosed()).isTrue();
        assertThat(shop.history()).contains("3_names failed");
        assertThat(shop.fails().code()).isEqualTo(ProblemCode.RELEASE_STUCK);
        shop.file("3_names.up.sql", "select 1");
        Problem changed = shop.fails();
        assertThat(changed.code()).isEqualTo(ProblemCode.RELEASE_CHANGED);
        assertThat(changed.fact()).contains("3_names");
        shop.file(
                "3_names.up.sql",
                "alter table users add name text; create unique index concurrently names on users (name)");
        scene.execute(
                Scene.SHOP,
                "alter event trigger stopper disable; create unique index names on users (name);"
                        + " alter event trigger stopper enable");
        scene.done(new SchemaOperation.MigrateResolve(Scene.SHOP, "3_names", Standing.APPLIED));

        assertThat(steps(shop.released()))
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
        shop.file("3_names.down.sql", "alter table users drop missing");
        scene.execute(Scene.SHOP, "insert into users values (2), (3)");
        shop.rehearse();
        Problem stuck = shop.fails();
        assertThat(stuck.code()).isEqualTo(ProblemCode.RELEASE_STUCK);
        assertThat(stuck.cause())
                .contains("at 'verified'")
                .contains("Then, at 'returned'")
                .contains("missing");
        assertThat(shop.fails().fact()).contains("is stuck at 'returned'");

        var abandoned =
                (SchemaReport.Release) scene.done(new SchemaOperation.Release(Scene.SHOP, true, Optional.empty()));

        assertThat(abandoned.outcome()).isEqualTo(Release.State.ABANDONED);
        assertThat(shop.status()).isEmpty();
        assertThat(shop.history()).isEqualTo(APPLIED);
        assertThat(scene.failed(new SchemaOperation.Release(Scene.SHOP, true, Optional.empty()))
                        .fact())
                .isEqualTo("no release of 'shop' is open");
    }

    @Test
    void sessions_that_wait_for_locks_while_it_is_watched_lead_back() {
        scene.execute(Scene.SHOP, "create table busy ()");
        scene.execute(Scene.COPY, "create table busy ()");
        scene.rewrite(charter("back: down, watch: 20s"));
        shop.rehearse();
        try (Session holder = scene.session(Scene.SHOP);
                Session waiting = scene.session(Scene.SHOP)) {
            holder.execute("begin; lock table busy in exclusive mode");
            CompletableFuture<Void> wait =
                    CompletableFuture.runAsync(() -> waiting.execute("begin; lock table busy in exclusive mode"));

            Problem problem = shop.fails();

            assertThat(problem.code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
            assertThat(problem.cause()).contains("at 'watched'").contains("wait for a lock");
            holder.execute("rollback");
            wait.join();
        }
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void while_it_is_applied_applications_are_kept_away_people_are_told_and_a_second_one_is_refused() {
        shop.file("3_names.up.sql", "select pg_advisory_xact_lock(42); alter table users add name text");
        try (HttpReceiver receiver = new HttpReceiver()) {
            scene.variables.put("HOOK", receiver.url("/hook"));
            scene.rewrite(charter("back: down, health: unavailable, notify: [hook]") + """
                    alerts: { group-for: 1s, receivers: { hook: { webhook: { url: "${env:HOOK}" } } }, routes: [{ when: { environment: [staging] }, to: [hook] }] }
                    web: { listen: "127.0.0.1:0" }
                    """);
            shop.rehearse();
            try (ChildJvm serve = shop.commands().start("serve");
                    Session holder = scene.session(Scene.SHOP)) {
                WebClient anybody = new WebClient(URI.create(serve.says("dashboard: ")));
                assertThat(anybody.get("/health/shop").body()).isEqualTo("ok\n");
                assertThat(anybody.get("/health/nobody").statusCode()).isEqualTo(404);
                holder.query("select pg_advisory_lock(42)");
                CompletableFuture<ReleaseStanding> first = CompletableFuture.supplyAsync(shop::released);
                Wait.until(
                        "applications are kept away",
                        () -> anybody.get("/health/shop").statusCode() == 503);
                assertThat(anybody.get("/health/shop").body()).isEqualTo("released\n");
                assertThat(anybody.get("/health/copy").statusCode()).isEqualTo(200);
                Wait.until("people are told", () -> told(receiver, "planned"));
                Wait.until("it waits in its migration", shop::isWaiting);

                assertThat(shop.fails().code()).isEqualTo(ProblemCode.TARGET_BUSY);

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

    @Test
    void killed_at_any_step_the_next_one_goes_on_where_it_stood() throws InterruptedException {
        shop.file("3_names.up.sql", "select pg_advisory_xact_lock(42); alter table users add name text");
        scene.rewrite(charter("back: down, health: unavailable"));
        shop.rehearse();
        Console.killAt(shop.start(), "looking for a backup");
        assertThat(steps(shop.status().orElseThrow())).containsExactly("pinned", "window", "backup begun");
        try (Session holder = scene.session(Scene.SHOP)) {
            holder.query("select pg_advisory_lock(42)");
            Process applying = shop.start();
            Wait.until("it waits in its migration", shop::isWaiting);
            applying.destroyForcibly().waitFor();
        }
        ReleaseStanding dead = shop.status().orElseThrow();
        assertThat(steps(dead)).endsWith("closed", "applied begun");
        assertThat(dead.isClosed()).isTrue();
        Console.killAt(shop.start(), "comparing with the rehearsal");
        Console.killAt(shop.start(), "watching");
        assertThat(shop.status().orElseThrow().isClosed()).isFalse();

        // Whoever starts finds the runs of those who died.
        scene.restart();
        ReleaseStanding release = shop.released();

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
        assertThat(shop.history()).isEqualTo(APPLIED);
    }

    @Tag("soak")
    @Test
    void killed_on_the_way_back_the_next_one_goes_on_with_it() {
        scene.execute(Scene.SHOP, "insert into users values (2), (3)");
        scene.rewrite(charter("back: backup, health: unavailable"));
        shop.rehearse();
        Console.killAt(shop.start(), "going back");
        assertThat(shop.status().orElseThrow().isClosed()).isTrue();
        Console.killAt(shop.start(), "building indexes");
        Console.killAt(shop.start(), "opening again");
        scene.restart();

        assertThat(shop.fails().code()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);

        assertThat(shop.history()).isEqualTo(AS_BEFORE);
        assertThat(scene.ask(Scene.SHOP, "select count(*)::text from users")).isEqualTo("3");
    }
}
