package io.pgcharter;

import static io.pgcharter.ReleaseScene.APPLIED;
import static io.pgcharter.ReleaseScene.AS_BEFORE;
import static io.pgcharter.ReleaseScene.RELEASE;
import static io.pgcharter.ReleaseScene.charter;
import static io.pgcharter.ReleaseScene.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.migration.Release.State;
import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Releases that are stopped, wait, meet another one, or find something else than the rehearsal did.
@Timeout(180)
class ReleaseFaultsIT {
    private ReleaseScene shop;
    private Scene scene;

    @BeforeEach
    void open() {
        shop = new ReleaseScene(TestServers.fresh(15), TestServers.fresh(15), Scene.text(TestServers.fresh(15)));
        scene = shop.scene;
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static SchemaOperation waiting(Duration longest) {
        return new SchemaOperation.Release(Scene.SHOP, false, Optional.of(longest));
    }

    private CompletableFuture<Outcome> begun(SchemaOperation operation, Observer observer) {
        return CompletableFuture.supplyAsync(() -> scene.submit(operation, observer));
    }

    private static ProblemCode failed(CompletableFuture<Outcome> outcome) throws Exception {
        return ((Outcome.Failed) outcome.get(60, TimeUnit.SECONDS)).problem().code();
    }

    @Test
    void a_migration_that_goes_by_what_it_finds_is_found_at_verify_and_the_objects_are_named() {
        shop.file("3_names.up.sql", """
                alter table users add name text;
                do $$ begin
                  if exists (select from users) then
                    create index surprise on users (id);
                    alter table users alter name set default 'x';
                    drop table orders;
                  end if;
                end $$""");
        shop.file(
                "3_names.down.sql",
                "drop index surprise; alter table users drop name; create table orders (id int primary key)");
        shop.rehearse();

        Problem problem = shop.fails();

        assertThat(problem.code()).as(problem.text()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
        assertThat(problem.cause())
                .contains("at 'verified': the catalog of 'shop' is not the one that the rehearsal ended with")
                .contains("table public.orders is missing")
                .contains("column public.users.name differs in default")
                .contains("index public.surprise is there and was not in the rehearsal")
                .doesNotContain("'x'");
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void one_that_is_cancelled_before_anything_is_applied_leaves_all_as_it_was_and_can_be_begun_again()
            throws Exception {
        shop.rehearse();
        StepWatch backup = new StepWatch("looking for a backup");
        CompletableFuture<Outcome> outcome = begun(RELEASE, backup);
        backup.begun.get(60, TimeUnit.SECONDS);
        scene.cancelAll();

        assertThat(failed(outcome)).isEqualTo(ProblemCode.CANCELLED);

        ReleaseStanding left = shop.status().orElseThrow();
        assertThat(left.isClosed()).isFalse();
        assertThat(steps(left)).containsExactly("pinned", "window", "backup begun");
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
        assertThat(steps(shop.released())).startsWith("pinned", "window", "backup begun", "pinned", "window", "backup");
        assertThat(shop.history()).isEqualTo(APPLIED);
    }

    /// The control database is made to wait as it writes down that applications are kept away.
    @Test
    void one_that_is_cancelled_right_before_it_applies_lets_applications_in_again() throws Exception {
        scene.rewrite(charter("back: down, health: unavailable"));
        shop.rehearse();
        shop.control("""
                create function pgcharter.hold() returns trigger language plpgsql as
                  $$ begin perform pg_advisory_xact_lock(77); return new; end $$;
                create trigger hold before update on pgcharter.release
                  for each row when (new.closed and not old.closed) execute function pgcharter.hold()""");
        try (Session holder =
                Session.open(PostgresUrl.parse(new Secret(scene.variables.getOrDefault("STATE", ""))), "test")) {
            holder.query("select pg_advisory_lock(77)");
            CompletableFuture<Outcome> outcome = begun(RELEASE, Observer.none());
            Wait.until(
                    "it is about to keep applications away",
                    () -> holder.query("select count(*)::text from pg_locks where objid = 77 and not granted")
                            .getFirst()
                            .string(0)
                            .equals("1"));
            scene.cancelAll();
            holder.query("select pg_advisory_unlock(77)");

            assertThat(failed(outcome)).isEqualTo(ProblemCode.CANCELLED);
        }
        ReleaseStanding left = shop.status().orElseThrow();
        assertThat(steps(left)).endsWith("closed");
        assertThat(left.isClosed()).isFalse();
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void of_two_programs_that_release_at_once_one_does_and_the_other_says_so_and_both_can_be_looked_up() {
        shop.file(
                "3_names.up.sql",
                "set lock_timeout = 0; select pg_advisory_xact_lock(42); alter table users add name text");
        shop.rehearse();
        try (Session holder = scene.session(Scene.SHOP)) {
            holder.query("select pg_advisory_lock(42)");
            try (ChildJvm one = shop.commands().start("release", "shop")) {
                Wait.until("the first one is in its migration, not only " + one.lines(), shop::isWaiting);
                try (ChildJvm other = shop.commands().start("release", "shop")) {
                    assertThat(other.exitCode()).isEqualTo(1);
                    assertThat(String.join("\n", other.lines())).contains("TARGET_BUSY");
                }
                holder.query("select pg_advisory_unlock(42)");
                assertThat(one.exitCode())
                        .as(() -> String.join("\n", one.lines()))
                        .isZero();
            }
        }
        assertThat(shop.history()).isEqualTo(APPLIED);
        shop.file("4_wrong.up.sql", "insert into users values (2), (3)");
        shop.file("4_wrong.down.sql", "delete from users where id > 1");
        shop.rehearse();
        assertThat(shop.fails().code()).isEqualTo(ProblemCode.REHEARSAL_MISSING);
        assertThat(scene.readings().releases().over(Scene.SHOP, 10))
                .extracting(release -> release.state())
                .containsExactly(State.RELEASED);
        Commands commands = shop.commands();
        commands.done("release", "shop", "--history");
        assertThat(commands.printed()).contains("released", "2_orders, 3_names");
        assertThat(commands.json("release", "shop", "--history", "--json")
                        .at("/releases/0/standing/steps/5/step")
                        .asString())
                .isEqualTo("applied");
    }

    /// A window that opens the day after tomorrow.
    private static String far() {
        int day = Instant.now().atZone(ZoneOffset.UTC).getDayOfWeek().getValue();
        String name = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun").get((day + 1) % 7);
        return "window: { from: \"01:00\", to: \"02:00\", days: [" + name + "] }";
    }

    @Test
    void it_waits_for_its_window_but_not_for_what_can_be_known_before_and_not_too_long() throws Exception {
        scene.rewrite(charter(far()));
        assertThat(scene.failed(waiting(Duration.ofDays(7))).code()).isEqualTo(ProblemCode.MIGRATION_UNTRIED);
        shop.rehearse();
        assertThat(scene.failed(waiting(Duration.ofDays(7))).cause())
                .as("it will be too old then")
                .contains("count for 1440 minutes");
        scene.rewrite(charter(far()).replace("valid-for: 1d", "valid-for: 7d"));
        Problem late = scene.failed(waiting(Duration.ofHours(1)));
        assertThat(late.code()).isEqualTo(ProblemCode.WINDOW_CLOSED);
        assertThat(late.cause()).contains("the window opens at").contains("no longer than 60 minutes");
        StepWatch waits = new StepWatch("waiting for the window, which opens at ");
        CompletableFuture<Outcome> outcome = begun(waiting(Duration.ofDays(7)), waits);
        waits.begun.get(60, TimeUnit.SECONDS);
        assertThat(scene.failed(RELEASE).code()).isEqualTo(ProblemCode.TARGET_BUSY);

        scene.cancelAll();

        assertThat(failed(outcome)).isEqualTo(ProblemCode.CANCELLED);
        assertThat(shop.status()).isEmpty();
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
    }

    @Tag("soak")
    @Test
    void when_its_window_opens_it_begins() {
        LocalTime opens =
                LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).plusMinutes(2);
        scene.rewrite(charter("back: down, window: { from: \"" + opens + "\", to: \"" + opens.plusHours(1) + "\" }"));
        shop.rehearse();

        var report = (SchemaReport.Release) scene.done(waiting(Duration.ofMinutes(5)));

        ReleaseStanding release = report.release().orElseThrow();
        assertThat(LocalTime.ofInstant(release.begunAt(), ZoneOffset.UTC)).isAfterOrEqualTo(opens);
        assertThat(shop.history()).isEqualTo(APPLIED);
    }
}
