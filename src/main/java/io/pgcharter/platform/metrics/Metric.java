package io.pgcharter.platform.metrics;

import java.util.Locale;

/// One thing that is measured. What could not be measured has no value; it is never 0 for that.
///
/// The numbers are positions in the arrays of the control database: never change one, give new metrics the next.
public enum Metric {
    UP(1, Scope.DATABASE, Unit.COUNT, "1 if the database answered in time, 0 if not"),
    ANSWER_SECONDS(
            2, Scope.DATABASE, Unit.SECONDS, "time it took to answer, connecting included where that was needed"),
    IN_RECOVERY(3, Scope.DATABASE, Unit.COUNT, "1 on a standby, 0 on a primary"),
    CONNECTIONS(4, Scope.DATABASE, Unit.COUNT, "client sessions on the server"),
    CONNECTIONS_MAX(5, Scope.DATABASE, Unit.COUNT, "client sessions the server lets ordinary roles have"),
    SESSIONS_ACTIVE(6, Scope.DATABASE, Unit.COUNT, "sessions of the database that execute a statement"),
    SESSIONS_IDLE(7, Scope.DATABASE, Unit.COUNT, "sessions of the database that are idle"),
    SESSIONS_IDLE_IN_TRANSACTION(
            8, Scope.DATABASE, Unit.COUNT, "sessions of the database that are idle within a transaction"),
    SESSIONS_WAITING(9, Scope.DATABASE, Unit.COUNT, "sessions of the database that wait for a lock"),
    TRANSACTION_AGE_SECONDS(10, Scope.DATABASE, Unit.SECONDS, "age of the database's oldest open transaction"),
    STATEMENT_AGE_SECONDS(11, Scope.DATABASE, Unit.SECONDS, "how long the longest statement has been executing"),
    XID_AGE(12, Scope.DATABASE, Unit.COUNT, "transactions since the oldest unfrozen transaction id of the database"),
    MULTIXACT_AGE(13, Scope.DATABASE, Unit.COUNT, "multixacts since the oldest one of the database"),
    DATABASE_BYTES(14, Scope.DATABASE, Unit.BYTES, "size of the database on disk, measured every 10 minutes"),
    STANDBYS(15, Scope.DATABASE, Unit.COUNT, "standbys that stream from the server"),
    REPLICATION_LAG_BYTES(
            16, Scope.DATABASE, Unit.BYTES, "WAL that the furthest standby has not replayed; on a standby, its own"),
    REPLICATION_LAG_SECONDS(
            17, Scope.DATABASE, Unit.SECONDS, "replay lag of the furthest standby; on a standby, its own"),
    SLOT_RETAINED_BYTES(18, Scope.DATABASE, Unit.BYTES, "WAL that the furthest replication slot keeps"),
    COMMITS_PER_SECOND(19, Scope.DATABASE, Unit.PER_SECOND, "transactions committed in the database"),
    ROLLBACKS_PER_SECOND(20, Scope.DATABASE, Unit.PER_SECOND, "transactions rolled back in the database"),
    ROWS_READ_PER_SECOND(21, Scope.DATABASE, Unit.PER_SECOND, "live rows read by scans of tables and indexes"),
    ROWS_INSERTED_PER_SECOND(22, Scope.DATABASE, Unit.PER_SECOND, "rows inserted"),
    ROWS_UPDATED_PER_SECOND(23, Scope.DATABASE, Unit.PER_SECOND, "rows updated"),
    ROWS_DELETED_PER_SECOND(24, Scope.DATABASE, Unit.PER_SECOND, "rows deleted"),
    BLOCKS_READ_PER_SECOND(25, Scope.DATABASE, Unit.PER_SECOND, "blocks read that were not in shared buffers"),
    CACHE_HIT_RATIO(26, Scope.DATABASE, Unit.RATIO, "share of blocks that were found in shared buffers"),
    TEMP_BYTES_PER_SECOND(27, Scope.DATABASE, Unit.BYTES_PER_SECOND, "bytes written to temporary files"),
    DEADLOCKS_PER_SECOND(28, Scope.DATABASE, Unit.PER_SECOND, "deadlocks"),
    CONFLICTS_PER_SECOND(29, Scope.DATABASE, Unit.PER_SECOND, "statements cancelled on a standby by recovery"),
    WAL_BYTES_PER_SECOND(
            30, Scope.DATABASE, Unit.BYTES_PER_SECOND, "WAL written by the server; on a standby, replayed"),
    CHECKPOINTS_TIMED_PER_SECOND(31, Scope.DATABASE, Unit.PER_SECOND, "checkpoints whose time had come"),
    CHECKPOINTS_REQUESTED_PER_SECOND(
            32, Scope.DATABASE, Unit.PER_SECOND, "checkpoints asked for, mostly by a full max_wal_size"),
    CHECKPOINT_BLOCKS_PER_SECOND(33, Scope.DATABASE, Unit.PER_SECOND, "blocks written by checkpoints"),
    ARCHIVE_FAILURES_PER_SECOND(34, Scope.DATABASE, Unit.PER_SECOND, "failed attempts to archive a WAL file"),
    STATEMENTS_PER_SECOND(
            35,
            Scope.DATABASE,
            Unit.PER_SECOND,
            "statements executed, by pg_stat_statements, since it was read before"),
    STATEMENT_MEAN_SECONDS(
            36,
            Scope.DATABASE,
            Unit.SECONDS,
            "mean time of a statement, by pg_stat_statements, since it was read before"),
    STATEMENT_P95_SECONDS(
            37,
            Scope.DATABASE,
            Unit.SECONDS,
            "95 of 100 calls were of statements whose mean time since the reading before was at most this"),
    NODE_CPU_RATIO(38, Scope.NODE, Unit.RATIO, "share of the node's processors that is busy"),
    NODE_MEMORY_BYTES(39, Scope.NODE, Unit.BYTES, "memory of the node"),
    NODE_MEMORY_FREE_BYTES(40, Scope.NODE, Unit.BYTES, "memory of the node that programs could still have"),
    NODE_DISK_BYTES(41, Scope.NODE, Unit.BYTES, "size of the file system with pgcharter's state"),
    NODE_DISK_FREE_BYTES(42, Scope.NODE, Unit.BYTES, "space of that file system that is free for pgcharter"),
    NODE_RESIDENT_BYTES(43, Scope.NODE, Unit.BYTES, "resident memory of pgcharter"),
    NODE_DATABASES(44, Scope.NODE, Unit.COUNT, "databases that this node watches"),
    NODE_SAMPLES_LATE_PER_SECOND(
            45, Scope.NODE, Unit.PER_SECOND, "samples left out because the one before was not over"),
    SERVER_VERSION(46, Scope.DATABASE, Unit.COUNT, "the server's version as a number: 170002 for 17.2");

    private final int position;
    private final Scope scope;
    private final Unit unit;
    private final String help;

    Metric(int position, Scope scope, Unit unit, String help) {
        this.position = position;
        this.scope = scope;
        this.unit = unit;
        this.help = help;
    }

    /// What it is measured of.
    public enum Scope {
        DATABASE,
        /// A machine on which pgcharter runs.
        NODE
    }

    /// What a value of 1 means.
    public enum Unit {
        COUNT,
        SECONDS,
        BYTES,
        /// 0 to 1.
        RATIO,
        PER_SECOND,
        BYTES_PER_SECOND
    }

    /// As it is written everywhere: `cache_hit_ratio`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Where its value stands in the arrays of the control database, from 1.
    int position() {
        return position;
    }

    public Scope scope() {
        return scope;
    }

    public Unit unit() {
        return unit;
    }

    /// In one line, without a full stop.
    public String help() {
        return help;
    }
}
