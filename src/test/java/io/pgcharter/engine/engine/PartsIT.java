package io.pgcharter.engine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.EngineScene.Node;
import io.pgcharter.engine.journal.Entry;
import io.pgcharter.engine.journal.Step;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.policy.guard.Permit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Runs that have others carried out as their parts: a check of a repository has a backup taken, or a copy made.
class PartsIT {
    private static final Operation WHOLE = new Operation.RepositoryCheck(EngineScene.VAULT, Optional.empty());
    private static final Operation DENIED =
            new Operation.Verify(new BackupId("0123abcd"), EngineScene.VAULT, EngineScene.COPY);

    private final EngineScene scene = new EngineScene();

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    private record Composite(Operation part, Work rest) implements Work {
        @Override
        public Report carryOut(Permit permit, Operation operation, Run run) {
            permit.consume(operation);
            return operation.equals(WHOLE) ? run.submit(part) : rest.carryOut(permit, operation, run);
        }
    }

    private static List<Entry> ofPart(Node node, RunId whole) {
        return node.engine().journal().last(100).stream()
                .filter(entry -> !entry.run().equals(whole))
                .toList();
    }

    @Test
    void a_part_is_judged_and_journaled_and_its_steps_are_shown_as_the_wholes() {
        Report report = new Report.Cancel("0123456789ab", false);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Work work = new Composite(EngineScene.BACKUP, (_, _, run) -> {
            run.begin("reading", 2, Unit.ITEMS).close();
            return report;
        });
        try (Node node = scene.node("one", work)) {
            Outcome outcome = node.engine().submit(WHOLE, EngineScene.asking("alice"), new Steps(seen));

            assertThat(outcome).isEqualTo(new Outcome.Done(outcome.run(), report));
            assertThat(ofPart(node, outcome.run()))
                    .extracting(Entry::step)
                    .containsExactly(Step.ASKED, Step.DECIDED, Step.BEGUN, Step.ENDED);
            assertThat(ofPart(node, outcome.run()).getFirst().details())
                    .isEqualTo("{\"part-of\":\"" + outcome.run() + "\"}");
            assertThat(seen).containsExactly("asked " + outcome.run(), outcome.run() + " 1 reading");
        }
    }

    @Test
    void a_part_that_is_not_allowed_ends_the_whole_and_never_begins() {
        try (Node node = scene.node("one", new Composite(DENIED, (_, _, _) -> {
            throw new AssertionError("it was not allowed");
        }))) {
            Outcome outcome = node.submit(WHOLE, "alice");

            assertThat(((Outcome.Failed) outcome).problem().code()).isEqualTo(ProblemCode.PART_REFUSED);
            assertThat(((Outcome.Failed) outcome).problem().cause()).contains("no backup plan names database 'copy'");
            assertThat(ofPart(node, outcome.run())).extracting(Entry::step).containsExactly(Step.ASKED, Step.DECIDED);
        }
    }

    @Test
    void whoever_cancels_the_whole_cancels_its_part() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(1);
        Work work = new Composite(EngineScene.BACKUP, (_, _, run) -> {
            working.countDown();
            while (true) {
                run.check();
                Thread.onSpinWait();
            }
        });
        try (Node node = scene.node("one", work)) {
            Queue<String> seen = new ConcurrentLinkedQueue<>();
            CompletableFuture<Outcome> whole =
                    EngineScene.beside(() -> node.engine().submit(WHOLE, EngineScene.asking("alice"), new Steps(seen)));
            working.await();
            RunId run = new RunId(seen.element().substring("asked ".length()));
            node.submit(new Operation.Cancel(run), "alice");

            Outcome outcome = whole.orTimeout(30, TimeUnit.SECONDS).join();

            assertThat(((Outcome.Failed) outcome).problem().code()).isEqualTo(ProblemCode.CANCELLED);
            assertThat(scene.ask("select count(*) from pgcharter.run where ended_at is null"))
                    .isEqualTo("0");
        }
    }

    @Test
    void what_the_whole_holds_a_part_cannot_have() {
        scene.passes(Duration.ofSeconds(1));
        Operation outer = new Operation.RepositoryForget(EngineScene.VAULT, new BackupId("0123abcd"));
        Work work = (permit, operation, run) -> {
            permit.consume(operation);
            return run.submit(outer);
        };
        try (Node node = scene.node("one", work)) {
            Outcome outcome = node.engine()
                    .submit(
                            outer,
                            new Asking(EngineScene.asking("alice").actor(), Optional.of("vault")),
                            Observer.none());

            assertThat(((Outcome.Failed) outcome).problem().code()).isEqualTo(ProblemCode.TARGET_BUSY);
        }
    }

    @Test
    void what_people_agreed_to_for_the_whole_counts_for_its_parts_while_it_goes_on_and_not_after() {
        String charter = EngineScene.CHARTER.replace("{ protected: true }", "{}") + """
                migrations:
                  main: { layout: plain, path: m, databases: [copy, shop], release: {} }
                """;
        charter = charter.replace("flows:", """
                flows:
                  - { from: cold, to: production, what: migration, rule: { approvals: 1, role: admin, valid: 1h } }""".stripIndent());
        Operation whole = new SchemaOperation.Release(EngineScene.SHOP, false, Optional.empty());
        Operation part = new SchemaOperation.MigrateUp(EngineScene.SHOP, Optional.empty());
        Report report = new Report.Cancel("0123456789ab", false);
        Work work = (permit, operation, run) -> {
            permit.consume(operation);
            if (operation.equals(part)) {
                return report;
            }
            // A release goes on for longer than an agreement to begin one holds.
            scene.passes(Duration.ofHours(2));
            return run.submit(part);
        };
        try (Node node = scene.node("one", charter, work)) {
            Outcome.Waiting waiting = (Outcome.Waiting) node.submit(whole, "alice");
            node.submit(new Operation.Approve(waiting.request().orElseThrow()), "bob");

            Outcome outcome = node.submit(whole, "alice");

            assertThat(outcome).isEqualTo(new Outcome.Done(outcome.run(), report));
            assertThat(node.submit(part, "alice")).isInstanceOf(Outcome.Waiting.class);
            assertThat(node.submit(whole, "alice")).isInstanceOf(Outcome.Waiting.class);
        }
    }

    /// Writes down what it sees.
    private record Steps(Queue<String> seen) implements Observer {
        @Override
        public void asked(RunId run) {
            seen.add("asked " + run);
        }

        @Override
        public void stepBegun(RunId run, int step, String name, long total, Unit unit) {
            seen.add(run + " " + step + " " + name);
        }

        @Override
        public void stepMoved(RunId run, int step, long done) {}

        @Override
        public void stepEnded(RunId run, int step, long done) {}
    }
}
