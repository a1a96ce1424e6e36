/// Writes the script from one schema to another.
///
/// **Start at** [ScriptWriter]. **In**: where two databases are. **Out**: SQL. **Touches**: their system catalogs
/// (reads).
package io.pgcharter.platform.script;
