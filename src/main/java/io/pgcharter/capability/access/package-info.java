/// Lets people and programs use the dashboard and the API, and ends that.
///
/// **Start at** [Admission]. **In**: operations about users and tokens. **Out**: links and tokens, shown once.
/// **Touches**: the control database.
package io.pgcharter.capability.access;
