/// The tamper-evident record of everything that was asked, decided, begun and ended.
///
/// Entries are leaves of a Merkle tree (RFC 6962, section 2.1). A checkpoint signs the tree's root and names the
/// checkpoint before it; copies of checkpoints, anchors, lie in the repositories, out of reach of whoever can only
/// change the control database. [JournalVerification] says how far an anchor vouches, and where anything contradicts.
///
/// **Start at** [Journal]. **In**: entries. **Out**: entries, checkpoints, verification. **Touches**: the control
/// database, repositories (anchors).
package io.pgcharter.engine.journal;
