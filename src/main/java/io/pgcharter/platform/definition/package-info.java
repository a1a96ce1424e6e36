/// Writes down a database's definitions as `pg_dump` would, where there is none: from the system catalogs, put into
/// an order that was carried out on a scratch server, where what came out was compared.
///
/// **Start at** [Definitions]. **In**: a session in its snapshot; a scratch server. **Out**: two scripts. **Touches**:
/// the database's system catalogs (reads), a scratch database.
package io.pgcharter.platform.definition;
