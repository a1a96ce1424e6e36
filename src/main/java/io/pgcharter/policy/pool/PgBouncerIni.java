package io.pgcharter.policy.pool;

import io.pgcharter.model.operation.PoolerSizes;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.policy.charter.PoolPlan.Pooler;
import io.pgcharter.policy.pool.Sizing.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The text of a `pgbouncer.ini`, for PgBouncer 1.18 and later (<https://www.pgbouncer.org/config.html>). There is no
/// password in it. Pure.
public final class PgBouncerIni {
    /// What libpq takes for granted, and so does a URL of the charter.
    private static final String TLS_DEFAULT = "prefer";

    /// Of a user in the section `[users]`; PgBouncer stops at any other.
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.-]+");

    private final Pooler pooler;
    private final Situation situation;
    private final StringBuilder text = new StringBuilder();

    private PgBouncerIni(Pooler pooler, Situation situation) {
        this.pooler = pooler;
        this.situation = situation;
    }

    /// @param watcher whom the console lets look; empty where nobody watches
    /// @param waitSeconds how long a client waits for a connection before it is turned away
    /// @throws ProblemException `CHARTER_INVALID` for what one file cannot say
    public static String of(
            Pooler pooler, Sizes sizes, Situation situation, Optional<String> watcher, long waitSeconds) {
        PgBouncerIni ini = new PgBouncerIni(pooler, situation);
        ini.head(sizes);
        ini.databases(sizes);
        ini.users(sizes);
        ini.settings(sizes, watcher, waitSeconds);
        return ini.text.toString();
    }

    /// Whether a user's own limit can be said.
    static boolean canName(String user) {
        return USER.matcher(user).matches();
    }

    private void head(Sizes sizes) {
        line("; pooler " + pooler.name() + " of " + situation.file()
                + ". Do not change it by hand: change the charter, then");
        line("; pgcharter pools " + pooler.name() + " --write DIRECTORY, and RELOAD on PgBouncer's console.");
        sizes.budgets()
                .forEach(budget -> line("; " + oneLine(budget.server()) + ": at most " + budget.used()
                        + " connections of a budget of " + budget.connections()));
        line("");
    }

    private void databases(Sizes sizes) {
        line("[databases]");
        for (PoolerSizes.Pools size : sizes.pools()) {
            Endpoint endpoint = situation.endpoint(size.database());
            line(size.database() + " = host=" + quoted(endpoint.host()) + " port=" + endpoint.port() + " dbname="
                    + quoted(endpoint.database()) + " pool_size=" + size.poolSize() + " max_db_connections="
                    + size.maxDbConnections());
        }
        line("");
    }

    private void users(Sizes sizes) {
        if (sizes.users().isEmpty()) {
            return;
        }
        line("; their roles' CONNECTION LIMIT");
        line("[users]");
        sizes.users().forEach(user -> line(user.user() + " = max_user_connections=" + user.maxUserConnections()));
        line("");
    }

    private void settings(Sizes sizes, Optional<String> watcher, long waitSeconds) {
        line("[pgbouncer]");
        setting("listen_addr", pooler.listening().address());
        setting("listen_port", pooler.listening().port());
        setting("unix_socket_dir", "");
        setting("pool_mode", pooler.mode().name().toLowerCase(Locale.ROOT));
        line("");
        line(
                "; every client is a file, and so is every server connection: LimitNOFILE of the service must be more than "
                        + (sizes.clientsMax()
                                + sizes.pools().stream()
                                        .mapToInt(PoolerSizes.Pools::maxDbConnections)
                                        .sum()));
        setting("max_client_conn", sizes.clientsMax());
        setting("min_pool_size", pooler.limits().poolMin());
        setting("reserve_pool_size", pooler.limits().reserve());
        line("");
        line(
                "; who may log in stands in the file, as SCRAM secrets of the server; or let PgBouncer ask: auth_user, auth_query");
        setting("auth_type", "scram-sha-256");
        setting("auth_file", pooler.authFile());
        watcher.ifPresent(user -> setting("stats_users", user));
        line("");
        line("; what drivers send at the start and PgBouncer does not keep: pgjdbc's extra_float_digits");
        setting("ignore_startup_parameters", "extra_float_digits");
        tls();
        line("");
        setting("query_wait_timeout", waitSeconds);
        setting("server_idle_timeout", 600);
        setting("server_lifetime", 3600);
        setting("server_connect_timeout", 15);
    }

    /// PgBouncer has one setting for all servers.
    private void tls() {
        List<Endpoint> remote = situation.endpoints().values().stream()
                .filter(each -> pooler.databases().containsKey(each.name())
                        && !each.host().startsWith("/"))
                .toList();
        one(
                        remote.stream()
                                .map(each -> each.tls().orElse(TLS_DEFAULT))
                                .distinct()
                                .toList(),
                        "sslmode")
                .ifPresent(mode -> setting("server_tls_sslmode", mode));
        one(
                        remote.stream()
                                .map(each -> each.certificates().orElse(""))
                                .distinct()
                                .toList(),
                        "sslrootcert")
                .filter(file -> !file.isEmpty() && !file.equals("system"))
                .ifPresent(file -> setting("server_tls_ca_file", file));
    }

    private Optional<String> one(List<String> values, String parameter) {
        if (values.size() > 1) {
            throw new ProblemException(
                    ProblemCode.CHARTER_INVALID,
                    "the databases of pooler '" + pooler.name() + "' have different values of " + parameter
                            + " in their URLs",
                    "PgBouncer has one setting for all of its servers",
                    "write the same in each, or serve them by two poolers");
        }
        return values.stream().findFirst();
    }

    private void setting(String name, Object value) {
        line((name + " = " + oneLine(value.toString())).stripTrailing());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /// In a connection string: quotes around it, and twice where one stands inside.
    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:-]+") ? value : "'" + oneLine(value).replace("'", "''") + "'";
    }

    private static String oneLine(String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    ProblemCode.CHARTER_INVALID,
                    "a name or an address holds a line break or another control character",
                    "PgBouncer's settings are lines",
                    "rename it");
        }
        return value;
    }
}
