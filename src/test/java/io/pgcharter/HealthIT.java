package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.Checked;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `health`, the whole way.
class HealthIT {
    private static final PostgresUrl NOWHERE =
            new PostgresUrl("127.0.0.1", 1, "copy", "nobody", Optional.empty(), Map.of("sslmode", "disable"));

    @Test
    void health_shows_the_worst_first_and_what_to_do_and_ends_by_the_level_asked_for() {
        try (Scene scene = new Scene(TestServers.fresh(15), NOWHERE)) {
            scene.execute(Scene.SHOP, "CREATE TABLE keyless (id int)");
            Console console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));

            // Sandboxes run without fsync, which is critical.
            assertThat(console.run("health", "shop")).isEqualTo(1);
            assertThat(console.out())
                    .contains("database/shop  durability")
                    .contains("public.keyless: has no primary key")
                    .contains("What to do")
                    .contains("primary-keys: Add one");
            assertThat(console.out().indexOf("durability"))
                    .isLessThan(console.out().indexOf("primary-keys"));
            assertThat(console.err()).isEmpty();

            assertThat(console.run("health", "copy")).isEqualTo(1);
            assertThat(console.out()).contains("CRIT", "availability", "3 attempts in a row");
        }
    }

    @Test
    void thresholds_and_waivers_of_the_charter_decide_the_exit_code() {
        String watch = """
                watch:
                  checks:
                    durability: { enabled: false }
                    autovacuum-disabled: { enabled: false }
                    data-checksums: { enabled: false }
                    server-version: { enabled: false }
                    server-restart: { enabled: false }
                    statement-statistics: { enabled: false }
                    audit-log: { enabled: false }
                    own-login: { enabled: false }
                    public-connect: { enabled: false }
                  waivers:
                    - { check: primary-keys, key: public.keyless, because: filled by a partner, until: "2999-12-31" }
                    - { check: unlogged-tables, because: long gone, until: "2020-01-01" }
                """;
        // Of its own: others leave roles behind, and checks see them.
        try (OwnServer server = new OwnServer(15);
                Scene scene = new Scene(server.url("postgres"), NOWHERE, Scene.CHARTER + watch)) {
            scene.execute(Scene.SHOP, "CREATE TABLE keyless (id int)");
            Console console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));

            assertThat(console.run("health", "shop", "--fail-on", "warn"))
                    .as(console.out())
                    .isEqualTo(0);
            assertThat(console.run("health", "shop", "--fail-on", "unknown")).isEqualTo(1);
            assertThat(console.run("health", "shop", "--all", "--fail-on", "warn"))
                    .isEqualTo(0);
            assertThat(console.out()).contains("but for what is waived: 1").doesNotContain("durability");

            scene.execute(Scene.SHOP, "CREATE TABLE other (id int)");
            assertThat(console.run("health", "shop", "--fail-on", "warn")).isEqualTo(1);
            assertThat(console.out())
                    .contains("public.other: has no primary key", "(waived: filled by a partner, until 2999-12-31)");

            Report.Health installation = (Report.Health) scene.done(new Operation.Health(Optional.empty()));
            assertThat(installation.checks())
                    .filteredOn(check -> check.check().equals("waivers"))
                    .singleElement()
                    .satisfies(check -> assertThat(check.level()).isEqualTo(Level.WARN))
                    .satisfies(check -> assertThat(check.message()).contains("unlogged-tables", "long gone"));
        }
    }

    @Test
    void json_holds_every_finding_and_the_verdicts_are_kept_for_others() {
        try (Scene scene = new Scene(TestServers.fresh(15), NOWHERE)) {
            scene.execute(Scene.SHOP, "CREATE TABLE a (id int); CREATE TABLE b (id int)");
            Console console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));

            assertThat(console.run("health", "shop", "--json")).isEqualTo(1);
            JsonNode keys = check(console.out(), "primary-keys");
            assertThat(keys.path("level").stringValue()).isEqualTo("WARN");
            assertThat(keys.path("findings").size()).isEqualTo(2);
            assertThat(keys.path("findings").get(0).path("key").stringValue()).isEqualTo("public.a");
            assertThat(check(console.out(), "deadlocks").path("message").stringValue())
                    .startsWith("first reading");

            // The second one has something to compare counters with.
            Report.Health second = (Report.Health) scene.done(new Operation.Health(Optional.of(Scene.SHOP)));
            assertThat(of(second, "deadlocks").level()).isEqualTo(Level.OK);
            List<StandingVerdict> kept = scene.readings().verdicts().of("database/shop");
            assertThat(kept).hasSameSizeAs(second.checks());
            assertThat(kept.getFirst().verdict().level()).isEqualTo(Level.CRIT);
        }
    }

    private static Checked of(Report.Health health, String check) {
        return health.checks().stream()
                .filter(row -> row.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode check(String json, String check) {
        for (JsonNode row : JsonMapper.shared()
                .readTree(json)
                .path("results")
                .get(0)
                .path("report")
                .path("checks")) {
            if (row.path("check").stringValue().equals(check)) {
                return row;
            }
        }
        throw new AssertionError("no check " + check + " in " + json);
    }
}
