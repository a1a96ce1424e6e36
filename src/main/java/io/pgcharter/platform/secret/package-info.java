/// Looks secrets up where the charter says they are kept.
///
/// **Start at** [Secrets]. **In**: references. **Out**: secrets. **Touches**: environment variables, files.
package io.pgcharter.platform.secret;
