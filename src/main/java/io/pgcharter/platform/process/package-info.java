/// Starts other programs. The one place that does.
///
/// **Start at** [Program]. **In**: program, arguments, environment. **Out**: exit code and output.
/// **Touches**: processes.
package io.pgcharter.platform.process;
