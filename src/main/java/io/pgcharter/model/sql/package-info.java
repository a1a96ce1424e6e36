/// SQL as PostgreSQL's own parser understands it: scripts, statements, the nodes of their trees.
///
/// **Start at** [Script], then [Node]. **In**: what the parser made. **Out**: typed access. **Touches**: nothing.
package io.pgcharter.model.sql;
