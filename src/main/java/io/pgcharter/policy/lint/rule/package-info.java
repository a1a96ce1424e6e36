/// The rules of lint: one class each, with what a person has to know of it, and a bad and a good example that are
/// its test.
///
/// **Start at** [Rules], then any rule. **In**: a statement and what is known when it begins. **Out**: hits.
/// **Touches**: nothing.
package io.pgcharter.policy.lint.rule;
