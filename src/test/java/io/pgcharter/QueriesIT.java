package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.metrics.Metric;
import io.pgcharter.platform.metrics.StatementCost;
import io.pgcharter.platform.metrics.StatementHistory;
import io.pgcharter.platform.metrics.StatementMeter;
import io.pgcharter.platform.postgres.OwnStatement;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.state.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `queries` against servers that count statements, and against one that does not.
class QueriesIT {
    private static final String WITH_STATE =
            Scene.CHARTER + "state: { url: \"${env:STATE}\" }\nwatch: { slow-query: 100ms }\n";
    private static final String CANARY = "canary-4111";

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 18})
    void what_costs_most_and_what_is_slow_is_shown_with_plans_and_without_values(int major) {
        try (OwnServer server = new OwnServer(
                        major,
                        "shared_preload_libraries = 'pg_stat_statements'",
                        "pg_stat_statements.track_utility = on");
                Scene scene = scene(server.url("postgres"))) {
            try (Session session = Session.open(server.url("postgres"), "test")) {
                session.execute("create extension pg_stat_statements; create table t (id int primary key, name text)");
                session.execute("insert into t select i, 'name ' || i from generate_series(1, 1000) i");
                session.execute("select pg_stat_statements_reset()");
                for (int id = 1; id <= 50; id++) {
                    session.query("select name from t where id = $1", Integer.toString(id));
                }
                session.execute("select pg_sleep(0.15), '" + CANARY + "'");
                session.execute("create role r_" + major + " password '" + CANARY + "'");
                session.execute("update t set name = '" + CANARY + "' where id = 7");
            }

            Report.Queries queries = (Report.Queries) scene.done(new Operation.Queries(Scene.SHOP));

            assertThat(queries.trouble()).isEmpty();
            assertThat(queries.since()).isPresent();
            assertThat(queries.toString()).doesNotContain(CANARY);
            assertThat(queries.slow()).singleElement().satisfies(row -> {
                assertThat(row.text()).contains("pg_sleep(");
                assertThat(row.meanMilliseconds()).isGreaterThan(100);
                assertThat(row.share()).isBetween(0.1, 1.0);
            });
            Report.QueryRow lookup = queries.top().stream()
                    .filter(row -> row.text().equals("select name from t where id = $1"))
                    .findFirst()
                    .orElseThrow();
            assertThat(lookup.calls()).isEqualTo(50);
            assertThat(lookup.rows()).isEqualTo(50);
            assertThat(lookup.plan().text().orElse("" + lookup.plan().trouble()))
                    .contains("t_pkey", "id = $1");
            Report.QueryRow update = queries.top().stream()
                    .filter(row -> row.text().startsWith("update t set"))
                    .findFirst()
                    .orElseThrow();
            assertThat(update.plan().text().orElse("" + update.plan().trouble()))
                    .contains("Update on t");
            assertThat(queries.top())
                    .filteredOn(row -> row.text().startsWith("create role"))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row.plan().trouble()).hasValue("no single SELECT, INSERT, UPDATE or DELETE"));
            assertThat(scene.ask(Scene.SHOP, "select name from t where id = 7")).isEqualTo(CANARY);
            assertThat(scene.ask(Scene.SHOP, "select count(*)::text from t where name = '" + CANARY + "'"))
                    .isEqualTo("1");
        }
    }

    private static Scene scene(PostgresUrl shop) {
        Scene scene = new Scene(shop, TestServers.fresh(15), WITH_STATE);
        scene.variables.put("STATE", Scene.text(TestServers.fresh(15)));
        return scene;
    }

    @Test
    void a_server_without_the_extension_says_how_to_get_it() {
        try (Scene scene = scene(TestServers.fresh(17))) {
            Report.Queries queries = (Report.Queries) scene.done(new Operation.Queries(Scene.SHOP));
            assertThat(queries.trouble().orElseThrow()).contains("create extension pg_stat_statements");
            scene.execute(Scene.SHOP, "create extension pg_stat_statements");
            queries = (Report.Queries) scene.done(new Operation.Queries(Scene.SHOP));
            assertThat(queries.trouble().orElseThrow()).contains("shared_preload_libraries");
            assertThat(queries.top()).isEmpty();
        }
    }

    @Test
    void a_statement_that_became_slower_is_found_and_noise_is_not() {
        try (Scene scene = scene(TestServers.fresh(17))) {
            scene.done(new Operation.Queries(Scene.SHOP));
            try (State state = State.open(new Secret(scene.variables.getOrDefault("STATE", "")), scene.directory)) {
                StatementHistory history = new StatementHistory(state);
                Map<Long, String> texts = new HashMap<>(
                        Map.of(1L, "select slower", 2L, "select same", 3L, "select rare", 4L, "select tiny"));
                history.enter(
                        Scene.SHOP,
                        List.of(cost(1, 100, 1_000), cost(2, 100, 1_000), cost(3, 2, 20), cost(4, 100, 1)),
                        texts);
                state.jdbi().useHandle(handle -> handle.execute("update pgcharter.statement_day set day = day - 1"));
                history.enter(Scene.SHOP, List.of(cost(1, 100, 2_500)), Map.of());
                history.enter(
                        Scene.SHOP,
                        List.of(cost(1, 100, 2_500), cost(2, 100, 1_100), cost(3, 3, 3_000), cost(4, 100, 5)),
                        Map.of());
            }

            Report.Queries queries = (Report.Queries) scene.done(new Operation.Queries(Scene.SHOP));

            assertThat(queries.daysKnown()).isEqualTo(2);
            assertThat(queries.slower()).singleElement().satisfies(row -> {
                assertThat(row.text()).isEqualTo("select slower");
                assertThat(row.meanMillisecondsBefore()).isEqualTo(10);
                assertThat(row.meanMilliseconds()).isEqualTo(25);
                assertThat(row.calls()).isEqualTo(200);
                assertThat(row.plan().trouble()).isPresent();
            });
        }
    }

    @Test
    void the_meter_counts_what_was_executed_between_two_readings() {
        try (OwnServer server = new OwnServer(15, "shared_preload_libraries = 'pg_stat_statements'");
                Session session = Session.open(server.url("postgres"), "test")) {
            session.execute("create extension pg_stat_statements; create table t as select 1 as id");
            List<StatementCost> costs = new ArrayList<>();
            Map<Long, String> texts = new HashMap<>();
            StatementMeter meter = new StatementMeter(
                    (grown, met, _) -> {
                        costs.addAll(grown);
                        texts.putAll(met);
                    },
                    Duration.ZERO);
            assertThat(meter.read(session)).as("nothing to compare with").isEmpty();
            for (int call = 0; call < 30; call++) {
                session.execute("select count(*) from t where id = " + call);
            }
            Map<Metric, Double> measured = meter.read(session);

            assertThat(measured)
                    .containsOnlyKeys(
                            Metric.STATEMENTS_PER_SECOND, Metric.STATEMENT_MEAN_SECONDS, Metric.STATEMENT_P95_SECONDS);
            assertThat(costs).anySatisfy(cost -> {
                assertThat(cost.calls()).isEqualTo(30);
                assertThat(texts.get(cost.id())).isEqualTo("select count(*) from t where id = $1");
            });
            for (int call = 0; call < 300; call++) {
                session.execute("begin; set local jit = off");
                session.query(OwnStatement.marked("select 1"));
                session.execute("commit");
            }
            session.execute("select pg_sleep(0.3)");
            assertThat(meter.read(session).get(Metric.STATEMENT_P95_SECONDS))
                    .as("what no application waits for does not count")
                    .isGreaterThan(0.3);

            session.execute("select pg_stat_statements_reset()");
            costs.clear();
            assertThat(meter.read(session)).as("counters went backwards").isEmpty();
            assertThat(costs).allSatisfy(cost -> assertThat(cost.calls()).isLessThan(5));
        }
    }

    private static StatementCost cost(long id, long calls, double milliseconds) {
        return new StatementCost(id, calls, milliseconds, calls);
    }
}
