/// Names and units that would be easy to mix up as plain strings and numbers.
///
/// **Start at** [DatabaseName]. **In**: text. **Out**: checked values. **Touches**: nothing.
package io.pgcharter.model.id;
