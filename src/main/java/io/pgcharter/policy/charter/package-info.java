/// The charter: one YAML file, parsed, resolved and validated.
///
/// **Start at** [Charter]. **In**: text. **Out**: [Charter], or every error at once with its line and column.
/// **Touches**: nothing.
package io.pgcharter.policy.charter;
