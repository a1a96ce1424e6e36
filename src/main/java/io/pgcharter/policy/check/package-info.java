/// The checks: what each asks, and how what it sees is judged.
///
/// Each check is a file, `src/main/resources/io/pgcharter/policy/check/ID.yaml`; docs/checks.md is written from them.
/// What a check cannot see is `UNKNOWN` with the reason and the grant that would help, never `OK`.
///
/// **Start at** [Checkbook]. **In**: readings, the charter's [Standards]. **Out**: verdicts with reasons. **Touches**:
/// nothing.
package io.pgcharter.policy.check;
