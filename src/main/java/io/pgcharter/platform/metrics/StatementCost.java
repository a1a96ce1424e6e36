package io.pgcharter.platform.metrics;

/// What the executions of one statement cost over some time.
///
/// @param id `pg_stat_statements.queryid`
/// @param milliseconds of execution, in all
/// @param rows that were returned or changed
public record StatementCost(long id, long calls, double milliseconds, long rows) {
    public double meanMilliseconds() {
        return calls == 0 ? 0 : milliseconds / calls;
    }
}
