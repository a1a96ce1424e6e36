package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.SessionRow;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sessions of a real server: `copy` is in an environment that is not protected, `shop` in one that is.
@Timeout(60)
class SessionsIT {
    private static final int MAJOR = 15;

    private Scene scene;
    private Console console;

    @BeforeEach
    void open() {
        scene = new Scene(
                TestServers.fresh(MAJOR),
                TestServers.fresh(MAJOR),
                Scene.CHARTER + "state: { url: \"${env:STATE}\" }\n");
        scene.variables.put("STATE", Scene.text(TestServers.fresh(MAJOR)));
        scene.execute(Scene.COPY, "create table cards (number text)");
        console = new Console(scene.variables, scene.directory.resolve("charter.yaml"));
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Session application() {
        Session session = scene.session(Scene.COPY);
        session.execute("set application_name = 'tills'");
        return session;
    }

    private SessionRow row(Session session) {
        Report.SessionsList list = (Report.SessionsList) scene.done(new Operation.SessionsList(Scene.COPY));
        return list.sessions().stream()
                .filter(row -> row.process() == session.processId())
                .findFirst()
                .orElseThrow();
    }

    private Operation.SessionsEnd end(SessionRow row, boolean force) {
        return new Operation.SessionsEnd(Scene.COPY, row.process(), row.startedAt(), force);
    }

    @Test
    void who_blocks_whom_is_shown_and_no_literal() {
        try (Session holder = application();
                Session waiter = application()) {
            holder.execute("begin; lock table cards");
            CompletableFuture<Void> waiting =
                    CompletableFuture.runAsync(() -> waiter.execute("insert into cards values ('4242 4242 4242')"));
            Wait.until("one waits for the other", () -> !row(waiter).blockedBy().isEmpty());

            SessionRow waits = row(waiter);

            assertThat(waits.blockedBy()).containsExactly((long) holder.processId());
            assertThat(waits.statement()).contains("insert into cards values (?)");
            assertThat(waits.waitsFor()).contains("Lock/relation");
            assertThat(waits.application()).contains("tills");
            assertThat(row(holder).state()).contains("idle in transaction");
            assertThat(row(holder).transactionSince()).isPresent();
            assertThat(console.run("sessions", "list", "copy")).isZero();
            assertThat(console.out())
                    .contains("Who blocks whom\n")
                    .containsSubsequence(
                            "  " + holder.processId() + " postgres (tills, idle in transaction)",
                            "    └ " + waiter.processId() + " postgres (tills, active)")
                    .doesNotContain("4242");
            assertThat(console.run("sessions", "list", "copy", "--json")).isZero();
            assertThat(console.out()).contains("\"blockedBy\"").doesNotContain("4242");
            holder.execute("commit");
            waiting.join();
        }
    }

    @Test
    void a_statement_is_cancelled_and_its_session_stays() {
        try (Session session = application()) {
            CompletableFuture<Void> running = CompletableFuture.runAsync(() -> session.execute("select pg_sleep(60)"));
            Wait.until("it runs", () -> row(session).state().equals(Optional.of("active")));

            Report.SessionsEnd report = (Report.SessionsEnd) scene.done(end(row(session), false));

            assertThat(report.ended()).isTrue();
            assertThat(report.who()).isEqualTo("postgres (tills, active)");
            assertThat(running).failsWithin(java.time.Duration.ofSeconds(20));
            assertThat(session.query("select 1").getFirst().number(0)).isEqualTo(1);
        }
    }

    @Test
    void by_force_the_session_ends() {
        try (Session session = application()) {
            assertThat(console.run("sessions", "end", "copy", Integer.toString(session.processId()), "--force"))
                    .as(console::err)
                    .isZero();

            assertThat(console.out()).contains("is ended");
            assertThat(CompletableFuture.runAsync(() -> session.execute("select 1")))
                    .failsWithin(java.time.Duration.ofSeconds(20))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withCauseInstanceOf(ProblemException.class);
        }
    }

    @Test
    void a_session_that_began_at_another_time_is_another_one_and_left_alone() {
        try (Session session = application()) {
            SessionRow row = row(session);

            Problem problem = scene.failed(new Operation.SessionsEnd(
                    Scene.COPY, row.process(), row.startedAt().minusNanos(1000), true));

            assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FOUND);
            assertThat(session.query("select 1").getFirst().number(0)).isEqualTo(1);
        }
        assertThat(console.run("sessions", "end", "copy", "1")).isEqualTo(2);
        assertThat(console.err()).contains("NOT_FOUND: there is no session 1");
    }

    @Test
    void a_session_of_pgcharters_ends_only_with_a_reason() {
        try (Session ours = Session.open(scene.url(Scene.COPY), "backup")) {
            SessionRow row = row(ours);

            Problem problem = scene.failed(end(row, true));

            assertThat(problem.code()).isEqualTo(ProblemCode.SESSION_NEEDED);
            assertThat(problem.fact()).contains("belongs to pgcharter");
            assertThat(ours.query("select 1").getFirst().number(0)).isEqualTo(1);
            Report.SessionsEnd report = (Report.SessionsEnd) scene.done(new Operation.SessionsEnd(
                    Scene.COPY, row.process(), row.startedAt(), true, Optional.of("it hangs")));
            assertThat(report.ended()).isTrue();
        }
    }

    @Test
    void in_a_protected_environment_the_name_must_be_typed() {
        try (Session session = scene.session(Scene.SHOP)) {
            session.execute("set application_name = 'tills'");
            String process = Integer.toString(session.processId());

            assertThat(console.run("sessions", "end", "shop", process, "--force"))
                    .isEqualTo(4);
            assertThat(session.query("select 1").getFirst().number(0)).isEqualTo(1);
            assertThat(console.run("sessions", "end", "shop", process, "--force", "--confirm", "shop"))
                    .as(console::err)
                    .isZero();
        }
    }

    @Test
    void a_role_that_sees_little_is_told_so() {
        String database = scene.url(Scene.COPY).database();
        scene.execute(Scene.COPY, "create role clerk_" + database + " login");
        scene.variables.put(
                "COPY_URL", Scene.text(scene.url(Scene.COPY)).replace("postgres@", "clerk_" + database + "@"));
        scene.restart();
        try (Session session = scene.session(Scene.SHOP)) {
            Report.SessionsList list = (Report.SessionsList) scene.done(new Operation.SessionsList(Scene.COPY));

            assertThat(list.mayReadAll()).isFalse();
            assertThat(list.sessions())
                    .filteredOn(row -> row.process() == session.processId())
                    .allSatisfy(row -> assertThat(row.state()).isEmpty());
        } catch (CompletionException e) {
            throw new AssertionError(e);
        }
    }
}
