package io.pgcharter.policy.pool;

import io.pgcharter.model.id.DatabaseName;
import java.util.Optional;

/// Where a database of the charter is, as its URL says.
///
/// @param host name, address, or directory of a Unix socket
/// @param database as the server names it
/// @param server as people write it: `db.example.com:5432`
/// @param tls the URL's `sslmode`; empty where it says none, or for a Unix socket
/// @param certificates the URL's `sslrootcert`
/// @param ownConnections how many pgcharter itself takes at most while it looks after the database
public record Endpoint(
        DatabaseName name,
        String host,
        int port,
        String database,
        String server,
        Optional<String> tls,
        Optional<String> certificates,
        int ownConnections) {}
