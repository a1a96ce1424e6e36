/// Decides who is told what, and when. Pure.
///
/// **Start at** [AlertRules]. **In**: what is wrong, how runs ended, what was told before. **Out**: alerts as they are
/// now, and notices. **Touches**: nothing.
package io.pgcharter.policy.alert;
