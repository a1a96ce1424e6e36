/// `pgcharter serve`: makes the charter happen without anyone typing.
///
/// **Start at** [Daemon]. **In**: parts that go on until they are stopped. **Out**: nothing. **Touches**: nothing
/// itself.
package io.pgcharter.entry.serve;
