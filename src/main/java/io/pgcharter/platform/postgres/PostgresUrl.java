package io.pgcharter.platform.postgres;

import io.pgcharter.model.secret.Secret;
import java.util.Map;
import java.util.Optional;

/// Where a database is and how to log in. Prints without the password.
///
/// @param host host name, address, or absolute directory of a Unix socket
/// @param parameters the rest of the URL's query: `sslmode`, `sslrootcert`, `connect_timeout`, `application_name`, …
public record PostgresUrl(
        String host,
        int port,
        String database,
        String user,
        Optional<Secret> password,
        Map<String, String> parameters) {

    /// Reads `postgres://user:password@host:port/database?sslmode=…` (also `postgresql://` and `jdbc:postgresql://`).
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `CHARTER_INVALID`; the message shows no password
    public static PostgresUrl parse(Secret url) {
        throw new IllegalStateException("not built yet");
    }

    /// The same server, another database.
    public PostgresUrl withDatabase(String other) {
        return new PostgresUrl(host, port, other, user, password, parameters);
    }
}
