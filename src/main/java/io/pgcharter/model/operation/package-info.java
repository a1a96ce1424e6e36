/// What pgcharter can be asked to do, and what it reports when it has done it.
///
/// **Start at** [Operation]: the one list of verbs; [Report] is the answer to each. [Run] is what a capability is
/// handed to say how far it is and to learn that it must stop.
///
/// **In**: names. **Out**: records. **Touches**: nothing.
package io.pgcharter.model.operation;
