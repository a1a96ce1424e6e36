/// What a check asks, sees, and says of a database, a repository or the installation.
///
/// **Start at** [Verdict]. **In**: nothing. **Out**: values. **Touches**: nothing.
package io.pgcharter.model.health;
