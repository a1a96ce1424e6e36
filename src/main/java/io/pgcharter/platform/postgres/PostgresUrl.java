package io.pgcharter.platform.postgres;

import io.pgcharter.model.secret.Secret;
import java.util.Map;
import java.util.Optional;

/// Where a database is and how to log in. Prints without the password.
///
/// @param host host name, address, or absolute directory of a Unix socket
/// @param parameters the rest of the URL's query: `sslmode`, `sslrootcert`, `connect_timeout`, `options`, …
public record PostgresUrl(
        String host,
        int port,
        String database,
        String user,
        Optional<Secret> password,
        Map<String, String> parameters) {

    static final int PORT_DEFAULT = 5432;

    public PostgresUrl {
        if (host.isEmpty() || database.isEmpty() || user.isEmpty()) {
            throw new IllegalArgumentException("host, database and user must not be empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be 1 to 65535, is " + port);
        }
        parameters = Map.copyOf(parameters);
    }

    /// Reads `postgres://user:password@host:port/database?sslmode=…` (also `postgresql://` and `jdbc:postgresql://`),
    /// percent-encoded as libpq has it, see
    /// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>.
    /// The port defaults to 5432, the host to `localhost`, the database to the user's name. A Unix socket's
    /// directory stands percent-encoded in place of the host, or in the parameter `host`.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`; the message shows no password
    public static PostgresUrl parse(Secret url) {
        return new PostgresUrlText(url.reveal()).parse();
    }

    /// The same server, another database.
    public PostgresUrl withDatabase(String other) {
        return new PostgresUrl(host, port, other, user, password, parameters);
    }

    /// Whether the server is reached over a Unix-domain socket.
    public boolean unixSocket() {
        return host.startsWith("/");
    }

    /// The server as people write it: `db.example.com:5432`, `[::1]:5432`, or the socket's path.
    public String server() {
        if (unixSocket()) {
            return host + "/.s.PGSQL." + port;
        }
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /// `user@server/database`, never the password and none of the parameters.
    @Override
    public String toString() {
        return user + "@" + server() + "/" + database;
    }
}
