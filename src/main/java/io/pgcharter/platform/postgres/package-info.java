/// Speaks with PostgreSQL servers: a small wire client (TLS, SCRAM, queries, COPY), server facts, pg_dump.
///
/// **Start at** [Session]. **In**: a [PostgresUrl]. **Out**: rows, COPY bytes. **Touches**: the network, `pg_dump`.
package io.pgcharter.platform.postgres;
