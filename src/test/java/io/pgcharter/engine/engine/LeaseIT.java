package io.pgcharter.engine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.Wait;
import io.pgcharter.engine.engine.EngineScene.Node;
import io.pgcharter.engine.journal.Entry;
import io.pgcharter.engine.journal.Step;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.guard.Permit;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One run per target, across nodes: who holds it, for how long, and how a run is stopped.
class LeaseIT {
    private final EngineScene scene = new EngineScene();

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    /// Work that begins, waits until the test lets it go on, and then asks whether it may.
    private static final class Held implements Work {
        private final CompletableFuture<Run> begun = new CompletableFuture<>();
        private final CountDownLatch released = new CountDownLatch(1);
        private final boolean checks;

        /// @param checks whether it looks, while it waits, whether it may go on
        Held(boolean checks) {
            this.checks = checks;
        }

        @Override
        public Report carryOut(Permit permit, Operation operation, Run run) {
            permit.consume(operation);
            begun.complete(run);
            Wait.until("the test lets the work go on", () -> {
                if (checks) {
                    run.check();
                }
                return released.getCount() == 0;
            });
            run.fence();
            return report();
        }

        RunId run() {
            return begun.join().id();
        }

        void release() {
            released.countDown();
        }
    }

    private static Report report() {
        return new Report.RepositoryList(EngineScene.VAULT, List.of());
    }

    private static final Work AT_ONCE = (permit, operation, run) -> {
        permit.consume(operation);
        run.fence();
        return report();
    };

    private static CompletableFuture<Outcome> start(Node node) {
        return EngineScene.beside(() -> node.submit(EngineScene.BACKUP, "alice"));
    }

