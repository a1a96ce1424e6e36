package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sources that are special: standbys.
@Timeout(90)
class SourceServerIT {
    private static final String TABLES = """
            create table item (id int primary key, note text);
            insert into item select i, repeat('x', 100) from generate_series(1, 5000) i""";

    @Test
    void a_standby_is_backed_up_like_a_primary() {
        try (OwnServer primary = new OwnServer(15)) {
            primary.execute("postgres", "create database shop");
            primary.execute("shop", TABLES);
            try (OwnServer standby = primary.standby();
                    Scene scene = new Scene(standby.url("shop"), primary.url("postgres"))) {
                scene.done(new Operation.RepositoryInit(Scene.VAULT));

                Report.Backup backup = scene.backup();

                assertThat(backup.rowCount()).isEqualTo(5000);
                assertThat(scene.verify(backup.backup()).rowCount()).isEqualTo(5000);
                Traces.vanish(standby.url("postgres"));
            }
        }
    }

    @Tag("soak")
    @Test
    void a_conflict_with_recovery_ends_the_backup_of_a_standby_in_one_problem() {
        try (OwnServer primary = new OwnServer(15)) {
            primary.execute("postgres", "create database shop");
            primary.execute("shop", TABLES);
            try (OwnServer standby = primary.standby("max_standby_streaming_delay = 0");
                    Scene scene = new Scene(standby.url("shop"), primary.url("postgres"))) {
                scene.done(new Operation.RepositoryInit(Scene.VAULT));

                Problem problem = scene.failed(backup(), once(() -> {
                    primary.execute("shop", "drop table item");
                    Wait.until(
                            "the standby follows",
                            Duration.ofSeconds(10),
                            () -> standby.ask("shop", "select (to_regclass('item') is null)::text")
                                    .equals("true"));
                }));

                Traces.readsWell(problem);
                assertThat(problem.code()).isIn(ProblemCode.STATEMENT_FAILED, ProblemCode.TABLE_CHANGED);
                assertThat(scene.backups()).isEmpty();
                Traces.vanish(standby.url("postgres"));
            }
        }
    }

    private static Operation backup() {
        return new Operation.Backup(Scene.SHOP, Scene.VAULT);
    }

    private static Observer once(Runnable change) {
        AtomicBoolean done = new AtomicBoolean();
        return new Observer() {
            @Override
            public void stepBegun(RunId run, int step, String name, long total, Unit unit) {
                if (done.compareAndSet(false, true)) {
                    change.run();
                }
            }

            @Override
            public void stepMoved(RunId run, int step, long count) {}

            @Override
            public void stepEnded(RunId run, int step, long count) {}
        };
    }
}
