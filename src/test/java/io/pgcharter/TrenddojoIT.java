package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The schema and the seeds of `examples/trenddojo`, row by row of its plan. What runs by itself there: ExamplesIT.
class TrenddojoIT {
    /// But for when they were written down.
    private static final String TRADES =
            "select md5(string_agg((to_jsonb(t) - 'created_at')::text, '|' order by id)) from trades t";

    private final PostgresUrl development = TestServers.fresh(15);
    private final PostgresUrl production = TestServers.fresh(15);
    private final ExampleScene scene = new ExampleScene(
            "trenddojo",
            Map.of(
                    "DEVELOPMENT_DATABASE_URL", development,
                    "STAGING_DATABASE_URL", TestServers.fresh(15),
                    "PRODUCTION_DATABASE_URL", production),
            Map.of("alerts:", "alerts:\n  after: { warn: 0s }"));

    /// The statements of all migrations: `up` in order, `down` from the last to the first.
    static String migrations(String direction) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("examples/trenddojo/migrations"))) {
            List<Path> chosen =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith("." + direction + ".sql"))
                            .sorted()
                            .toList());
            if (direction.equals("down")) {
                Collections.reverse(chosen);
            }
            for (Path file : chosen) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }

    @BeforeEach
    void migrate() throws IOException {
        try (Session session = Session.open(development, "test")) {
            session.execute(migrations("up"));
        }
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private String ask(String sql) {
        try (Session session = Session.open(development, "test")) {
            return session.query("select (" + sql + ")::text").getFirst().string(0);
        }
    }

    private void seed(String state) {
        scene.commands().done("seed", "development", "--state", state);
    }

    /// However the lines were broken.
    private static String plain(String text) {
        return text.replaceAll("\\s+", " ");
    }

    // ---- T3

    @Test
    void four_states_have_what_the_plan_counts() {
        seed("dev");
        assertThat(ask("select string_agg(tier, ' ' order by id) from users")).isEqualTo("free basic pro");
        assertThat(ask("select count(*) from accounts")).isEqualTo("5");
        assertThat(ask("select count(*) from trades")).isEqualTo("54");
        assertThat(ask("select string_agg(note || ' ' || count, ', ' order by note)"
                        + " from (select note, count(*) from trades group by note) t"))
                .isEqualTo("active 18, loser 18, winner 18");
        assertThat(ask("select bool_and((exit_price > price) = (side = 'long')) from trades where note = 'winner'"))
                .isEqualTo("true");
        assertThat(ask("select count(distinct account_id) = 5 and count(distinct symbol) = 5 from trades"))
                .isEqualTo("true");
        assertThat(ask("select count(*) from market_data")).isEqualTo("6");
        assertThat(
                        ask(
                                "select min(price) >= 5 and max(price) <= 400 and max(price) > 100 and max(scale(trim_scale(price))) = 2 from trades"))
                .isEqualTo("true");
        String trades = ask(TRADES);

        seed("demo");
        assertThat(ask("select string_agg(email, ' ') from users")).isEqualTo("demo@trenddojo.example");
        assertThat(ask("select count(*) from trades where exit_price > price")).isEqualTo("2");

        seed("test");
        assertThat(ask("select max(balance) || ' ' || min(balance) from accounts"))
                .isEqualTo("9999999999999999.99 -0.01");
        assertThat(ask("select count(*) from users where email like '%<script>%'"))
                .isEqualTo("1");

        seed("empty");
        assertThat(ask("select (select count(*) from subscription_limits) || ' ' || (select count(*) from users)"))
                .isEqualTo("3 0");

        seed("dev");
        assertThat(ask(TRADES)).isEqualTo(trades);
        assertThat(plain(scene.commands().refused("seed", "production", "--state", "dev", "--confirm", "production")))
                .contains("which is protected: it is never seeded");
    }

    // ---- T2

    @Test
    void development_is_made_anew_in_one_go_and_staging_and_production_are_not() {
        scene.commands().done("reset", "development", "--state", "dev", "--confirm", "development");
        assertThat(ask("select count(*) from trades")).isEqualTo("54");
        assertThat(ask("select count(*) from pgcharter_migrations")).isEqualTo("6");
        assertThat(plain(scene.commands().refused("reset", "production", "--confirm", "production")))
                .contains("which is protected: it is never reset");
        assertThat(plain(scene.commands().refused("reset", "staging", "--confirm", "staging")))
                .contains("the databases of staging are not said to be disposable");
    }

    // ---- T7

    @Test
    void a_tenant_sees_and_changes_their_own_rows_only() {
        seed("dev");
        try (Session session = Session.open(development, "test")) {
            session.execute(
                    "create role dojo_app; grant select, insert, update, delete on all tables in schema public to dojo_app;"
                            + " set role dojo_app; set trenddojo.user_id = '2'");
            try {
                assertThat(session.query("select string_agg(name, ' ' order by id) from accounts")
                                .getFirst()
                                .string(0))
                        .isEqualTo("Savings Swing");
                assertThat(session.query("select count(*) from trades t join accounts a on a.id = account_id"
                                        + " where user_id <> 2")
                                .getFirst()
                                .number(0))
                        .isZero();
                session.execute("update accounts set name = 'taken' where user_id = 3");
                assertThatThrownBy(() -> session.execute("insert into accounts (user_id, name) values (3, 'mine')"))
                        .hasMessageContaining("row-level security");
                session.execute("set trenddojo.user_id = ''");
                assertThat(session.query("select count(*) from users")
                                .getFirst()
                                .number(0))
                        .isZero();
            } finally {
                session.execute("reset role; drop owned by dojo_app; drop role dojo_app");
            }
        }
        assertThat(ask("select count(*) from accounts where name in ('taken', 'mine')"))
                .isEqualTo("0");
    }

    @Test
    void an_update_leaves_an_audit_row_and_a_key_in_the_clear_is_refused() {
        seed("dev");
        try (Session session = Session.open(development, "test")) {
            session.execute("update accounts set balance = balance - 1 where id = 1");
            assertThat(session.query("select action || ' ' || relation || ' ' || (before->>'balance')::numeric"
                                    + " || ' ' || (after->>'balance')::numeric from audit_log order by id desc limit 1")
                            .getFirst()
                            .string(0))
                    .isEqualTo("UPDATE accounts 1000.00 999.00");
            assertThat(session.query(
                                    "select pgp_sym_decrypt(api_key, 'a passphrase for development only') from broker_keys"
                                            + " order by account_id limit 1")
                            .getFirst()
                            .string(0))
                    .isEqualTo("key of Savings");
            assertThatThrownBy(() -> session.execute("update broker_keys set api_key = 'sk-live-4711'"))
                    .hasMessageContaining("broker_keys_api_key_check");
        }
    }

    // ---- T8

    @Test
    void every_migration_can_be_undone_and_done_again() throws IOException {
        seed("empty");
        try (Session session = Session.open(development, "test")) {
            session.execute(migrations("down"));
            assertThat(session.query("select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace"
                                    + " where nspname not in ('pg_catalog', 'information_schema', 'pg_toast')")
                            .getFirst()
                            .number(0))
                    .isZero();
            session.execute(migrations("up"));
        }
        seed("dev");
    }

    // ---- T1

    @Test
    void a_migration_reaches_production_through_staging_and_drift_between_them_is_told() {
        scene.commands().done("migrate", "baseline", "development", "--to", "0006_broker_keys");
        try (Corridor corridor = scene.corridor()) {
            Outcome early = agreedTo(corridor);
            assertThat(((Outcome.Failed) early).problem().code()).isEqualTo(ProblemCode.MIGRATION_UNTRIED);
            scene.commands().done("migrate", "up", "staging");

            assertThat(agreedTo(corridor)).isInstanceOf(Outcome.Done.class);
        }
        scene.commands().done("schema", "drift", "staging", "--from", "production");
        scene.commands().done("schema", "drift", "production");

        try (Session session = Session.open(production, "test")) {
            session.execute("alter table trades add column by_hand text");
        }
        assertThat(scene.commands().ends(1, "schema", "drift", "staging", "--from", "production"))
                .contains("- column public.trades.by_hand");
        assertThat(scene.commands().ends(1, "schema", "drift", "production"))
                .contains("+ column public.trades.by_hand");
    }

    /// What becomes of the migration of production, once Boris has agreed to what Ana asks.
    private static Outcome agreedTo(Corridor corridor) {
        Operation migration = new SchemaOperation.MigrateUp(new DatabaseName("production"), Optional.empty());
        Outcome.Waiting waiting = (Outcome.Waiting) as(corridor, "ana", migration);
        as(corridor, "boris", new Operation.Approve(waiting.request().orElseThrow()));
        return as(corridor, "ana", migration);
    }

    private static Outcome as(Corridor corridor, String person, Operation operation) {
        return corridor.submit(
                operation, new Asking(new Actor(person, Optional.empty()), Optional.of("production")), Observer.none());
    }
}
