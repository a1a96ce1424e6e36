package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How a migration reaches production in `examples/astrofinance`. What runs by itself there: ExamplesIT.
class AstrofinanceIT {
    private static final List<String> ALL = List.of("development", "staging", "astrofinance");

    private final PostgresUrl production = TestServers.fresh(15);
    private final PostgresUrl staging = TestServers.fresh(15);
    private final ExampleScene scene = new ExampleScene(
            "astrofinance",
            Map.of(
                    "DEVELOPMENT_DATABASE_URL", TestServers.fresh(15),
                    "STAGING_DATABASE_URL", staging,
                    "ASTROFINANCE_DATABASE_URL", production),
            Map.of("      window: { from: \"01:00\", to: \"05:00\" }", "      #", "watch: 1h", "watch: 1s"));

    @AfterEach
    void close() {
        scene.close();
    }

    private static String catalog(PostgresUrl database) {
        try (Session session = Session.open(database, "test")) {
            return CatalogReader.read(session).fingerprint();
        }
    }

    private void change(String sql) {
        try (Session session = Session.open(production, "test")) {
            session.execute(sql);
        }
    }

    private String release(int code) {
        return scene.commands().ends(code, "release", "astrofinance", "--confirm", "astrofinance");
    }

    // ---- A3

    @Test
    void a_migration_goes_through_staging_a_rehearsal_and_a_backup_or_back() {
        for (String database : ALL) {
            scene.commands().done("migrate", "up", database, "--to", "0001_accounts", "--confirm", database);
        }
        change("insert into accounts (note) select 'n' || i from generate_series(1, 1000) i");
        String before = catalog(production);
        scene.commands().done("repository", "init", "backup-server");
        scene.commands().done("repository", "init", "offsite");
        scene.commands().done("backup", "astrofinance");
        scene.commands().done("verify", "astrofinance");
        assertThat(release(1)).contains("MIGRATION_UNTRIED");
        scene.commands().done("migrate", "up", "development");
        scene.commands().done("migrate", "up", "staging");
        assertThat(release(1)).contains("REHEARSAL_MISSING");
        scene.commands().done("rehearse", "astrofinance");
        assertThat(scene.commands().ends(4, "release", "astrofinance")).contains("astrofinance");

        change(
                "create table kept as select * from accounts; alter table kept owner to current_user; delete from accounts");
        assertThat(release(1))
                .as("the catalog is not the one that was rehearsed")
                .contains("REHEARSAL_MISSING");
        change("insert into accounts overriding system value select * from kept; drop table kept");

        change("delete from accounts");
        assertThat(release(1)).contains("RELEASE_ROLLED_BACK", "count(*) > 0 from accounts");
        assertThat(catalog(production)).isEqualTo(before);

        change("insert into accounts (note) values ('again')");
        assertThat(release(0)).contains("applied", "verified", "watched", "0002_balance");
        assertThat(catalog(production)).isEqualTo(catalog(staging));
    }
}
