package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Carries out the steps of a [CheckFixture] in one database, and keeps what they hold open.
final class PlantedFault implements AutoCloseable {
    private final PostgresUrl database;
    private final String role;
    private final List<Session> held = new ArrayList<>();
    private final List<Thread> waiting = new ArrayList<>();

    /// @param database the superuser's URL
    /// @param role that makes the checks
    PlantedFault(PostgresUrl database, String role) {
        this.database = database;
        this.role = role;
    }

    void carryOut(List<Map<?, ?>> steps) {
        steps.forEach(this::carryOut);
    }

    private void carryOut(Map<?, ?> step) {
        if (step.containsKey("deadlock")) {
            List<?> statements = (List<?>) step.get("deadlock");
            deadlock(String.valueOf(statements.get(0)), String.valueOf(statements.get(1)));
        } else if (step.containsKey("hold")) {
            Object other = step.get("role");
            Session session = open(other == null ? database.user() : filled(String.valueOf(other)));
            held.add(session);
            session.execute(filled(String.valueOf(step.get("hold"))));
        } else if (step.containsKey("wait")) {
            Session session = open(database.user());
            String sql = filled(String.valueOf(step.get("wait")));
            waiting.add(Thread.ofVirtual().start(() -> {
                try (session) {
                    session.execute(sql);
                }
            }));
        } else if (step.containsKey("seen")) {
            seen(filled(String.valueOf(step.get("seen"))));
        } else if (step.containsKey("fails")) {
            String sql = filled(String.valueOf(step.get("fails")));
            assertThatThrownBy(() -> execute(sql)).isInstanceOf(ProblemException.class);
        } else if (step.containsKey("system")) {
            execute("ALTER SYSTEM SET " + step.get("system"));
            execute("SELECT pg_reload_conf()");
        } else if (step.containsKey("reset")) {
            execute("ALTER SYSTEM RESET " + step.get("reset"));
            execute("SELECT pg_reload_conf()");
        } else {
            execute(filled(String.valueOf(step.get("sql"))));
        }
    }

    private void seen(String question) {
        try (Session session = open(database.user())) {
            Wait.until(
                    question,
                    Duration.ofSeconds(15),
                    () -> session.query(question).stream().anyMatch(row -> row.bool(0)));
        }
    }

    /// Of two transactions that wait for each other the server ends one.
    private void deadlock(String first, String second) {
        try (Session one = open(database.user());
                Session other = open(database.user())) {
            one.execute("BEGIN; " + first);
            other.execute("BEGIN; " + second);
            Thread crossing = Thread.ofVirtual().start(() -> tolerant(one, second));
            tolerant(other, first);
            other.execute("ROLLBACK");
            join(crossing);
        }
    }

    private static void tolerant(Session session, String sql) {
        try {
            session.execute(sql);
        } catch (ProblemException victim) {
            // One of the two is the victim; which one is the server's choice.
        }
    }

    private Session open(String user) {
        return Session.open(
                new PostgresUrl(
                        database.host(),
                        database.port(),
                        database.database(),
                        user,
                        database.password(),
                        database.parameters()),
                "planted");
    }

    private void execute(String sql) {
        try (Session session = open(database.user())) {
            session.execute(sql);
        }
    }

    String filled(String text) {
        return text.replace("{database}", database.database())
                .replace("{role}", role)
                .replace(
                        "{held}",
                        held.isEmpty() ? "" : Integer.toString(held.getFirst().processId()));
    }

    /// Lets go what is held, so that what waits for it ends too. What a session holds is let go before it is closed:
    /// the
    /// server ends one that is gone a moment later, and a cure that comes before would find it there.
    @Override
    public void close() {
        for (Session session : held) {
            session.execute("rollback");
            session.close();
        }
        waiting.forEach(PlantedFault::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
