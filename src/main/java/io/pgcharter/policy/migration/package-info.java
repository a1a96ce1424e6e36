/// Judges migrations: which a database lacks, what does not fit together, and how each must be carried out.
///
/// **Start at** [Ledger], then [Passage]. **In**: migrations, a history, parse trees. **Out**: verdicts with reasons.
/// **Touches**: nothing.
package io.pgcharter.policy.migration;
