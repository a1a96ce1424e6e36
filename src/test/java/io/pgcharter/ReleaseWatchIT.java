package io.pgcharter;

import static io.pgcharter.ReleaseScene.APPLIED;
import static io.pgcharter.ReleaseScene.AS_BEFORE;
import static io.pgcharter.ReleaseScene.charter;
import static io.pgcharter.ReleaseScene.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.ReleaseStanding;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What statements cost after a release, held against the hour before it: a real application, watched by `serve`.
@Timeout(180)
class ReleaseWatchIT {
    private static final String PRICE = "create or replace function price(int) returns int language plpgsql as"
            + " 'begin perform pg_sleep(SECONDS); return $1; end'";
    private static final String OTHER =
            "create function other(int) returns int language plpgsql as 'begin return $1; end'";

    private static OwnServer server;
    private static int count;

    private ReleaseScene shop;

    @BeforeAll
    static void start() {
        server = new OwnServer(15, "shared_preload_libraries = 'pg_stat_statements'");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private String name(String of) {
        return of + count;
    }

    @BeforeEach
    void open() {
        count++;
        for (String each : new String[] {"shop", "copy", "state"}) {
            server.execute("postgres", "create database " + name(each));
        }
        for (String each : new String[] {"shop", "copy"}) {
            server.execute(name(each), "create schema stats; create extension pg_stat_statements schema stats");
        }
        shop = new ReleaseScene(
                server.url(name("shop")), server.url(name("copy")), Scene.text(server.url(name("state"))));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static String price(double seconds) {
        return PRICE.replace("SECONDS", Double.toString(seconds));
    }

    private void functions(double seconds) {
        for (String each : new String[] {"shop", "copy"}) {
            server.execute(name(each), price(seconds) + "; " + OTHER);
        }
    }

    private void watched(String lasting) {
        shop.scene.rewrite(charter("back: down, watch: " + lasting) + "watch: { every: 1s, statements-every: 1s }\n");
    }

    /// Runs while an application works; it has been watched for some time before.
    private <T> T whileUsed(java.util.function.Supplier<T> release) {
        AtomicBoolean isOver = new AtomicBoolean();
        try (ChildJvm serve = shop.commands().start("serve");
                Session application = Session.open(server.url(name("shop")), "application")) {
            assertThat(serve.says("pgcharter serves")).isNotEmpty();
            CompletableFuture<Void> using = CompletableFuture.runAsync(() -> {
                while (!isOver.get()) {
                    application.query("select price(1)");
                    application.query("select other(1)");
                }
            });
            Wait.until("both statements are known", () -> read("price") && read("other"));
            T released = release.get();
            isOver.set(true);
            using.join();
            return released;
        }
    }

    private boolean read(String function) {
        return server.ask(name("state"), """
                select (coalesce(sum(c), 0) >= 10)::text from pgcharter.statement_reading r,
                  unnest(r.id, r.calls) as one (id, c) join pgcharter.statement s on s.id = one.id
                where s.text like 'select %s(%%'""".formatted(function)).equals("true");
    }

    /// Has the day tell something else than the hour.
    private void day(double meanMilliseconds) {
        server.execute(name("state"), "update pgcharter.statement_day set milliseconds = calls * " + meanMilliseconds);
    }

    @Test
    void a_statement_that_becomes_slower_than_in_the_hour_before_leads_back() {
        functions(0);
        shop.file("3_names.up.sql", price(0.15));
        shop.file("3_names.down.sql", price(0.0));
        watched("60s");
        shop.rehearse();

        Problem problem = whileUsed(() -> {
            day(1000);
            return shop.fails();
        });

        assertThat(problem.code()).as(problem.text()).isEqualTo(ProblemCode.RELEASE_ROLLED_BACK);
        assertThat(problem.cause())
                .contains("at 'watched'")
                .containsPattern("a statement takes [1-9][0-9]{2,} ms, before it took .* ms: select price\\(\\$1\\)")
                .doesNotContain("other");
        assertThat(shop.history()).isEqualTo(AS_BEFORE);
    }

    @Test
    void a_statement_that_is_as_slow_as_in_the_hour_before_does_not() {
        functions(0.1);
        watched("3s");
        shop.rehearse();

        ReleaseStanding release = whileUsed(() -> {
            day(0.01);
            return shop.released();
        });

        assertThat(step(release, "watched").evidence().get("statements"))
                .containsPattern("^[1-9][0-9]* known from [1-9][0-9]* s of the hour before$");
        assertThat(shop.history()).isEqualTo(APPLIED);
    }
}