    private static Problem problem(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).problem();
    }

    @Test
    void a_target_that_is_held_is_busy_for_everybody_else_and_free_afterwards() {
        Held work = new Held(true);
        try (Node one = scene.node("one", work);
                Node two = scene.node("two", AT_ONCE)) {
            CompletableFuture<Outcome> running = start(one);
            RunId holder = work.run();

            Outcome busy = two.submit(EngineScene.BACKUP, "bob");

            assertThat(problem(busy).code()).isEqualTo(ProblemCode.TARGET_BUSY);
            assertThat(problem(busy).fact()).contains("backup/shop");
            assertThat(problem(busy).cause()).contains("backup (run " + holder + ") by alice on one since 20");
            assertThat(problem(busy).remedy()).contains("pgcharter cancel");
            assertThat(two.steps(busy.run())).containsExactly(Step.ASKED, Step.DECIDED, Step.ENDED);
            assertThat(scene.ask("select count(*)::text from pgcharter.run")).isEqualTo("1");
            // The same node is no exception, and another target is free.
            assertThat(problem(one.submit(EngineScene.BACKUP, "alice")).code()).isEqualTo(ProblemCode.TARGET_BUSY);
            assertThat(two.submit(new Operation.RepositoryInit(EngineScene.VAULT), "bob"))
                    .isInstanceOf(Outcome.Done.class);

            work.release();
            assertThat(running.join()).isInstanceOf(Outcome.Done.class);
            assertThat(one.steps(holder)).containsExactly(Step.ASKED, Step.DECIDED, Step.BEGUN, Step.ENDED);
            assertThat(scene.ask("select count(*)::text from pgcharter.lease")).isEqualTo("0");
            assertThat(two.submit(EngineScene.BACKUP, "bob")).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void a_lease_is_renewed_while_its_run_goes_on() {
        Held work = new Held(true);
        try (Node one = scene.node("one", work)) {
            CompletableFuture<Outcome> running = start(one);
            work.run();
            String before = scene.ask("select expires_at::text from pgcharter.lease");
            String seen = scene.ask("select seen_at::text from pgcharter.run");

            Wait.until(
                    "the lease is renewed",
                    () -> scene.ask("select (expires_at > '" + before + "')::text from pgcharter.lease")
                            .equals("true"));

            assertThat(scene.ask("select (seen_at > '" + seen + "')::text from pgcharter.run"))
                    .isEqualTo("true");
            work.release();
            assertThat(running.join()).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void an_expired_lease_is_taken_over_with_a_higher_token_and_its_old_holder_is_fenced_off() {
        Held old = new Held(false);
        Held young = new Held(false);
        try (Node one = scene.node("one", old);
                Node two = scene.node("two", young)) {
            CompletableFuture<Outcome> overtaken = start(one);
            RunId first = old.run();
            long token = token();
            // As if node one had hung for half a minute.
            scene.execute("update pgcharter.lease set expires_at = clock_timestamp() - interval '1 second'");
            CompletableFuture<Outcome> taking = start(two);
            RunId second = young.run();
            assertThat(token()).isGreaterThan(token);

            old.release();
            Problem lost = problem(overtaken.join());

            assertThat(lost.code()).isEqualTo(ProblemCode.LEASE_LOST);
            assertThat(lost.fact()).contains("run " + first, "backup/shop");
            assertThat(lost.cause()).contains("another run has taken the target");
            assertThat(last(one, first).details()).contains("failed", "LEASE_LOST");
            // Its end did not take the new holder's lease away.
            assertThat(scene.ask("select run from pgcharter.lease")).isEqualTo(second.text());
            young.release();
            assertThat(taking.join()).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void a_run_that_lost_its_lease_stops_at_its_next_check_also_without_reaching_its_commit_point() {
        Held work = new Held(true);
        try (Node one = scene.node("one", work)) {
            CompletableFuture<Outcome> running = start(one);
            work.run();
            scene.execute("update pgcharter.lease set token = token + 1");

            assertThat(problem(running.join()).code()).isEqualTo(ProblemCode.LEASE_LOST);
        }
    }

    @Test
    void a_control_database_that_cannot_be_asked_at_the_commit_point_ends_the_run_before_it() {
        Held work = new Held(false);
        try (Node one = scene.node("one", work)) {
            CompletableFuture<Outcome> running = start(one);
            work.run();
            scene.execute("create function refuse() returns trigger language plpgsql as"
                    + " $$ begin raise exception 'the disk is full'; end $$;"
                    + "create trigger refuse before update on pgcharter.lease execute function refuse()");
            work.release();

            Problem lost = problem(running.join());

            assertThat(lost.code()).isEqualTo(ProblemCode.LEASE_LOST);
            assertThat(lost.cause()).contains("the control database cannot be asked", "the disk is full");
            assertThat(scene.ask("select count(*)::text from pgcharter.lease")).isEqualTo("0");
        }
    }

    @Test
    void a_control_database_that_is_away_at_the_commit_point_is_waited_for() {
        Held work = new Held(false);
        try (Node one = scene.node("one", work)) {
            CompletableFuture<Outcome> running = start(one);
            RunId run = work.run();
            scene.away(true);
            work.release();
            assertThatThrownBy(() -> running.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

            scene.away(false);

            assertThat(running.join()).isInstanceOf(Outcome.Done.class);
            assertThat(one.steps(run)).endsWith(Step.BEGUN, Step.ENDED);
        }
    }

    @Test
    void a_run_that_ended_while_the_control_database_was_away_is_journaled_when_it_is_back() {
        CountDownLatch away = new CountDownLatch(1);
        Work done = (permit, operation, run) -> {
            permit.consume(operation);
            run.fence();
            scene.away(true);
            away.countDown();
            return report();
        };
        try (Node one = scene.node("one", done)) {
            CompletableFuture<Outcome> running = start(one);
            Wait.until("the work is done", () -> away.getCount() == 0);
            assertThatThrownBy(() -> running.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

            scene.away(false);

            Outcome outcome = running.join();
            assertThat(outcome).isInstanceOf(Outcome.Done.class);
            assertThat(one.steps(((Outcome.Done) outcome).run())).endsWith(Step.BEGUN, Step.ENDED);
            assertThat(scene.ask("select outcome from pgcharter.run")).isEqualTo("done");
        }
    }

    @Test
    void a_run_that_another_machine_has_not_renewed_is_declared_lost_and_cannot_commit() {
        Held work = new Held(false);
        try (Node one = scene.node("one", work)) {
            CompletableFuture<Outcome> running = start(one);
            RunId silent = work.run();
            scene.node("two", AT_ONCE).close();
            assertThat(one.steps(silent)).as("it is alive").hasSize(3);
            scene.execute("update pgcharter.run set seen_at = clock_timestamp() - interval '85 seconds'");
            scene.node("two", AT_ONCE).close();
            assertThat(one.steps(silent)).as("85 s are not enough").hasSize(3);

            scene.execute("update pgcharter.run set seen_at = clock_timestamp() - interval '91 seconds'");
            try (Node two = scene.node("two", AT_ONCE)) {
                Entry ended = last(two, silent);
                assertThat(ended.step()).isEqualTo(Step.ENDED);
                assertThat(ended.actor().person()).isEqualTo("alice");
                assertThat(ended.details()).contains("lost", "RUN_LOST", "run " + silent + " (backup) never ended");
                assertThat(two.submit(EngineScene.BACKUP, "bob")).isInstanceOf(Outcome.Done.class);
            }

            work.release();
            assertThat(problem(running.join()).code()).isEqualTo(ProblemCode.LEASE_LOST);
        }
    }

    @Test
    void any_node_can_cancel_a_run() {
        Held work = new Held(true);
        try (Node one = scene.node("one", work);
                Node two = scene.node("two", AT_ONCE)) {
            CompletableFuture<Outcome> running = start(one);
            RunId run = work.run();

            assertThat(two.submit(new Operation.Cancel(run), "bob"))
                    .isInstanceOfSatisfying(Outcome.Done.class, done -> {
                        assertThat(done.report()).isEqualTo(new Report.Cancel(run.text(), true));
                    });

            Problem cancelled = problem(running.join());
            assertThat(cancelled.code()).isEqualTo(ProblemCode.CANCELLED);
            assertThat(cancelled.fact()).contains("run " + run);
            assertThat(last(one, run).details()).contains("failed", "CANCELLED");
            assertThat(scene.ask("select count(*)::text from pgcharter.lease")).isEqualTo("0");
            assertThat(((Outcome.Done) two.submit(new Operation.Cancel(run), "bob")).report())
                    .isEqualTo(new Report.Cancel(run.text(), false));
            assertThat(two.submit(EngineScene.BACKUP, "bob")).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void an_interruption_stops_every_run_of_its_own_process_only() {
        Held work = new Held(true);
        Held other = new Held(true);
        try (Node one = scene.node("one", work);
                Node two = scene.node("two", other)) {
            CompletableFuture<Outcome> running = start(one);
            work.run();
            CompletableFuture<Outcome> beside =
                    EngineScene.beside(() -> two.submit(new Operation.RepositoryInit(EngineScene.VAULT), "bob"));
            other.run();

            one.engine().cancelAll();

            assertThat(problem(running.join()).code()).isEqualTo(ProblemCode.CANCELLED);
            other.release();
            assertThat(beside.join()).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void a_fault_of_our_own_frees_the_target_and_is_journaled_without_its_text() {
        IllegalStateException fault = new IllegalStateException("secret of the fault");
        try (Node one = scene.node("one", (_, _, _) -> {
            throw fault;
        })) {
            assertThatThrownBy(() -> one.submit(EngineScene.BACKUP, "alice")).isSameAs(fault);

            Entry ended = one.engine().journal().last(1).getFirst();
            assertThat(ended.step()).isEqualTo(Step.ENDED);
            assertThat(ended.details())
                    .contains("INTERNAL", "IllegalStateException")
                    .doesNotContain("secret");
            assertThat(scene.ask("select count(*)::text from pgcharter.lease")).isEqualTo("0");
        }
    }

    @Test
    void done_work_whose_end_cannot_be_journaled_is_never_journaled_as_failed() {
        try (Node one = scene.node("one", AT_ONCE)) {
            scene.journalRefuses("%outcome%done%ENDED%");

            assertThatThrownBy(() -> one.submit(EngineScene.BACKUP, "alice"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.STATE_UNAVAILABLE));

            assertThat(one.engine().journal().last(1).getFirst().step()).isEqualTo(Step.BEGUN);
            scene.journalAccepts();
            // The process is alive, so it takes three leases until another one says so.
            scene.execute("update pgcharter.run set seen_at = clock_timestamp() - interval '91 seconds'");
            try (Node two = scene.node("two", AT_ONCE)) {
                assertThat(two.engine().journal().last(1).getFirst().details()).contains("RUN_LOST");
                assertThat(two.submit(EngineScene.BACKUP, "bob")).isInstanceOf(Outcome.Done.class);
            }
        }
    }

    private long token() {
        return Long.parseLong(scene.ask("select token::text from pgcharter.lease"));
    }

    private static Entry last(Node node, RunId run) {
        return node.entries(run).getLast();
    }
}
