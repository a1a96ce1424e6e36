package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.policy.guard.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Databases that are seeded, and made anew. What values are made up: MadeRowsTest.
class SeedIT {
    private static final String CHARTER = Scene.CHARTER.replace("cold: {}", "cold: { disposable: true }") + """
            seeds:
              cold:
                empty: []
                dev:
                  - seeds/users.sql
                  - { csv: seeds/symbols.csv, into: symbols }
                  - make: trades
                    rows: 60
                    columns:
                      user_id: { of: users.id }
                      symbol: { of: symbols.symbol }
                      quantity: { between: [1, 500] }
                      price: { between: [4.00, 400.00] }
                      note: { like: sentence }
                broken: [seeds/users.sql, seeds/broken.sql]
                failing: [seeds/users.sql, seeds/failing.sql]
                committing: [seeds/committing.sql]
                hollow: [{ make: trades, rows: 1, columns: { user_id: { of: users.id } } }]
                gone: [seeds/gone.sql]
                endless: [seeds/users.sql, seeds/endless.sql]
            """;

    private static final String SCHEMA = """
            create table users (id bigint generated always as identity primary key, email text not null unique);
            create table symbols (symbol text primary key, "the name" text);
            create table trades (id bigint generated always as identity primary key,
              user_id bigint references users, symbol text references symbols,
              quantity int, price numeric(10, 2), note text);
            create materialized view volume as select symbol, sum(quantity) as total from trades group by symbol;
            create table pgcharter_migrations (version text);
            insert into pgcharter_migrations values ('0001');
            create table audit (at date not null, what text) partition by range (at);
            create table audit_all partition of audit default;
            """;

