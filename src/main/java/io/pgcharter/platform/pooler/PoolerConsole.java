package io.pgcharter.platform.pooler;

import io.pgcharter.model.estate.PoolerSeen;
import io.pgcharter.model.estate.PoolerSeen.Pool;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The administration console of a PgBouncer, <https://www.pgbouncer.org/usage.html#admin-console>. It looks like a
/// database, but knows neither prepared statements nor `SET`, and its own words only.
public final class PoolerConsole {
    private static final String CONNECT_SECONDS = "3";
    private static final Duration SILENCE_MAX = Duration.ofSeconds(3);
    private static final double MICROSECONDS = 1e6;

    /// The console itself stands in its list as a database of this name.
    private static final String CONSOLE = "pgbouncer";

    private PoolerConsole() {}

    /// Every pool there is now. Takes a login of `admin_users` or `stats_users`, and three seconds at most for each
    /// step, unless the URL's `connect_timeout` says otherwise. What keeps it from being seen is an answer too.
    public static PoolerSeen pools(PostgresUrl url) {
        try (Session session = Session.open(bounded(url), "pools")) {
            session.limitSilence(SILENCE_MAX);
            Map<String, Integer> sizes = new HashMap<>();
            for (Map<String, String> row : session.queryByName("SHOW DATABASES")) {
                sizes.put(row.getOrDefault("name", ""), (int) number(row, "pool_size"));
            }
            List<Pool> pools = session.queryByName("SHOW POOLS").stream()
                    .filter(row -> !CONSOLE.equals(row.get("database")))
                    .map(row -> pool(row, sizes))
                    .toList();
            return new PoolerSeen.Shown(pools);
        } catch (ProblemException e) {
            Problem problem = e.problem();
            return new PoolerSeen.Unseen(
                    problem.code() + ": " + problem.fact() + ": " + problem.cause(), problem.remedy());
        }
    }

    private static Pool pool(Map<String, String> row, Map<String, Integer> sizes) {
        String database = row.getOrDefault("database", "");
        return new Pool(
                database,
                row.getOrDefault("user", ""),
                (int) number(row, "cl_waiting"),
                number(row, "maxwait") + number(row, "maxwait_us") / MICROSECONDS,
                (int) number(row, "sv_active"),
                sizes.getOrDefault(database, 0));
    }

    /// 0 for what this version does not tell.
    private static long number(Map<String, String> row, String column) {
        String text = row.getOrDefault(column, "0");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static PostgresUrl bounded(PostgresUrl url) {
        Map<String, String> parameters = new HashMap<>(url.parameters());
        parameters.putIfAbsent("connect_timeout", CONNECT_SECONDS);
        return new PostgresUrl(url.host(), url.port(), url.database(), url.user(), url.password(), parameters);
    }
}
