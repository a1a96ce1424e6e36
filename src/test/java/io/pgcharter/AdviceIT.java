package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.AdviceKind;
import io.pgcharter.model.operation.Report.AdviceRow;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Advice with a server of its own, which counts statements; on others without.
@Timeout(120)
class AdviceIT {
    private static final int MAJOR = 15;

    /// A foreign key without an index, a column that is looked up by, indexes that are not needed.
    private static final String SHOP = """
            create table users (id int primary key, email text);
            create table orders (id int primary key, user_id int references users, code text, state text) with (autovacuum_enabled = off);
            insert into users select i, 'u' || i from generate_series(1, 1000) i;
            insert into orders select i, i % 1000 + 1, 'c' || i, 's' || i % 2 from generate_series(1, 50000) i;
            create index orders_code_id on orders (code, id);
            create index orders_code on orders (code);
            create index orders_code_too on orders (code);
            create index never_used on orders (state, id);
            create unique index users_email on users (email);
            create index users_email_plain on users (email);
            create table "odd; table" ("a column" int, "select" text);
            insert into "odd; table" select i, i::text from generate_series(1, 20000) i;
            vacuum analyze users;
            vacuum analyze orders;
            vacuum analyze "odd; table\"""";

    private static OwnServer server;

    @SuppressWarnings("NullAway.Init") // made by play, which every test calls first
    private Scene scene;

