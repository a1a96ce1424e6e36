package io.pgcharter.capability.pools;

import io.pgcharter.model.estate.ServerRoom;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.PoolerSizes;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.pooler.ServerRooms;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.PoolPlan;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.check.Standards.Adjustment;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.pool.Endpoint;
import io.pgcharter.policy.pool.PgBouncerIni;
import io.pgcharter.policy.pool.Situation;
import io.pgcharter.policy.pool.Sizing;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Sizes the pools of poolers. Thread-safe.
public final class PoolSizing {
    /// PgBouncer's own default of `query_wait_timeout`.
    private static final long WAIT_SECONDS = 120;

    /// A backup takes its jobs and the session that holds the snapshot; that one and two of `pg_dump` at least.
    private static final int BACKUP_MIN = 3;

    /// The watch measures with one, makes checks with another.
    private static final int WATCHING = 2;

    private final Charter charter;
    private final Secrets secrets;

    public PoolSizing(Charter charter, Secrets secrets) {
        this.charter = charter;
        this.secrets = secrets;
    }

    /// @throws ProblemException `NOT_FOUND` for a pooler that the charter does not have, `POOL_BUDGET_EXCEEDED`,
    ///     `CHARTER_INVALID`; what connecting to a server meets
    public Report.Pools run(Permit permit, Operation.Pools operation, Run run) {
        permit.consume(operation);
        PoolPlan plan = charter.serving().pools();
        List<Pooler> asked = operation
                .pooler()
                .map(name -> {
                    Pooler pooler = plan.poolers().get(name);
                    if (pooler == null) {
                        throw new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "unknown pooler '" + name + "'"
                                        + Charter.suggestion(
                                                name, plan.poolers().keySet()),
                                charter.file() + " names no such pooler",
                                "use a name that " + charter.file() + " has, or add it to its section pools");
                    }
                    return List.of(pooler);
                })
                .orElseGet(() -> List.copyOf(plan.poolers().values()));
        Map<DatabaseName, PostgresUrl> urls = urls(plan);
        Situation situation = new Situation(charter.file(), plan, endpoints(urls), rooms(asked, urls, run));
        return new Report.Pools(
                asked.stream().map(pooler -> sizes(pooler, situation)).toList());
    }

    /// Of every pooler: two may serve one server, and neither may give away what the other has.
    private Map<DatabaseName, PostgresUrl> urls(PoolPlan plan) {
        Map<DatabaseName, PostgresUrl> urls = new HashMap<>();
        plan.poolers().values().stream()
                .flatMap(pooler -> pooler.databases().keySet().stream())
                .distinct()
                .forEach(name -> urls.put(
                        name,
                        PostgresUrl.parse(secrets.resolve(charter.database(name).url()))));
        return urls;
    }

    private Map<DatabaseName, Endpoint> endpoints(Map<DatabaseName, PostgresUrl> urls) {
        Map<DatabaseName, Endpoint> endpoints = new HashMap<>();
        urls.forEach((name, url) -> endpoints.put(
                name,
                new Endpoint(
                        name,
                        url.host(),
                        url.port(),
                        url.database(),
                        url.server(),
                        Optional.ofNullable(url.parameters().get("sslmode")),
                        Optional.ofNullable(url.parameters().get("sslrootcert")),
                        WATCHING
                                + (charter.backups().containsKey(name)
                                        ? Math.max(BACKUP_MIN, charter.jobs(name) + 1)
                                        : 0))));
        return endpoints;
    }

    private static Map<String, ServerRoom> rooms(List<Pooler> asked, Map<DatabaseName, PostgresUrl> urls, Run run) {
        Map<String, ServerRoom> rooms = new HashMap<>();
        for (Pooler pooler : asked) {
            for (DatabaseName name : pooler.databases().keySet()) {
                run.check();
                PostgresUrl url = Objects.requireNonNull(urls.get(name));
                rooms.computeIfAbsent(url.server(), _ -> ServerRooms.of(url));
            }
        }
        return rooms;
    }

    private PoolerSizes sizes(Pooler pooler, Situation situation) {
        Sizing.Sizes sizes = Sizing.of(pooler, situation);
        Optional<String> watcher = pooler.admin()
                .map(url -> PostgresUrl.parse(secrets.resolve(url)).user());
        return new PoolerSizes(
                pooler.name(),
                pooler.listening().toString(),
                pooler.mode().name().toLowerCase(Locale.ROOT),
                sizes.clientsMax(),
                sizes.budgets(),
                sizes.pools(),
                sizes.users(),
                sizes.notes(),
                PgBouncerIni.of(pooler, sizes, situation, watcher, waitSeconds()));
    }

    /// Long enough that the check of waiting clients sees them before they are turned away.
    private long waitSeconds() {
        Adjustment adjusted =
                charter.serving().watch().standards().adjustments().get("pool-waiters");
        return adjusted == null
                ? WAIT_SECONDS
                : Math.max(WAIT_SECONDS, 2 * (long) adjusted.crit().orElse(0));
    }
}
