/// Decides what comes next in a release, and what a database must not do after one.
///
/// **Start at** [Course]: from the log of a release to its next step. Then [Watchfulness]. **In**: logs, measurements.
/// **Out**: steps, faults with reasons. **Touches**: nothing.
package io.pgcharter.policy.release;
