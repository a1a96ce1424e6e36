/// The tamper-evident record of everything that was asked, decided, begun and ended.
///
/// **Start at** Journal. **In**: entries. **Out**: entries, checkpoints, verification. **Touches**: the control
/// database,
/// repositories (anchors).
package io.pgcharter.engine.journal;
