package io.pgcharter.platform.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// The control database, open. Thread-safe. Closing it gives the connections back and, for a private cluster that
/// nobody else uses, stops the server.
public final class State implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 10;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);

    /// So that a hung control database ends work instead of holding it for ever.
    private static final int SOCKET_TIMEOUT_SECONDS = 60;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Path directory;
    private final Optional<PrivateCluster> cluster;

    private State(HikariDataSource pool, Path directory, Optional<PrivateCluster> cluster) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        this.directory = directory;
        this.cluster = cluster;
    }

    /// Opens a private cluster below `directory`, starting it if need be, and brings the schema up to date.
    ///
    /// @throws ProblemException `STATE_UNAVAILABLE`, `PROGRAM_MISSING`, `STORAGE_UNREACHABLE`
    public static State open(Path directory, PostgresBinaries binaries) {
        PrivateCluster cluster = PrivateCluster.enter(directory, binaries);
        try {
            return open(cluster.url(), directory, Optional.of(cluster));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Opens a database that several nodes share.
    ///
    /// @param url `postgres://…` @param directory for what each node keeps to itself: its signing key
    public static State open(Secret url, Path directory) {
        return open(PostgresUrl.parse(url), directory, Optional.empty());
    }

    private static State open(PostgresUrl url, Path directory, Optional<PrivateCluster> cluster) {
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(configuration(url));
        } catch (PoolInitializationException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.STATE_UNAVAILABLE,
                            "the control database at '" + url.host() + "' cannot be opened",
                            String.valueOf(e.getMessage()),
                            "see that it runs and that the charter's state.url is right"),
                    e);
        }
        State state = new State(pool, directory, cluster);
        try {
            SchemaVersions.bringUpToDate(state.jdbi);
            return state;
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /// Makes a pool and what asks through it, of no database: what the first ones load is there then.
    public static void prepare() {
        try (HikariDataSource pool = new HikariDataSource()) {
            Objects.requireNonNull(Jdbi.create(pool));
        }
    }

    private static HikariConfig configuration(PostgresUrl url) {
        HikariConfig configuration = new HikariConfig();
        boolean isSocket = url.host().startsWith("/");
        configuration.setJdbcUrl(
                "jdbc:postgresql://" + (isSocket ? "localhost" : url.host()) + ":" + url.port() + "/" + url.database());
        configuration.setUsername(url.user());
        url.password().ifPresent(password -> configuration.setPassword(password.reveal()));
        configuration.addDataSourceProperty("ApplicationName", "pgcharter");
        configuration.addDataSourceProperty("socketTimeout", Integer.toString(SOCKET_TIMEOUT_SECONDS));
        if (isSocket) {
            configuration.addDataSourceProperty("socketFactory", UnixSocketFactory.class.getName());
            configuration.addDataSourceProperty("socketFactoryArg", url.host() + "/.s.PGSQL." + url.port());
        }
        for (String name : new String[] {"sslmode", "sslrootcert", "sslcert", "sslkey"}) {
            String value = url.parameters().get(name);
            if (value != null) {
                configuration.addDataSourceProperty(name, value);
            }
        }
        configuration.setMaximumPoolSize(CONNECTIONS_MAX);
        configuration.setMinimumIdle(1);
        configuration.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        configuration.setPoolName("pgcharter-state");
        return configuration;
    }

    /// Whether the control database was not there, rather than that it said no: what was asked may be asked again.
    public static boolean isAway(JdbiException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException failed && failed.getSQLState() != null) {
                String state = failed.getSQLState();
                // Connection lost, shutting down or starting up, too many connections, a database that takes none.
                return state.startsWith("08")
                        || state.startsWith("57P")
                        || state.equals("53300")
                        || state.equals("55000");
            }
            if (cause instanceof ConnectionException) {
                return true;
            }
        }
        return false;
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    /// For the one library that wants more than [#jdbi].
    DataSource pool() {
        return pool;
    }

    /// Where this node keeps what is its own, such as the key it signs the journal with.
    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        pool.close();
        cluster.ifPresent(PrivateCluster::close);
    }
}
