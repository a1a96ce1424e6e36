/// Scratch PostgreSQL servers: made, started, stopped, destroyed, and cleaned up after a crash.
///
/// **Start at** [Sandboxes]. **In**: a major version. **Out**: a
/// [PostgresUrl][io.pgcharter.platform.postgres.PostgresUrl].
/// **Touches**: processes, a directory of its own.
package io.pgcharter.platform.sandbox;
