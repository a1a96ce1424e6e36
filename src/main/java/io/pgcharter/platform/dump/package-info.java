/// A logical dump: what it consists of, how it is read from a server in one snapshot, and how it is loaded again.
///
/// A dump is a set of files (see [DumpFiles]) described by a [Manifest]. It is read by [SourceSnapshot] and loaded by
/// [Loader]; [Proof] reads a loaded database back and compares every table's [Fingerprint]. Backup, restore,
/// verify and copy are made of these.
///
/// **Start at** [Manifest]. **In**: sessions, file streams. **Out**: file streams, sessions' content.
/// **Touches**: PostgreSQL servers.
package io.pgcharter.platform.dump;
