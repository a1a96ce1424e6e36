/// The corridor: every wish is submitted here, judged by the guard, carried out by one capability, and journaled.
///
/// **Start at** [Engine#submit]. **In**: operation and asker. **Out**: [Outcome]. **Touches**: the control database.
package io.pgcharter.engine.engine;