    @BeforeAll
    static void start() {
        server = new OwnServer(MAJOR, "shared_preload_libraries = 'pg_stat_statements'");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private void play(PostgresUrl shop, String maintenance) {
        scene = new Scene(
                shop, TestServers.fresh(MAJOR), Scene.CHARTER + "state: { url: \"${env:STATE}\" }\n" + maintenance);
        scene.variables.put("STATE", Scene.text(TestServers.fresh(MAJOR)));
        for (String statement : SHOP.split(";\n", -1)) {
            scene.execute(Scene.SHOP, statement);
        }
    }

    private Report.Advice advice() {
        return (Report.Advice) scene.done(new Operation.Advice(Scene.SHOP));
    }

    private static AdviceRow row(Report.Advice report, AdviceKind kind, String subject) {
        return report.advice().stream()
                .filter(row -> row.kind() == kind && row.subject().startsWith(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " of " + subject + " in " + report.advice()));
    }

    private static boolean hasHypopg() throws java.io.IOException {
        try (Stream<Path> majors = Files.list(Path.of("/usr/lib/postgresql"))) {
            return majors.anyMatch(
                    major -> major.endsWith(Integer.toString(MAJOR)) && Files.exists(major.resolve("lib/hypopg.so")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void needless_indexes_and_foreign_keys_without_one_are_found_on_every_version(int major) {
        play(TestServers.fresh(major), "");

        Report.Advice report = advice();

        AdviceRow key = row(report, AdviceKind.MISSING_INDEX, "public.orders (user_id)");
        assertThat(key.sql()).containsExactly("CREATE INDEX CONCURRENTLY ON \"public\".\"orders\" (\"user_id\")");
        assertThat(key.evidence())
                .contains("the foreign key orders_user_id_fkey has no index", "all 50,000 rows are read");
        assertThat(row(report, AdviceKind.DUPLICATE_INDEX, "public.orders_code_too")
                        .evidence())
                .startsWith("it is the same as orders_code (");
        assertThat(row(report, AdviceKind.DUPLICATE_INDEX, "public.users_email_plain")
                        .evidence())
                .startsWith("it is the same as users_email, which is unique besides");
        assertThat(row(report, AdviceKind.REDUNDANT_INDEX, "public.orders_code ")
                        .evidence())
                .startsWith("its columns are the first ones of orders_code_id");
        if (major == 14) {
            // It notes when it began to count: a moment ago.
            assertThat(report.notes()).anyMatch(note -> note.endsWith("so none is called unused"));
        } else {
            AdviceRow unused = row(report, AdviceKind.UNUSED_INDEX, "public.never_used");
            assertThat(unused.sql()).containsExactly("DROP INDEX CONCURRENTLY \"public\".\"never_used\"");
            assertThat(unused.evidence()).contains("no query has used it", "standbys, look there too");
        }
        assertThat(report.advice()).extracting(AdviceRow::subject).doesNotHaveDuplicates();
        assertThat(report.advice())
                .noneMatch(row -> row.subject().startsWith("public.users_email on"))
                .noneMatch(row -> row.subject().startsWith("public.orders_pkey"))
                .noneMatch(row -> row.subject().startsWith("public.orders_code_id"));
        assertThat(report.notes())
                .anyMatch(note -> note.startsWith("hypopg is not installed"))
                .anyMatch(note -> note.startsWith("pg_stat_statements is not installed"));
        assertThat(row(report, AdviceKind.UNKNOWN, "shared_buffers").evidence())
                .contains("the server's memory is not visible over SQL", "server: { memory: 16GB }");
        scene.execute(Scene.SHOP, "create index on orders (user_id)");
        for (String needless : List.of("orders_code_too", "orders_code", "never_used", "users_email_plain")) {
            scene.execute(Scene.SHOP, "drop index " + needless);
        }
        assertThat(advice().advice())
                .as("what was advised and done is advised no more")
                .noneMatch(row -> row.kind() == AdviceKind.MISSING_INDEX
                        || row.kind() == AdviceKind.REDUNDANT_INDEX
                        || row.kind() == AdviceKind.DUPLICATE_INDEX
                        || row.subject().contains("never_used"));
    }

    @Test
    void a_use_that_is_counted_since_yesterday_calls_nothing_unused() {
        play(TestServers.fresh(MAJOR), "");
        scene.execute(Scene.SHOP, "select pg_stat_reset()");

        Report.Advice report = advice();

        assertThat(report.advice()).noneMatch(row -> row.kind() == AdviceKind.UNUSED_INDEX);
        assertThat(report.notes()).anyMatch(note -> note.contains("so none is called unused"));
    }

    @Test
    void columns_that_statements_ask_for_are_tried_with_hypopg() throws java.io.IOException {
        Assumptions.assumeTrue(hasHypopg(), "postgresql-15-hypopg is not installed");
        server.execute("postgres", "create database tried");
        play(server.url("tried"), """
                maintenance: { shop: { server: { memory: 64GB, cores: 8, disk: ssd } } }
                """);
        scene.execute(Scene.SHOP, "create extension pg_stat_statements; create extension hypopg");
        try (Session session = scene.session(Scene.SHOP)) {
            for (int times = 0; times < 3; times++) {
                session.query(
                        "select o.id from orders o join users u on u.id = o.user_id where o.state = 's1' and u.id = $1::int",
                        "7");
                session.query("select \"select\" from \"odd; table\" where \"a column\" = $1::int", "7");
            }
        }
        Wait.until(
                "reads of the table are counted",
                () -> !scene.ask(
                                Scene.SHOP,
                                "select count(*) from pg_stat_user_tables where seq_scan > 1 and relname = 'odd; table'")
                        .equals("0"));

        Report.Advice report = advice();

        AdviceRow key = row(report, AdviceKind.MISSING_INDEX, "public.orders (user_id)");
        assertThat(key.evidence())
                .matches(".*cost of looking rows up by it falls from [0-9,]+ to [0-9,]+ \\(hypopg\\)");
        AdviceRow odd = row(report, AdviceKind.MISSING_INDEX, "public.odd; table (a column)");
        assertThat(odd.sql()).containsExactly("CREATE INDEX CONCURRENTLY ON \"public\".\"odd; table\" (\"a column\")");
        assertThat(odd.evidence()).contains("run 3 times at ", "(hypopg)");
        assertThat(report.advice())
                .as("a column of two values is not worth an index")
                .noneMatch(row ->
                        row.kind() == AdviceKind.MISSING_INDEX && row.subject().contains("(state"));
        assertThat(row(report, AdviceKind.SETTING, "shared_buffers: 16GB instead of 32 MB")
                        .sql())
                .containsExactly("ALTER SYSTEM SET shared_buffers = '16GB'");
        assertThat(row(report, AdviceKind.SETTING, "random_page_cost: 1.1").sql())
                .containsExactly("ALTER SYSTEM SET random_page_cost = '1.1'", "SELECT pg_reload_conf()");
        // What is advised is SQL that the server takes.
        for (AdviceRow advised : report.advice()) {
            for (String sql : advised.sql()) {
                scene.execute(Scene.SHOP, sql);
            }
        }
        server.execute("postgres", "alter system reset all");
    }

    @Test
    void without_hypopg_statistics_decide_and_are_named() {
        server.execute("postgres", "create database untried");
        play(server.url("untried"), "");
        scene.execute(Scene.SHOP, "create extension pg_stat_statements");
        try (Session session = scene.session(Scene.SHOP)) {
            session.query("select 1 from \"odd; table\" where \"a column\" = $1::int", "7");
        }
        Wait.until(
                "reads of the table are counted",
                () -> !scene.ask(
                                Scene.SHOP,
                                "select count(*) from pg_stat_user_tables where seq_scan > 0 and relname = 'odd; table'")
                        .equals("0"));

        assertThat(row(advice(), AdviceKind.MISSING_INDEX, "public.odd; table (a column)")
                        .evidence())
                .contains("by statistics; the index was not tried");
    }

    @Test
    void a_standby_is_not_maintained_and_its_sender_ends_only_with_a_reason() {
        server.execute("postgres", "create database primary_shop");
        play(server.url("primary_shop"), "");
        try (OwnServer standby = server.standby()) {
            Wait.until(
                    "a sender sends",
                    () -> !server.ask("postgres", "select count(*) from pg_stat_replication where state = 'streaming'")
                            .equals("0"));
            Report.SessionRow sender = ((Report.SessionsList) scene.done(new Operation.SessionsList(Scene.SHOP)))
                    .sessions().stream()
                            .filter(row -> row.kind().equals("walsender"))
                            .findFirst()
                            .orElseThrow();

            assertThat(scene.failedConfirmed(
                            new Operation.SessionsEnd(Scene.SHOP, sender.process(), sender.startedAt(), true), "shop"))
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.SESSION_NEEDED))
                    .satisfies(problem -> assertThat(problem.fact()).contains("sends the write-ahead log"));

            scene.variables.put("SHOP_URL", Scene.text(standby.url("primary_shop")));
            scene.restart();
            assertThat(scene.failed(new Operation.Maintain(Scene.SHOP, Operation.Maintain.Task.VACUUM))
                            .fact())
                    .endsWith("is a standby");
            assertThat(advice().advice()).isNotEmpty();
        }
    }
}
