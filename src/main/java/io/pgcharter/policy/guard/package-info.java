/// Decides whether an operation may run, and says why.
///
/// **Start at** [Guard#decide]: a pure function from operation and context to a decision. [Permit] is what a capability
/// must be handed to work; only this package can make one.
///
/// **In**: operation, context. **Out**: decision with reasons. **Touches**: nothing.
package io.pgcharter.policy.guard;
