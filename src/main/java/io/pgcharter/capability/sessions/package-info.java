/// Lists the sessions of a server, and ends one.
///
/// **Start at** [SessionWork]. **In**: a permit for `sessions list` or `sessions end`. **Out**: reports;
/// statements are
/// shown without their literals. **Touches**: the server's sessions: one is cancelled or ended.
package io.pgcharter.capability.sessions;
