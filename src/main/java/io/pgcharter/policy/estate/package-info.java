/// What is to be said of the things pgcharter looks after: backups, proofs, repositories, the journal, runs,
/// certificates,
/// disks, clocks. Each check's thresholds, meaning and remedy stand in its file, `policy/check/ID.yaml`; here are the
/// rows
/// that are held against them.
///
/// **Start at** [EstateChecks]. **In**: what was seen, the charter. **Out**: an answer for each check. What was seen
/// too
/// long ago is no answer. **Touches**: nothing.
package io.pgcharter.policy.estate;
