/// Decides which backups of a database are kept.
///
/// **Start at** [RetentionRules], a pure function. **In**: the backups, the charter's retention, the time. **Out**:
/// keep or
/// remove for each, with every reason. **Touches**: nothing.
package io.pgcharter.policy.retention;
