/// What a script that another tool wrote still lacks.
///
/// **Start at** [Completion]. **In**: how two catalogs still differ. **Out**: statements. **Touches**: nothing.
package io.pgcharter.policy.schema;
