package io.pgcharter.platform.probe;

import io.pgcharter.model.health.Question;
import io.pgcharter.model.health.Reading;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts questions to a server over one session, each in a read-only transaction of its own that is limited in time and
/// sees `pg_catalog` only. What goes wrong with one question is its answer, and the others are asked all the same.
/// Works through a pooler: nothing is set for longer than a transaction. Thread-safe.
public final class Probe {
    private static final String PURPOSE = "checks";

    /// How much longer than the server's own limit a silent server is waited for.
    private static final Duration GRACE = Duration.ofSeconds(3);

    /// @param connect for the login
    /// @param statement for one statement
    /// @param whole for all questions; those that are left then are not asked
    /// @param attempts how often a login is tried before the database counts as not reachable
    public record Limits(Duration connect, Duration statement, Duration whole, int attempts) {
        /// For somebody who waits for the answer.
        public static final Limits ONCE =
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(1), 3);

        /// For somebody who comes back soon.
        public static final Limits STANDING =
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(30), 1);
    }

    /// @param goOn called between questions; throws if the work is to end
    /// @throws ProblemException only what `goOn` throws: a server that does not answer is a [Reading.Failed]
    public Reading read(PostgresUrl url, List<Question> questions, Limits limits, Runnable goOn) {
        Reading reading = new Reading.Failed("nobody tried", "try it", 0);
        for (int attempt = 1; attempt <= limits.attempts(); attempt++) {
            goOn.run();
            Session session;
            try {
                session = Session.open(bounded(url, limits), PURPOSE);
            } catch (ProblemException refused) {
                reading = failed(refused.problem(), attempt);
                continue;
            }
            try (session) {
                session.limitSilence(limits.statement().plus(GRACE));
                reading = new Interview(session, limits).hold(questions, goOn, attempt);
            }
            if (reading instanceof Reading.Taken) {
                return reading;
            }
        }
        return reading;
    }

    static Reading.Failed failed(Problem problem, int attempts) {
        return new Reading.Failed(
                problem.fact() + ": " + problem.cause().replaceAll("\\s+", " "), problem.remedy(), attempts);
    }

    private static PostgresUrl bounded(PostgresUrl url, Limits limits) {
        Map<String, String> parameters = new HashMap<>(url.parameters());
        parameters.putIfAbsent("connect_timeout", Long.toString(limits.connect().toSeconds()));
        return new PostgresUrl(url.host(), url.port(), url.database(), url.user(), url.password(), parameters);
    }
}
