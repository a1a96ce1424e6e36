package io.pgcharter.model.estate;

/// A statement that takes long.
///
/// @param id `pg_stat_statements.queryid`
/// @param text without values
/// @param calls on the day, by UTC
/// @param meanMilliseconds of one
public record SlowStatement(long id, String text, long calls, double meanMilliseconds) {}
