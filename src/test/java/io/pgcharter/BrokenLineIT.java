package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Servers that stop and lines that break while rows go over them.
@Timeout(60)
class BrokenLineIT {
    /// 25 MB, of which some stands in buffers on the way: the fault comes well before the end.
    private static final String BULK = """
            create table bulk (id int primary key, note text);
            insert into bulk select i, repeat(md5(i::text), 8) from generate_series(1, 100000) i;
            create table small (id int); insert into small values (1)""";

    private static final long MIDDLE_BYTES = 6_000_000;
    private static final int SILENCE_MILLIS = 1_500;

    private static OwnServer source;
    private static OwnServer target;
    private static Cable sourceLine;
    private static Cable targetLine;
    private static Scene scene;
    private static Report.Backup kept;

    enum Work {
        BACKUP,
        RESTORE,
        COPY
    }

    enum Side {
        SOURCE,
        TARGET
    }

    enum Fault {
        STOPPED_FAST(ProblemCode.SERVER_UNREACHABLE, "terminating connection|the server closed the connection"),
        STOPPED_IMMEDIATELY(ProblemCode.SERVER_UNREACHABLE, "terminating connection|the server closed the connection"),
        RESET(ProblemCode.SERVER_UNREACHABLE, "the server closed the connection|Connection reset|Broken pipe"),
        SILENT(ProblemCode.TIMED_OUT, "the limit for this wait was reached");

        private final ProblemCode code;
        private final String cause;

        Fault(ProblemCode code, String cause) {
            this.code = code;
            this.cause = cause;
        }
    }

    @BeforeAll
    static void lay_the_lines() {
        source = new OwnServer(15);
        target = new OwnServer(15);
        sourceLine = new Cable(source.socket());
        targetLine = new Cable(target.socket());
        source.execute("postgres", "create database shop");
        source.execute("shop", BULK);
        scene = new Scene(sourceLine.url("shop", SILENCE_MILLIS), targetLine.url("copy", SILENCE_MILLIS));
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        kept = scene.backup();
    }

    @AfterAll
    static void take_them_down() {
        scene.close();
        sourceLine.close();
        targetLine.close();
        source.close();
        target.close();
    }

    @ParameterizedTest
    @CsvSource({
        "BACKUP, SOURCE, STOPPED_FAST",
        "BACKUP, SOURCE, SILENT",
        "RESTORE, TARGET, STOPPED_IMMEDIATELY",
        "RESTORE, TARGET, SILENT",
        "COPY, SOURCE, RESET",
    })
    void a_fault_in_the_middle_is_one_problem_leaves_nothing_and_the_next_run_works(Work work, Side side, Fault fault)
            throws InterruptedException {
        meet(work, side, fault);
    }

    @Tag("soak")
    @ParameterizedTest
    @CsvSource({
        "BACKUP, SOURCE, STOPPED_IMMEDIATELY",
        "BACKUP, SOURCE, RESET",
        "RESTORE, TARGET, STOPPED_FAST",
        "COPY, TARGET, STOPPED_FAST",
        "RESTORE, TARGET, RESET",
        "COPY, SOURCE, STOPPED_FAST",
        "COPY, SOURCE, STOPPED_IMMEDIATELY",
        "COPY, SOURCE, SILENT",
        "COPY, TARGET, STOPPED_IMMEDIATELY",
        "COPY, TARGET, RESET",
        "COPY, TARGET, SILENT",
    })
    void so_is_every_other_one(Work work, Side side, Fault fault) throws InterruptedException {
        meet(work, side, fault);
    }

    private static void meet(Work work, Side side, Fault fault) throws InterruptedException {
        target.execute("postgres", "drop database if exists copy with (force)");
        target.execute("postgres", "create database copy");
        int listed = scene.backups().size();

        Problem problem = failed(work, side, fault);

        Traces.readsWell(problem);
        assertThat(problem.code()).isEqualTo(fault.code);
        assertThat(problem.fact()).contains("127.0.0.1");
        assertThat(problem.cause()).containsPattern(fault.cause);
        assertThat(problem.remedy()).contains("run it again");
        Traces.vanish(source.url("postgres"));
        Traces.vanish(target.url("postgres"));
        assertThat(scene.backups()).hasSize(listed);
        if (work != Work.BACKUP) {
            assertThat(marks()).isEqualTo("1");
        }
        scene.done(operation(work));
        assertThat(marks()).isEqualTo("0");
    }

    private static Problem failed(Work work, Side side, Fault fault) throws InterruptedException {
        OwnServer server = side == Side.SOURCE ? source : target;
        Cable line = side == Side.SOURCE ? sourceLine : targetLine;
        CountDownLatch happened = line.after(MIDDLE_BYTES, () -> {
            switch (fault) {
                case STOPPED_FAST -> server.stop("fast");
                case STOPPED_IMMEDIATELY -> server.stop("immediate");
                case RESET -> line.cut();
                case SILENT -> line.silence();
            }
        });
        try {
            Problem problem = scene.failed(operation(work));
            assertThat(happened.await(20, TimeUnit.SECONDS)).isTrue();
            return problem;
        } finally {
            line.mend();
            server.ensureStarted();
        }
    }

    private static String marks() {
        return target.ask("copy", "select count(*)::text from pg_namespace where nspname = 'pgcharter_incomplete'");
    }

    private static Operation operation(Work work) {
        return switch (work) {
            case BACKUP -> new Operation.Backup(Scene.SHOP, Scene.VAULT);
            case RESTORE ->
                new Operation.Restore(kept.backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty());
            case COPY -> new Operation.Copy(Scene.SHOP, Scene.COPY, false);
        };
    }
}
