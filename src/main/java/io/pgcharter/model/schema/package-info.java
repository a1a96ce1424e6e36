/// The schema of a database as a value: what there is, attribute by attribute, and how two of them differ.
///
/// **Start at** [Catalog], then [Difference]. **In**: nothing. **Out**: records. **Touches**: nothing.
package io.pgcharter.model.schema;
