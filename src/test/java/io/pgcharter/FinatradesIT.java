package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What may travel between the three databases of `examples/finatrades`, carried out. Who may ask for what:
/// GuardTest.
class FinatradesIT {
    private static final Operation MIGRATION =
            new SchemaOperation.MigrateUp(new DatabaseName("production"), Optional.empty());

    private final PostgresUrl production = TestServers.fresh(15);
    private final PostgresUrl development = TestServers.fresh(15);
    private final ExampleScene scene = new ExampleScene(
            "finatrades",
            Map.of(
                    "AWS_PROD_DATABASE_URL", production,
                    "AWS_DEV_DATABASE_URL", development,
                    "DATABASE_URL", TestServers.fresh(15)),
            Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    private static void execute(PostgresUrl database, String sql) {
        try (Session session = Session.open(database, "test")) {
            session.execute(sql);
        }
    }

    private static String tables(PostgresUrl database) {
        return ask(
                database,
                "coalesce(string_agg(relname, ' ' order by relname), 'none') from pg_class"
                        + " where relnamespace = 'public'::regnamespace and relkind = 'r'");
    }

    private static String ask(PostgresUrl database, String what) {
        try (Session session = Session.open(database, "test")) {
            return session.query("select " + what).getFirst().string(0);
        }
    }

    // ---- F4, F6

    @Test
    void development_gets_productions_schema_when_its_name_is_typed_and_its_rows_never() {
        execute(production, "create table users (id int primary key); insert into users values (1), (2)");

        assertThat(scene.commands().ends(4, "schema", "push", "production", "development", "--as", "backup"))
                .contains("development");
        assertThat(tables(development)).isEqualTo("none");
        scene.commands()
                .done("schema", "push", "production", "development", "--as", "backup", "--confirm", "development");
        assertThat(tables(development)).isEqualTo("users");
        assertThat(ask(development, "count(*)::text from users")).isEqualTo("0");

        scene.commands().refused("copy", "production", "development", "--as", "backup", "--confirm", "development");
        scene.commands()
                .refused("schema", "push", "development", "production", "--as", "backup", "--confirm", "production");
        assertThat(ask(development, "count(*)::text from users")).isEqualTo("0");
        assertThat(ask(production, "count(*)::text from users")).isEqualTo("2");
    }

    @Test
    void a_migration_reaches_production_when_another_administrator_has_agreed() {
        scene.commands().done("migrate", "up", "development", "--as", "backup");
        scene.commands().refused("migrate", "up", "production", "--as", "development", "--confirm", "production");
        try (Corridor corridor = scene.corridor()) {
            Outcome.Waiting waiting = (Outcome.Waiting) as(corridor, "alice", MIGRATION);
            String request = waiting.request().orElseThrow();
            assertThat(as(corridor, "alice", new Operation.Approve(request))).isInstanceOf(Outcome.Refused.class);
            assertThat(as(corridor, "alice", MIGRATION)).isInstanceOf(Outcome.Waiting.class);
            assertThat(tables(production)).isEqualTo("none");

            assertThat(as(corridor, "bob", new Operation.Approve(request))).isInstanceOf(Outcome.Done.class);
            assertThat(as(corridor, "alice", MIGRATION)).isInstanceOf(Outcome.Done.class);
        }
        assertThat(tables(production)).isEqualTo("audit_logs payments pgcharter_migrations users");
    }

    private static Outcome as(Corridor corridor, String person, Operation operation) {
        Actor actor = new Actor(person, Optional.of(new EnvironmentName("backup")));
        return corridor.submit(operation, new Asking(actor, Optional.of("production")), Observer.none());
    }

    @Test
    void all_databases_are_shown_and_one_is_backed_up() {
        scene.commands().done("repository", "init", "onsite", "--as", "backup");
        scene.commands().done("repository", "init", "offsite", "--as", "backup");
        execute(production, "create table payments (id int); insert into payments values (1)");

        assertThat(scene.commands().ends(0, "status", "--as", "backup"))
                .contains("production", "development", "backup");
        scene.commands().done("backup", "production", "--as", "backup");
        assertThat(scene.commands().ends(0, "backups", "--as", "backup")).contains("production");
    }
}
