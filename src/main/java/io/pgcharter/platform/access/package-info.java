/// Who may use the dashboard and the API, as the control database knows them: persons, their passwords, logins, tokens.
///
/// **Start at** [People]. **In**: names, passwords, what a browser or a program shows. **Out**: who that is.
/// **Touches**: the control database.
package io.pgcharter.platform.access;
