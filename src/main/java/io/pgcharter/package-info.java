/// The program: where the process begins, and where its parts are put together.
///
/// **Start at** [Main], then [Wiring]: every long-lived `new` is written there. **In**: arguments, environment
/// variables. **Out**: an exit code. **Touches**: what the packages below touch.
package io.pgcharter;
