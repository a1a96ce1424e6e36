package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Rehearsal;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.RehearsalReport;
import io.pgcharter.model.operation.RehearsalReport.Finding;
import io.pgcharter.model.operation.RehearsalReport.Limit;
import io.pgcharter.model.operation.RehearsalReport.Lock;
import io.pgcharter.model.operation.RehearsalReport.Measure;
import io.pgcharter.model.operation.RehearsalReport.NotBroughtBack;
import io.pgcharter.model.operation.RehearsalReport.Verdict;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.Rehearsals;
import io.pgcharter.platform.state.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Migrations rehearsed through the whole program, on copies of real backups. `shop` has plain migrations, `copy`
/// Prisma's; their server counts statements.
@Timeout(120)
class RehearseIT {
    private static final DatabaseName SHOP = Scene.SHOP;
    private static final DatabaseName COPY = Scene.COPY;

    private static final String CHARTER = """
            charter: 1
            environments:
              production: {}
              cold: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: cold, url: "${env:COPY_URL}" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
              copy: { to: [vault] }
            migrations:
              main:
                layout: plain
                path: m
                databases: [shop]
                rehearsal: { held: 20s, time: 60s, wal: 1GB, calls: 1000000, way-back: required }
              other:
                layout: prisma
                path: p
                databases: [copy]
                rehearsal: { held: 1ms, time: 1ms, wal: 1kB, calls: 0, rewrites: refuse, way-back: required }
            state: { url: "${env:STATE}" }
            """;

    private static final String TABLES = """
            create table users (id int primary key, email text, name text, age text);
            create table orders (id int primary key, user_id int, amount numeric not null, note text);
            create view names as select name from users;
            create table people (id int primary key, email text, name text, age text);
            create table visits (id int primary key, person int, paid numeric);
            create table loose (email text);
            create table rooms (id int primary key, room int, during int4range);
            create table logs (id int, day date, primary key (id, day)) partition by range (day);
            create table logs_rest partition of logs default;
            create table logs_old (id int not null, day date not null, primary key (id, day));
            create table parents (id int primary key);
            create table accounts (id int primary key, code text unique not null, worth int check (worth > 0),
              parent int references parents, later int references parents deferrable initially deferred);
            """;

    private static final String ROWS = """
            insert into users select i, 'user' || i || '@example.com', 'name ' || i, (i % 90)::text
              from generate_series(1, 5000) i;
            insert into orders select i, 1 + i % 5000, i, repeat(md5(i::text), 4) from generate_series(1, 8000) i;
            insert into people select i, 'p' || i || '@example.com', 'name ' || i, (i % 90)::text from generate_series(1, 3000) i;
            insert into people select -i, case when i < 3 then 'secret@twin' end, 'twin', 'unaged'
              from generate_series(1, 9) i;
            insert into visits select i, i, i from generate_series(1, 3000) i;
            insert into visits values (-1, 777777, -77.25), (-2, 777778, 1);
            insert into loose values ('secret@loose'), ('SECRET@loose'), ('other');
            insert into rooms select i, 1, int4range(10 * i, 10 * i + 10) from generate_series(1, 50) i;
            insert into rooms values (51, 1, '[15, 16]'), (52, 0, '[15, 16]');
            insert into logs select i, date '2020-06-01' + i from generate_series(1, 5) i;
            insert into logs_old select i, date '2021-12-29' + i from generate_series(1, 5) i;
            insert into parents select generate_series(1, 20);
            insert into accounts select i, 'secret' || i, i, 1 + i % 20, 1 from generate_series(1, 100) i;
            """;

    private static OwnServer server;
    private static Scene scene;
    private static BackupId proven;

