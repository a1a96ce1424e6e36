package io.pgcharter.capability.status;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.ServerFacts;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.Database;
import io.pgcharter.policy.charter.Charter.Environment;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads a database's status. A database that cannot be reached is a report that says so, not a failure. Thread-safe.
public final class StatusReading {
    /// How long a database has to answer, the login included.
    static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(5);

    private final Charter charter;
    private final Secrets secrets;

    public StatusReading(Charter charter, Secrets secrets) {
        this.charter = charter;
        this.secrets = secrets;
    }

    /// @throws ProblemException `SECRET_UNRESOLVED`, `CHARTER_INVALID` for a URL that cannot be read
    public Report.Status run(Permit permit, Operation.Status operation, Run run) {
        permit.consume(operation);
        Place place = place(operation.database());
        PostgresUrl url = PostgresUrl.parse(secrets.resolve(place.database().url()));
        run.check();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<Report.Status> answer = executor.submit(() -> ask(place, url));
            return answer.get(ANSWER_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return place.silent(
                    "no answer within " + ANSWER_TIME_MAX.toSeconds() + " s from " + url.host() + ":" + url.port());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                return place.silent(oneLine(problem.problem()));
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    ProblemCode.CANCELLED,
                    "status of '" + operation.database() + "' was stopped",
                    "the run was cancelled",
                    "pgcharter status " + operation.database());
        } finally {
            // Interrupting a virtual thread closes the socket it waits on, so a silent server holds nobody.
            executor.shutdownNow();
        }
    }

    private Place place(DatabaseName name) {
        Database database = charter.database(name);
        return new Place(database, charter.environment(database.environment()));
    }

    private static Report.Status ask(Place place, PostgresUrl url) {
        try (Session session = Session.open(bounded(url), "status")) {
            session.execute("set statement_timeout = " + ANSWER_TIME_MAX.toMillis());
            ServerFacts facts = ServerFacts.read(session);
            return new Report.Status(
                    place.database().name(),
                    place.environment().name(),
                    place.environment().isProtected(),
                    true,
                    Optional.empty(),
                    Optional.of(facts.version()),
                    Optional.of(facts.role()),
                    facts.inRecovery(),
                    facts.databaseBytes().orElse(0L),
                    facts.tables(),
                    facts.encrypted());
        }
    }

    private static PostgresUrl bounded(PostgresUrl url) {
        Map<String, String> parameters = new HashMap<>(url.parameters());
        parameters.putIfAbsent("connect_timeout", Long.toString(ANSWER_TIME_MAX.toSeconds()));
        return new PostgresUrl(url.host(), url.port(), url.database(), url.user(), url.password(), parameters);
    }

    private static String oneLine(Problem problem) {
        return problem.code() + ": " + problem.fact() + " (" + problem.cause().replaceAll("\\s+", " ") + ")";
    }

    private record Place(Database database, Environment environment) {
        Report.Status silent(String trouble) {
            return new Report.Status(
                    database.name(),
                    environment.name(),
                    environment.isProtected(),
                    false,
                    Optional.of(trouble),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    0,
                    0,
                    false);
        }
    }
}
