package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `serve` does about processes that died.
@Timeout(120)
class ServeRecoveryIT {
    private Scene scene;
    private Console console;
    private PostgresUrl state;

    @BeforeEach
    void open() {
        scene = new Scene(
                TestServers.fresh(15), TestServers.fresh(15), Scene.CHARTER + "state: { url: \"${env:STATE}\" }\n");
        state = TestServers.fresh(15);
        scene.variables.put("STATE", Scene.text(state));
        scene.execute(
                Scene.SHOP, "create table payments as select i, repeat('x', 500) t from generate_series(1, 50000) i");
        console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
        assertThat(console.run("repository", "init", "vault")).as(console::err).isZero();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private ChildJvm serve() {
        Map<String, String> variables = new HashMap<>(scene.variables);
        variables.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        return ChildJvm.start(Main.class, variables, "serve");
    }

    @Test
    void it_says_when_it_is_up_ends_the_runs_of_dead_processes_and_stops_in_order() {
        try (ChildJvm serving = serve()) {
            serving.says("pgcharter serves");
            Console.killAt(console.start("backup", "shop"), "copying rows");

            // Asked of the database itself: every command of ours would end lost runs, too.
            Wait.until("the killed backup is ended as lost", () -> {
                try (Session session = Session.open(state, "test")) {
                    return session.query(
                                    "select count(*) from pgcharter.run where verb = 'backup' and outcome = 'lost'")
                            .getFirst()
                            .string(0)
                            .equals("1");
                }
            });
            assertThat(console.run("journal", "--last", "1")).isZero();
            assertThat(console.out()).contains("lost");

            serving.interrupt();
            assertThat(serving.exitCode())
                    .as(() -> String.join("\n", serving.lines()))
                    .isZero();
            assertThat(serving.lines()).noneMatch(line -> line.contains("Exception"));
        }
    }
}
