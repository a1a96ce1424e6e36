/// PostgreSQL's own parser, version 18 (libpg_query), as WebAssembly inside the JVM.
///
/// **Start at** [SqlParser]. **In**: SQL text. **Out**: scripts with trees and positions, tokens, PL/pgSQL bodies,
/// fingerprints, normalised text. **Touches**: memory only.
package io.pgcharter.platform.sql;
