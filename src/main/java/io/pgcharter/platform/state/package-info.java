/// The control database: pgcharter's own tables, in a private cluster or at a URL that nodes share.
///
/// **Start at** [State]. **In**: a place. **Out**: a connection pool with the schema up to date.
/// **Touches**: processes, a directory of its own, the network.
package io.pgcharter.platform.state;
