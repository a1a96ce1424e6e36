/// Judges SQL of migrations: which locks it takes, what it reads and rewrites, what it breaks, and how it is done
/// safely.
///
/// A [Linter] walks statements in order and keeps a model of the schema ([Known]) that they make, so that a rule
/// knows that a table is new, or that a CHECK was validated in an earlier file. What a statement costs is said in
/// one place, [Effects], and held against what PostgreSQL does by a test that measures it; the rules draw on that.
///
/// **Start at** [Linter], then [Rule]. **In**: parsed files, what is known of the target. **Out**: findings.
/// **Touches**: nothing.
package io.pgcharter.policy.lint;
