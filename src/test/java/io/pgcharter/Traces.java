package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;

/// What a run leaves behind on a server, and what a person reads of it.
final class Traces {
    /// How long a server may take to notice that a session's client is gone.
    private static final Duration NOTICED = Duration.ofSeconds(20);

    private static final String LEFT = """
            select coalesce(string_agg(what, '; '), '') from (
              select application_name || ' ' || state || ' ' || coalesce(query, '') from pg_stat_activity
                where application_name like 'pgcharter%'
              union all select 'lock on ' || relation::regclass from pg_locks l join pg_stat_activity a using (pid)
                where a.application_name like 'pgcharter%' and relation is not null
              union all select 'slot ' || slot_name from pg_replication_slots) t(what)""";

    private Traces() {}

    /// No session, no lock and no slot of ours is on the server, or soon is not.
    static void vanish(PostgresUrl server) {
        try (Session session = Session.open(server, "looking")) {
            session.execute("set application_name = 'test'");
            Wait.until(
                    "sessions, locks and slots of pgcharter are gone",
                    NOTICED,
                    () -> left(session).isEmpty());
        }
    }

    private static String left(Session session) {
        return session.query(LEFT).getFirst().string(0);
    }

    /// A person reads three lines: what happened, why, what to do; no stack trace, no Java.
    static void readsWell(Problem problem) {
        for (String line : new String[] {problem.fact(), problem.cause(), problem.remedy()}) {
            assertThat(line).isNotBlank().doesNotContain("\n", "Exception", "java.", "null");
        }
    }
}
