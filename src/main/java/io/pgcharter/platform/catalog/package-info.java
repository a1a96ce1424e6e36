/// Reads what is in a database, but for its rows.
///
/// **Start at** [CatalogReader]. **In**: a session. **Out**: a `Catalog`. **Touches**: the server's system catalogs
/// (reads).
package io.pgcharter.platform.catalog;
