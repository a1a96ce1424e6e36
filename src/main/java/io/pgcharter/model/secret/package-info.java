/// Secrets as values that cannot be printed by accident, and references to where they are kept.
///
/// **Start at** [SecretText]. **In**: charter text. **Out**: [SecretText], [Secret]. **Touches**: nothing.
package io.pgcharter.model.secret;
