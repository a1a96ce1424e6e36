/// Migrations as values: what lies on disk, and what a database's history says of it.
///
/// **Start at** [Migration], then [Recorded]. **In**: what layouts and history tables were read as. **Out**: values.
/// **Touches**: nothing.
package io.pgcharter.model.migration;
