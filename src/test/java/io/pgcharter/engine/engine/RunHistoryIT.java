package io.pgcharter.engine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.Wait;
import io.pgcharter.engine.engine.EngineScene.Node;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunHistoryIT {
    private final EngineScene scene = new EngineScene();

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void a_run_shows_how_far_it_is_on_every_node_and_its_report_when_it_has_ended() {
        CountDownLatch released = new CountDownLatch(1);
        CompletableFuture<RunId> begun = new CompletableFuture<>();
        Work work = (permit, operation, run) -> {
            permit.consume(operation);
            try (Run.Step step = run.begin("copying rows", 1_000, Run.Unit.BYTES)) {
                step.add(400);
                begun.complete(run.id());
                Wait.until("the test lets it go on", () -> released.getCount() == 0);
                step.add(600);
            }
            return new Report.RepositoryList(EngineScene.VAULT, List.of());
        };
        try (Node one = scene.node("one", work);
                Node two = scene.node("two", work)) {
            CompletableFuture<Outcome> ending = EngineScene.beside(() -> one.submit(EngineScene.BACKUP, "alice"));
            RunId run = begun.join();

            RunRow here = one.engine().history().find(run).orElseThrow();

            assertThat(here.steps()).containsExactly(new RunStep(1, "copying rows", Run.Unit.BYTES, 1_000, 400, false));
            assertThat(here.operation()).isEqualTo(EngineScene.BACKUP);
            assertThat(here.subjects()).containsExactly("database/shop", "repository/vault");
            assertThat(here.person()).isEqualTo("alice");
            assertThat(here.endedAt()).isEmpty();
            // The other node learns it with the heartbeat.
            Wait.until(
                    "the other node sees the step",
                    () -> !two.engine().history().open().getFirst().steps().isEmpty());
            assertThat(two.engine().history().open().getFirst().steps()).isEqualTo(here.steps());

            released.countDown();
            ending.join();

            RunRow ended = two.engine().history().last("repository/vault", 5).getFirst();
            assertThat(ended.run()).isEqualTo(run.text());
            assertThat(ended.outcome()).contains("done");
            assertThat(ended.endedAt()).isPresent();
            assertThat(ended.ending().orElseThrow()).contains("\"report\":{", "\"repository\":\"vault\"");
            assertThat(ended.steps())
                    .containsExactly(new RunStep(1, "copying rows", Run.Unit.BYTES, 1_000, 1_000, true));
            assertThat(two.engine().history().open()).isEmpty();
            assertThat(two.engine().history().last("database/copy", 5)).isEmpty();
        }
    }

    @Test
    void a_failed_run_and_a_lost_one_say_why() {
        Work failing = (permit, operation, _) -> {
            permit.consume(operation);
            throw new ProblemException(ProblemCode.STORAGE_FULL, "no room", "the disk is full", "make room");
        };
        try (Node one = scene.node("one", failing)) {
            RunId failed = one.submit(EngineScene.BACKUP, "alice").run();
            one.submit(new Operation.Status(EngineScene.COPY), "bob");
            scene.execute(
                    "insert into pgcharter.run (id, verb, operation, person, node, process, process_started, seen_at)"
                            + " select 'ffffffffffff', verb, operation, person, 'far away', 1, now(), now() - interval '1 hour'"
                            + " from pgcharter.run where id = '" + failed + "'");

            one.engine().recover();

            RunHistory history = one.engine().history();
            assertThat(history.find(failed).orElseThrow().outcome()).contains("failed");
            assertThat(history.find(failed).orElseThrow().ending().orElseThrow())
                    .contains("STORAGE_FULL", "no room");
            RunRow lost = history.find(new RunId("ffffffffffff")).orElseThrow();
            assertThat(lost.outcome()).contains("lost");
            assertThat(lost.ending().orElseThrow()).contains("RUN_LOST");
            assertThat(history.last(10))
                    .extracting(RunRow::verb)
                    .containsExactlyInAnyOrder("status", "backup", "backup");
        }
    }

    @Test
    void a_report_too_long_for_the_table_stands_in_the_journal_only() {
        Work wordy = (permit, operation, _) -> {
            permit.consume(operation);
            return new Report.Cancel("x".repeat(200_000), true);
        };
        try (Node one = scene.node("one", wordy)) {
            RunId run = one.submit(EngineScene.BACKUP, "alice").run();

            assertThat(one.engine().history().find(run).orElseThrow().outcome()).contains("done");
            assertThat(one.engine().history().find(run).orElseThrow().ending()).isEmpty();
            assertThat(one.entries(run).getLast().details()).hasSizeGreaterThan(200_000);
        }
    }
}