    @BeforeAll
    static void backUp() {
        server = new OwnServer(15, "shared_preload_libraries = 'pg_stat_statements'");
        for (String name : List.of("shop", "copy", "state")) {
            server.execute("postgres", "create database " + name);
        }
        server.execute("postgres", "create role app login; alter database copy owner to app");
        server.execute("shop", "create extension pg_stat_statements");
        scene = new Scene(server.url("shop"), MonitoredServer.as("app", server.url("copy")), CHARTER);
        scene.variables.put("STATE", Scene.text(server.url("state")));
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        file("m/0001_base.up.sql", TABLES);
        scene.done(new SchemaOperation.MigrateUp(SHOP, Optional.empty()));
        scene.execute(SHOP, ROWS);
        proven = scene.backup().backup();
        scene.verify(proven);
        // One that nobody has proven is newer, and not taken.
        scene.backup();
    }

    @AfterAll
    static void close() {
        scene.close();
        server.close();
    }

    @AfterEach
    void clear() {
        try (Stream<Path> files = Files.list(scene.directory.resolve("m"))) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith("0001_")) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void file(String name, String text) {
        file(scene, name, text);
    }

    private static void file(Scene of, String name, String text) {
        Path file = of.directory.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void migration(String name, String up, String down) {
        file("m/" + name + ".up.sql", up);
        file("m/" + name + ".down.sql", down);
    }

    private static RehearsalReport rehearse(DatabaseName database) {
        Report report = scene.done(new SchemaOperation.Rehearse(database));
        return ((SchemaReport.Rehearse) report).rehearsed().orElseThrow();
    }

    private static Measure measure(RehearsalReport report, String beginning) {
        return report.migrations().stream()
                .flatMap(migration -> migration.statements().stream())
                .filter(measure -> measure.text().startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> locks(Measure measure) {
        return measure.locks().stream()
                .filter(lock -> !lock.mode().equals("access share"))
                .map(lock -> lock.mode() + " " + lock.relation())
                .toList();
    }

    private static Optional<Rehearsal> kept(DatabaseName database, RehearsalReport report) {
        try (State state =
                State.open(new Secret(scene.variables.getOrDefault("STATE", "")), scene.directory.resolve("s"))) {
            return new Rehearsals(state).last(database, new Pin(report.pin()));
        }
    }

    /// What a write or a scan would change.
    private static String untouched() {
        return scene.ask(
                SHOP,
                "select string_agg(concat_ws(' ', relname, n_tup_ins, n_tup_upd, n_tup_del, seq_scan), ', ' order by relname)"
                        + " from pg_stat_user_tables where relname in ('users', 'orders')");
    }

    @Test
    void each_statement_is_measured_scaled_undone_and_applied_again() {
        migration("0002_nick", "alter table users add nick text;", "alter table users drop nick;");
        migration("0003_wide", "alter table users alter id type bigint;", "alter table users alter id type int;");
        migration(
                "0004_owned",
                "alter table orders add constraint owned foreign key (user_id) references users;\n"
                        + "comment on table orders is 'x';",
                "alter table orders drop constraint owned; comment on table orders is null;");
        // Long enough to be seen on a machine that is busy: locks of what is CONCURRENTLY are sampled.
        migration(
                "0005_index",
                "create index concurrently by_user on orders (user_id, md5(repeat(note, 30)));",
                "drop index by_user;");
        migration(
                "0006_fill",
                "update users set nick = name;\nset local work_mem = '64kB';\n"
                        + "create table sorted as select note from orders order by md5(note);",
                "drop table sorted;");
        scene.execute(
                SHOP,
                "insert into orders select id + 8000, user_id,"
                        + " amount, note from orders; select pg_stat_statements_reset()");
        for (int id = 0; id < 20; id++) {
            scene.ask(SHOP, "select count(*)::text from names where name = 'name " + id + "'");
        }
        String before = untouched();

        RehearsalReport report = rehearse(SHOP);

        assertThat(report.failure()).isEmpty();
        assertThat(report.basis().backup()).isEqualTo(proven);
        assertThat(report.passed()).as(() -> report.limits().toString()).isTrue();
        assertThat(report.limits()).hasSize(5).extracting(Limit::verdict).containsOnly(Verdict.KEPT);
        Measure nick = measure(report, "alter table users add nick");
        assertThat(locks(nick)).containsExactly("access exclusive public.users");
        assertThat(nick.rewritten()).isEmpty();
        assertThat(nick.rowsRead()).hasValue(0);
        assertThat(nick.factor()).isEqualTo(1);
        Measure wide = measure(report, "alter table users alter id");
        assertThat(wide.rewritten()).containsExactly("public.users");
        assertThat(wide.rowsRead()).as("the table, then its primary key").hasValue(10_000);
        assertThat(wide.walBytes()).isGreaterThan(200_000);
        assertThat(wide.locks().getFirst().heldMillis()).isGreaterThanOrEqualTo(wide.millis());
        assertThat(wide.locks().getFirst().calls().orElseThrow())
                .as("those who read the view wait for its table")
                .isPositive();
        Measure owned = measure(report, "alter table orders add constraint");
        assertThat(locks(owned))
                .containsExactly("share row exclusive public.orders", "share row exclusive public.users");
        assertThat(owned.rowsRead()).hasValue(13_000);
        Measure index = measure(report, "create index concurrently");
        assertThat(locks(index)).containsExactly("share update exclusive public.orders");
        assertThat(index.locks()).allMatch(Lock::sampled).allMatch(lock -> lock.heldMillis() > 0);
        assertThat(index.rowsRead()).hasValue(16_000);
        assertThat(index.factor()).as("the table has doubled since the backup").isBetween(1.8, 2.2);
        assertThat(index.scaledMillis()).isGreaterThan(1.7 * index.millis());
        assertThat(measure(report, "update users").rowsWritten()).hasValue(5000);
        assertThat(measure(report, "create table sorted").tempBytes()).isGreaterThan(1_000_000);
        assertThat(report.wayBack().orElseThrow().bringsEverythingBack()).isTrue();
        assertThat(report.wayBack().orElseThrow().same()).isGreaterThanOrEqualTo(3);
        assertThat(kept(SHOP, report)).hasValueSatisfying(rehearsal -> {
            assertThat(rehearsal.isPassed()).isTrue();
            assertThat(rehearsal.before()).isEqualTo(report.before()).isNotEqualTo(rehearsal.after());
            assertThat(rehearsal.after()).isEqualTo(report.after().orElseThrow());
            assertThat(rehearsal.backup()).isEqualTo(report.basis().backup());
        });
        assertThat(untouched()).isEqualTo(before);
    }

    @Test
    void data_that_make_it_fail_are_counted_and_named_by_keys() {
        migration("0002_strict", """
                alter table people add column nick text;
                alter table people add constraint emails unique (email);
                alter table people alter email set not null;
                alter table visits add constraint person foreign key (person) references people;
                alter table people alter age type int using age::int, add column zip int not null;
                alter table visits add constraint paid check (paid > 0) not valid;
                alter table visits validate constraint paid;
                create unique index on loose (lower(email)) where email ilike 'secret%';
                alter table people alter name type varchar(8);
                update people set name = null where id = 1 / 0;
                """, "select 1");

        RehearsalReport report = rehearse(SHOP);

        assertThat(report.passed()).isFalse();
        assertThat(report.after()).isEmpty();
        assertThat(report.limits()).extracting(Limit::verdict).containsOnly(Verdict.UNKNOWN);
        RehearsalReport.Failure failure = report.failure().orElseThrow();
        assertThat(failure.at()).endsWith("0002_strict.up.sql:2");
        assertThat(failure.state()).isEqualTo("23505");
        List<String> unborn = List.of("id = -9", "id = -8", "id = -7", "id = -6", "id = -5");
        List<String> longer = List.of("id = 1000", "id = 1001", "id = 1002", "id = 1003", "id = 1004");
        assertThat(failure.findings())
                .containsExactly(
                        finding(2, "people", "duplicates of (\"email\")", 2, List.of("id = -2", "id = -1")),
                        finding(3, "people", "NULL in \"email\"", 7, unborn),
                        finding(
                                4,
                                "visits",
                                "(\"person\") without a row in \"people\"",
                                2,
                                List.of("id = -2", "id = -1")),
                        finding(5, "people", "values of \"age\" that are no int", 9, unborn),
                        finding(5, "people", "rows without a value for \"zip\"", 3009, unborn),
                        finding(7, "visits", "rows against paid", 1, List.of("id = -1")),
                        finding(8, "loose", "duplicates of (lower(email))", 2, List.of("ctid (0,1)", "ctid (0,2)")),
                        finding(9, "people", "values of \"name\" that are no varchar(8)", 2001, longer));
        assertThat(failure.unknown()).containsExactly("line 10: what a UPDATE meets in rows");
        assertThat(kept(SHOP, report))
                .hasValueSatisfying(
                        rehearsal -> assertThat(rehearsal.isPassed()).isFalse());
        assertThat(report + scene.journal().toString())
                .doesNotContain("secret@", "unaged", "777777", "77.25")
                .doesNotContainIgnoringCase("SECRET@loose");
    }

    @Test
    void rows_that_exclude_each_other_lie_outside_of_a_partition_or_are_made_by_the_statement_are_found() {
        migration("0002_strict", """
                alter table rooms add exclude using gist (during with &&) where (room > 0);
                alter table logs attach partition logs_old for values from ('2020-01-01') to ('2022-01-01');
                update accounts set code = 'secret' || id / 50, worth = worth - 3;
                insert into accounts select id, 'other' || id, 1, 99 from accounts where id <= 3;
                delete from parents where id <= 2;
                update accounts set code = null where id > 98;
                do $$ begin update accounts set worth = -7 where id = 7; end $$;
                update accounts set worth = 1 / (id - 1);
                merge into accounts a using (values (8), (9)) v (id) on a.id = v.id when matched then update set worth = -v.id;
                update accounts set later = 66 where id = 6;
                """, "select 1");

        RehearsalReport.Failure failure = rehearse(SHOP).failure().orElseThrow();

        assertThat(failure.state()).isEqualTo("23P01");
        assertThat(failure.findings())
                .containsExactly(
                        finding(
                                1,
                                "rooms",
                                "rows that exclude each other by (\"during\")",
                                2,
                                List.of("id = 1", "id = 51")),
                        finding(
                                2,
                                "logs_old",
                                "rows outside of the bounds of the partition",
                                3,
                                List.of("ctid (0,3)", "ctid (0,4)", "ctid (0,5)")),
                        new Finding(
                                2,
                                "\"public\".\"logs_rest\"",
                                "rows that belong into the new partition \"logs_old\"",
                                5,
                                List.of("ctid (0,1)", "ctid (0,2)", "ctid (0,3)", "ctid (0,4)", "ctid (0,5)")),
                        made(3, "rows against accounts_worth_check", 3, "id = 1", "id = 2", "id = 3"),
                        made(3, "duplicates of (\"code\")", 99, "id = 1", "id = 2", "id = 3", "id = 4", "id = 5"),
                        made(4, "duplicates of (\"id\")", 6),
                        made(4, "(\"parent\") without a row in \"parents\"", 3),
                        made(
                                5,
                                "(\"parent\") without a row in \"parents\"",
                                10,
                                "id = 1",
                                "id = 20",
                                "id = 21",
                                "id = 40",
                                "id = 41"),
                        made(6, "NULL in \"code\"", 2, "id = 99", "id = 100"),
                        made(7, "rows against accounts_worth_check", 1, "id = 7"),
                        made(9, "rows against accounts_worth_check", 2, "id = 8", "id = 9"),
                        made(0, "(\"later\") without a row in \"parents\"", 1, "id = 6"));
        assertThat(failure.unknown()).containsExactly("line 8: what a UPDATE meets in rows");
        assertThat(failure.toString()).doesNotContain("secret");
    }

    private static Finding made(int line, String trouble, long rows, String... keys) {
        return finding(line, "accounts", trouble + ", as it would be then", rows, List.of(keys));
    }

    @Test
    void what_the_end_of_the_transaction_checks_is_found() {
        migration("0002_late", """
                insert into accounts values (101, 'x', 1, 1, 77);
                update accounts set later = 88 where id in (4, 5);
                """, "select 1");

        RehearsalReport.Failure failure = rehearse(SHOP).failure().orElseThrow();

        assertThat(failure.statement()).isEqualTo("commit");
        assertThat(failure.state()).isEqualTo("23503");
        assertThat(failure.findings())
                .containsExactly(
                        made(0, "(\"later\") without a row in \"parents\"", 3, "id = 4", "id = 5", "id = 101"));
        assertThat(failure.unknown()).isEmpty();
    }

    private static Finding finding(int line, String table, String trouble, long rows, List<String> keys) {
        return new Finding(line, '"' + table + '"', trouble, rows, keys);
    }

    @Test
    void what_is_not_brought_back_is_named_and_each_limit_can_be_passed() {
        file(
                "p/1_base/migration.sql",
                "create table t (id int primary key, note text, old text); create table u (id int);"
                        + " insert into t select i, 'n' || i, 'o' from generate_series(1, 2000) i");
        file("p/migration_lock.toml", "provider = \"postgresql\"\n");
        scene.done(new SchemaOperation.MigrateUp(COPY, Optional.empty()));
        file("p/2_index/migration.sql", "create index on t (note)");
        assertThat(scene.failed(new SchemaOperation.Rehearse(COPY)).remedy())
                .isEqualTo("pgcharter backup copy, then: pgcharter verify copy --from vault");
        Report.Backup backup = (Report.Backup) scene.done(new Operation.Backup(COPY, Scene.VAULT));
        Problem unproven = scene.failed(new SchemaOperation.Rehearse(COPY));
        assertThat(unproven.fact()).isEqualTo("there is no proven backup of 'copy' to rehearse on");
        assertThat(unproven.remedy()).isEqualTo("pgcharter verify copy --from vault");
        scene.done(new Operation.Verify(backup.backup(), Scene.VAULT, COPY));
        scene.done(new SchemaOperation.MigrateUp(COPY, Optional.empty()));
        file(
                "p/3_lossy/migration.sql",
                "update t set note = upper(note) where id > 0;\nalter table t drop old;\n"
                        + "create table made (id int);\nalter table u alter id type bigint;\nalter table t alter id type bigint;");
        file(
                "p/3_lossy/down.sql",
                "alter table t add old text default 'o';\nalter table u alter id type int;"
                        + " alter table t alter id type int;");

        RehearsalReport report = rehearse(COPY);

        assertThat(report.caughtUp()).containsExactly("2_index");
        assertThat(report.failure()).isEmpty();
        RehearsalReport.WayBack back = report.wayBack().orElseThrow();
        assertThat(back.changes())
                .extracting(change -> change.how() + " " + change.name())
                .containsExactly(
                        "ADDED table public.made", "ADDED column public.made.id", "CHANGED column public.t.old");
        assertThat(back.lost())
                .containsExactly(
                        new NotBroughtBack("public.made", OptionalLong.empty(), OptionalLong.of(0)),
                        new NotBroughtBack("public.t", OptionalLong.of(2000), OptionalLong.of(2000)));
        assertThat(back.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble)
                        .contains("applying '3_lossy' again failed", "relation \"made\" already exists"));
        assertThat(report.limits())
                .extracting(limit -> limit.name() + " " + limit.verdict())
                .containsExactly(
                        "held EXCEEDED",
                        "time EXCEEDED",
                        "wal EXCEEDED",
                        "calls UNKNOWN",
                        "rewrites EXCEEDED",
                        "way-back EXCEEDED");
        assertThat(report.limits().get(4).measured())
                .as("the empty table does not count")
                .isEqualTo("1");
        assertThat(report.passed()).isFalse();
        SchemaReport.MigrateStatus status =
                (SchemaReport.MigrateStatus) scene.done(new SchemaOperation.MigrateStatus(COPY));
        assertThat(status.pending()).isEqualTo(1);
    }

    @Test
    void nothing_due_is_said_and_nothing_is_kept() {
        SchemaReport.Rehearse report = (SchemaReport.Rehearse) scene.done(new SchemaOperation.Rehearse(SHOP));

        assertThat(report.rehearsed()).isEmpty();
    }

    @Test
    void a_run_that_is_cancelled_leaves_no_server_behind() throws Exception {
        migration("0002_long", "select pg_sleep(60)", "select 1");
        StepWatch watch = new StepWatch("rehearsing 0002_long");

        CompletableFuture<Outcome> outcome =
                CompletableFuture.supplyAsync(() -> scene.submit(new SchemaOperation.Rehearse(SHOP), watch));
        watch.begun.get(60, TimeUnit.SECONDS);
        assertThat(sandboxes()).hasSize(1);
        scene.cancelAll();

        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.problem().code()).isEqualTo(ProblemCode.CANCELLED));
        assertThat(sandboxes()).isEmpty();
    }

