/// Tells people what is wrong, and lets them say that they take care of it.
///
/// **Start at** [Alerting]. **In**: permits for `alert` and for `alerts …`; verdicts and ended runs in the control
/// database. **Out**: reports. **Touches**: the control database, the receivers of the charter.
package io.pgcharter.capability.alert;
