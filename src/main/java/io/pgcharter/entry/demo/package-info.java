/// The demonstration: three servers, one charter, and every claim checked before your eyes.
///
/// **Start at** [Demo]. **In**: nothing. **Out**: a narrated run and a summary. **Touches**: a scratch directory,
/// private PostgreSQL servers, the engine.
package io.pgcharter.entry.demo;
