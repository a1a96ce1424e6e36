/// Compares the schemas of databases, and carries one over, proven before.
///
/// **Start at** [SchemaWork]. **In**: which two databases. **Out**: what differs; the script. **Touches**: both
/// databases
/// (reads), a scratch server, and for a push the target.
package io.pgcharter.capability.schema;
