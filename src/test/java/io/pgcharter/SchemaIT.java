package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Schemas compared and carried over from the command line, between environments of a charter.
@Timeout(180)
class SchemaIT {
    private final Path directory = TestServers.directory();
    private final PostgresUrl production = TestServers.fresh(15);
    private final PostgresUrl development = TestServers.fresh(15);
    private final Map<String, String> variables = new HashMap<>();
    private Commands commands;

    @BeforeEach
    void charter() throws IOException {
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("STATE", Scene.text(TestServers.fresh(15)));
        variables.put("PAY", Scene.text(production));
        variables.put("DEV", Scene.text(development));
        Files.writeString(directory.resolve("charter.yaml"), """
                charter: 1
                environments: { production: { protected: true }, development: {} }
                databases:
                  pay: { environment: production, url: "${env:PAY}" }
                  dev: { environment: development, url: "${env:DEV}" }
                flows:
                  - { from: production, to: development, what: schema, rule: confirm }
                state: { url: "${env:STATE}", directory: s }
                """);
        commands = new Commands(variables);
        execute(
                production,
                "create table payments (id int primary key, amount numeric not null);"
                        + " create view large as select * from payments where amount > 1000");
        execute(development, "create table payments (id int primary key, amount float8, old text)");
    }

    private record Ran(int code, String printed) {}

    private Ran ran(String... words) {
        int code = commands.run(words);
        return new Ran(code, commands.printed());
    }

    private static void execute(PostgresUrl url, String sql) {
        try (Session session = Session.open(url, "test")) {
            session.execute(sql);
        }
    }

    @Test
    void a_schema_is_compared_and_the_script_that_is_printed_does_what_it_says() {
        Ran diff = ran("schema", "diff", "pay", "dev");
        assertThat(diff.code()).isZero();
        assertThat(diff.printed())
                .contains("+ view public.large", "- column public.payments.old", "~ column public.payments.amount")
                .contains("      - double precision", "      + numeric");
        Ran drifted = ran("schema", "drift", "dev", "--from", "pay");
        assertThat(drifted.code()).isEqualTo(1);
        assertThat(drifted.printed()).contains("dev has drifted from pay");

        Ran script = ran("schema", "diff", "pay", "dev", "--script");
        assertThat(script.code()).isZero();
        assertThat(script.printed()).startsWith("-- loses: ").contains("begin;", "commit;");
        // What comes behind it is progress, on the other stream.
        execute(development, script.printed().substring(0, script.printed().indexOf("commit;") + "commit;".length()));

        Ran after = ran("schema", "drift", "dev", "--from", "pay");
        assertThat(after.code()).isZero();
        assertThat(after.printed()).contains("the schema of dev is that of pay");
        assertThat(ran("schema", "push", "pay", "dev", "--confirm", "dev").printed())
                .contains("nothing to do");
    }

    @Test
    void a_push_keeps_to_the_flows_and_needs_the_target_confirmed() {
        assertThat(ran("schema", "push", "dev", "pay", "--confirm", "pay").code())
                .isEqualTo(3);
        assertThat(ran("schema", "push", "pay", "dev").code()).isEqualTo(4);
        assertThat(ran("schema", "drift", "pay").printed())
                .contains("nothing is named", "no migrations of it", "--from OTHER");
    }

    @Test
    void a_push_that_loses_or_whose_rows_do_not_fit_changes_nothing_until_it_may_and_they_do() {
        execute(development, "insert into payments values (1, null, 'kept')");
        execute(production, "alter table payments add check (id > 1)");

        Ran refused = ran("schema", "push", "pay", "dev", "--confirm", "dev");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.printed())
                .contains("SCHEMA_LOSES", "column public.payments.old is dropped", "--losing")
                .contains("column public.payments.amount is converted from double precision to numeric");

        Ran failed = ran("schema", "push", "pay", "dev", "--losing", "--confirm", "dev");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.printed()).containsAnyOf("null values", "violated by some row");
        try (Session session = Session.open(development, "test")) {
            assertThat(session.query("select old from payments where old = 'kept'"))
                    .hasSize(1);
        }

        execute(development, "update payments set id = 2, amount = 3.5");
        Ran pushed = ran("schema", "push", "pay", "dev", "--losing", "--confirm", "dev");
        assertThat(pushed.code()).isZero();
        assertThat(pushed.printed())
                .contains("lost: column public.payments.old is dropped")
                .contains("lint: ", " drop-column: ");
        try (Session session = Session.open(development, "test")) {
            assertThat(session.query("select id from large right join payments using (id) where payments.amount = 3.5"))
                    .hasSize(1);
        }
    }

    @Test
    void a_push_that_is_killed_while_an_index_is_built_leaves_no_session_and_the_next_one_goes_on() {
        String parts = """
                create table parts (id int, name text) with (fillfactor = 10);
                insert into parts select n, 'name ' || n from generate_series(1, 130000) n; analyze parts;""";
        execute(production, parts + "create index parts_name on parts (name)");
        execute(
                development,
                "drop table payments; create table payments (id int primary key, amount numeric not null);"
                        + "create view large as select * from payments where amount > 1000;" + parts);
        try (Session writer = Session.open(development, "test");
                Session onlooker = Session.open(development, "test")) {
            // CREATE INDEX CONCURRENTLY waits for whoever writes.
            writer.execute("begin; update parts set name = name where id = 1");
            Console console = new Console(variables, directory.resolve("charter.yaml"));
            Process child = console.start("schema", "push", "pay", "dev", "--confirm", "dev");
            Wait.until("the index waits", () -> !child.isAlive() || waiting(onlooker));
            assertThat(child.isAlive()).isTrue();
            child.destroyForcibly();
            Wait.until("the server has noticed", Duration.ofSeconds(20), () -> !waiting(onlooker));
            assertThat(indexes(onlooker)).isEqualTo("parts_name invalid");
            writer.execute("commit");

            Ran pushed = ran("schema", "push", "pay", "dev", "--confirm", "dev");

            assertThat(pushed.code()).as(pushed.printed()).isZero();
            assertThat(indexes(onlooker)).isEqualTo("parts_name valid");
        }
        assertThat(ran("schema", "drift", "dev", "--from", "pay").code()).isZero();
    }

    private static boolean waiting(Session session) {
        return session.query("""
                        select count(*) > 0 from pg_stat_activity
                         where wait_event_type = 'Lock' and query ilike 'create index concurrently%'""").getFirst().bool(0);
    }

    private static String indexes(Session session) {
        return session.query("""
                        select string_agg(indexrelid::regclass || case when indisvalid then ' valid' else ' invalid' end, ', ')
                          from pg_index where indrelid = 'parts'::regclass""").getFirst().string(0);
    }
}
