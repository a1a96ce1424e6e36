/// Says what a person could do for a database: indexes to make or drop, settings to change, each with the evidence,
/// what to type and what it costs. Changes nothing.
///
/// **Start at** [DatabaseAdvice]. **In**: a permit for `advice`, the charter's facts of the server. **Out**: a report.
/// **Touches**: catalogs, statistics and plans of the database, read-only; hypothetical indexes where hypopg is there.
package io.pgcharter.capability.advice;