    @Test
    void one_that_is_killed_leaves_nothing_after_the_next_one() throws Exception {
        migration("0002_long", "select pg_sleep(60)", "select 1");
        Path charter = scene.directory.resolve("charter.yaml");
        Console.killAt(new Console(scene.variables, charter).start("rehearse", "shop"), "rehearsing 0002_long");
        Path left = sandboxes().getFirst();
        long server = Long.parseLong(
                Files.readAllLines(left.resolve("data/postmaster.pid")).getFirst());
        assertThat(ProcessHandle.of(server)).isPresent();
        migration("0002_long", "create table quick ()", "drop table quick");
        Console next = new Console(scene.variables, charter);

        assertThat(next.run("rehearse", "shop"))
                .as(() -> next.out() + next.err())
                .isZero();

        assertThat(sandboxes()).isEmpty();
        try (Stream<Path> places = Files.list(scene.directory.resolve("s/sandbox"))) {
            assertThat(places).isEmpty();
        }
        Wait.until("its server is gone", () -> ProcessHandle.of(server).isEmpty());
    }

    @Tag("soak")
    @Test
    void so_it_is_in_flyways_layout_and_on_another_server() {
        try (Scene other = new Scene(
                TestServers.fresh(18),
                TestServers.fresh(18),
                CHARTER.replace("plain", "flyway").replace("calls: 1000000, ", ""))) {
            other.variables.put("STATE", Scene.text(TestServers.fresh(18)));
            other.done(new Operation.RepositoryInit(Scene.VAULT));
            file(other, "m/V1__base.sql", TABLES);
            file(other, "m/R__names.sql", "create or replace view aged as select age from users");
            other.done(new SchemaOperation.MigrateUp(SHOP, Optional.empty()));
            other.execute(SHOP, "insert into users select i, 'user' || i, 'n', 'a' from generate_series(1, 100) i");
            other.verify(other.backup().backup());
            file(other, "m/V2__nick.sql", "alter table users add nick text;\nupdate users set nick = name;");
            file(other, "m/U2__nick.sql", "alter table users drop nick");
            file(other, "m/V3__index.sql", "create unique index concurrently by_email on users (email);");
            file(other, "m/U3__index.sql", "drop index by_email");

            RehearsalReport report = ((SchemaReport.Rehearse) other.done(new SchemaOperation.Rehearse(SHOP)))
                    .rehearsed()
                    .orElseThrow();

            assertThat(report.failure()).isEmpty();
            assertThat(report.passed()).as(() -> report.limits().toString()).isTrue();
            assertThat(report.basis().version()).isEqualTo(18);
            assertThat(report.migrations()).hasSize(2);
            assertThat(measure(report, "update users").rowsWritten()).hasValue(100);
            assertThat(report.wayBack().orElseThrow().bringsEverythingBack()).isTrue();
            assertThat(((SchemaReport.MigrateStatus) other.done(new SchemaOperation.MigrateStatus(SHOP))).pending())
                    .isEqualTo(2);
        }
    }

    private static List<Path> sandboxes() throws IOException {
        try (Stream<Path> places = Files.list(scene.directory.resolve("s/sandbox"))) {
            return places.filter(Files::isDirectory).toList();
        }
    }
}
