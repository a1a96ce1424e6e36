/// Proves a backup by restoring it into a scratch server and comparing every row's fingerprint.
///
/// **Start at** [Verification]. **In**: a permit, a backup. **Out**: a report; a record of the proof in the
/// repository. **Touches**: the repository, a sandbox.
package io.pgcharter.capability.verify;