    private final Scene scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), CHARTER);

    @BeforeEach
    void open() {
        file(
                "users.sql",
                "-- three\ninsert into users (email) values ('a@example.com'), ('b@example.com');\n"
                        + "insert into users (email) select 'c;' || '--@example.com';");
        file("symbols.csv", "symbol,\"the name\"\nAPPL,\"Apples, green\"\nPEAR,\n");
        file("broken.sql", "insert into users (email)\n  valuess ('x');\n");
        file("failing.sql", "select 1;\n\ninsert into users (email) values ('a@example.com');\n");
        file("endless.sql", "select pg_sleep(3600) from users limit 1;");
        file("committing.sql", "insert into users (email) values ('a');\ncommit;\n");
        scene.execute(Scene.COPY, SCHEMA);
        scene.execute(Scene.SHOP, "create table users (id int)");
    }

    private void file(String name, String text) {
        try {
            Files.createDirectories(scene.directory.resolve("seeds"));
            Files.writeString(scene.directory.resolve("seeds").resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private SchemaReport.Seed seed(String state) {
        return (SchemaReport.Seed) scene.done(new SchemaOperation.Seed(Scene.COPY, state));
    }

    private Problem failed(String state) {
        return scene.failed(new SchemaOperation.Seed(Scene.COPY, state));
    }

    private String content() {
        return scene.ask(
                Scene.COPY,
                "select md5(string_agg(t::text, '|' order by t.id)) || ' ' || (select string_agg(u::text, ' ' order by id)"
                        + " from users u) from trades t");
    }

    @Test
    void a_state_is_the_same_every_time_whatever_was_there_before() {
        SchemaReport.Seed first = seed("dev");
        String content = content();
        scene.execute(
                Scene.COPY,
                "insert into users (email) values ('z'); delete from trades where id < 30;"
                        + "insert into audit values ('2026-01-01', 'x')");

        SchemaReport.Seed second = seed("dev");

        assertThat(first.tables())
                .containsExactly(
                        new SchemaReport.SeededTable("public.symbols", 2),
                        new SchemaReport.SeededTable("public.trades", 60),
                        new SchemaReport.SeededTable("public.users", 3));
        assertThat(second.tables()).isEqualTo(first.tables());
        assertThat(content()).isEqualTo(content).contains("(1,a@example.com) (2,b@example.com) (3,c;--@example.com)");
        assertThat(scene.ask(Scene.COPY, "select string_agg(s::text, ' ' order by symbol) from symbols s"))
                .isEqualTo("(APPL,\"Apples, green\") (PEAR,)");
        assertThat(scene.ask(Scene.COPY, "select sum(total) = (select sum(quantity) from trades) from volume"))
                .isEqualTo("t");
        assertThat(seed("empty").tables()).isEmpty();
        assertThat(scene.ask(Scene.COPY, "select version from pgcharter_migrations"))
                .isEqualTo("0001");
    }

    @Test
    void what_fails_changes_nothing_and_says_where_it_stands() {
        seed("dev");
        String content = content();

        Problem broken = failed("broken");
        Problem failing = failed("failing");
        Problem committing = failed("committing");

        assertThat(broken.code()).isEqualTo(ProblemCode.SQL_INVALID);
        assertThat(broken.fact())
                .startsWith("broken.sql:2:3: syntax error at or near \"valuess\"")
                .contains("^");
        assertThat(failing.fact()).startsWith("failing.sql:3:1: ").contains("insert into users");
        assertThat(failing.cause()).contains("users_email_key");
        assertThat(committing.fact()).isEqualTo("committing.sql:2:1: 'commit' has no place in a seed");
        assertThat(failed("hollow").fact()).contains("no row of 'public.users'");
        assertThat(failed("gone").fact()).contains("gone.sql");
        assertThat(failed("dv").fact()).contains("no seed state 'dv'", "did you mean \"dev\"?");
        assertThat(content()).isEqualTo(content);
    }

    @Test
    void what_is_protected_is_never_seeded_nor_reset() {
        for (var operation : List.of(
                new SchemaOperation.Seed(Scene.SHOP, "dev"), new SchemaOperation.Reset(Scene.SHOP, Optional.empty()))) {
            Outcome outcome = scene.submit(operation);

            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(((Outcome.Refused) outcome).reasons().toString()).contains("which is protected: it is never");
        }
        assertThat(scene.ask(Scene.SHOP, "select count(*) from pg_class where relname = 'users'"))
                .isEqualTo("1");
    }

    @Test
    void where_it_is_not_disposable_rows_are_replaced_only_if_the_name_is_typed_and_nothing_is_reset() {
        scene.rewrite(CHARTER.replace("{ disposable: true }", "{}"));

        Outcome seed = scene.submit(new SchemaOperation.Seed(Scene.COPY, "dev"));
        Outcome reset = scene.submit(new SchemaOperation.Reset(Scene.COPY, Optional.empty()));

        assertThat(seed).isInstanceOf(Outcome.Waiting.class);
        assertThat(((Outcome.Waiting) seed).decision()).isInstanceOf(Decision.NeedsConfirmation.class);
        assertThat(reset).isInstanceOf(Outcome.Refused.class);
        assertThat(scene.ask(Scene.COPY, "select count(*) from users")).isEqualTo("0");
    }

    @Test
    void a_reset_drops_everything_and_keeps_the_rights_of_public() {
        scene.execute(Scene.COPY, """
                create schema hidden; create table hidden.t (a int); create extension citext;
                create function f() returns event_trigger language plpgsql as $$ begin end $$;
                create event trigger watching on ddl_command_end execute function f();
                grant create on schema public to public""");

        Outcome unconfirmed = scene.submit(new SchemaOperation.Reset(Scene.COPY, Optional.empty()));
        SchemaReport.Reset reset = (SchemaReport.Reset)
                scene.doneConfirmed(new SchemaOperation.Reset(Scene.COPY, Optional.of("empty")), "copy");

        assertThat(unconfirmed).isInstanceOf(Outcome.Waiting.class);
        assertThat(reset.dropped()).isEqualTo(7);
        assertThat(reset.seed()).isPresent();
        assertThat(scene.ask(
                        Scene.COPY,
                        "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace"
                                + " where nspname in ('public', 'hidden')"))
                .isEqualTo("0");
        assertThat(scene.ask(Scene.COPY, "select count(*) from pg_extension where extname = 'citext'"))
                .isEqualTo("0");
        assertThat(scene.ask(Scene.COPY, "select has_schema_privilege('pg_monitor', 'public', 'create')"))
                .isEqualTo("t");
        JournalLine part = scene.journal().stream()
                .filter(line -> line.verb().equals("seed") && line.step().equals("ASKED"))
                .findFirst()
                .orElseThrow();
        assertThat(scene.journal())
                .anyMatch(line -> line.verb().equals("reset") && part.detail().equals("part of run " + line.run()));
    }

    @Test
    void a_part_that_fails_ends_the_whole() {
        Problem problem = scene.failedConfirmed(new SchemaOperation.Reset(Scene.COPY, Optional.of("dev")), "copy");

        assertThat(problem.fact()).startsWith("users.sql:2:1: ").contains("users");
        assertThat(scene.ask(Scene.COPY, "select count(*) from pg_class where relname = 'users'"))
                .isEqualTo("0");
    }

    @Test
    void a_statement_that_never_ends_is_cancelled_and_nothing_has_changed() {
        seed("dev");
        String content = content();
        CompletableFuture<Problem> failed = CompletableFuture.supplyAsync(() -> failed("endless"));
        Wait.until(
                "it sleeps",
                () -> scene.ask(Scene.COPY, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'")
                        .equals("1"));

        scene.cancelAll();

        assertThat(failed.join().code()).isEqualTo(ProblemCode.CANCELLED);
        assertThat(content()).isEqualTo(content);
    }
}
