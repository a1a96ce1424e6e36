/// Makes rows up: believable ones, and the same ones every time.
///
/// **Start at** [MadeRows]. **In**: recipes of the charter, values that other tables hold. **Out**: rows as text.
/// **Touches**: nothing.
package io.pgcharter.policy.seed;
