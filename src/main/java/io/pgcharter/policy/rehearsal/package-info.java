/// Judges what a rehearsal measured: how long locks are held, what that is at the size of the real database, whom it
/// keeps waiting, whether the charter's limits are kept, and which queries find data that make a statement fail.
///
/// **Start at** [Reckoning], then [Searches]. **In**: measurements, sizes, statements with their calls, parse trees.
/// **Out**: verdicts and queries. **Touches**: nothing.
package io.pgcharter.policy.rehearsal;
