/// What a person sees: tables that align, figures people can read, progress, colours where there is a terminal.
///
/// **Start at** [Screen]. **In**: rows and numbers. **Out**: text. **Touches**: the standard streams it is handed.
package io.pgcharter.entry.terminal;
