/// What people are told: alerts, silences, notices, and where notices go.
///
/// **Start at** [Alert]. **In**: nothing. **Out**: values. **Touches**: nothing.
package io.pgcharter.model.alert;
