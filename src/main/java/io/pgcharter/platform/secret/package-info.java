/// Looks secrets up where the charter says they are kept.
///
/// **Start at** [Secrets]; [LocalSecrets] is the one implementation so far. **In**: references. **Out**: secrets.
/// **Touches**: environment variables, files.
package io.pgcharter.platform.secret;
