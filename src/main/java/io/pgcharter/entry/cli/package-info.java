/// The command line: arguments in, operations to the engine, outcomes as tables or JSON, one exit code.
///
/// **Start at** [Cli]. Each verb is one class; most are a [Wish], which only says what operations its arguments mean.
/// **In**: arguments. **Out**: text, exit codes. **Touches**: the standard streams, the engine.
package io.pgcharter.entry.cli;
