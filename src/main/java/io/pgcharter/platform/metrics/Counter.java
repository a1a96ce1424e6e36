package io.pgcharter.platform.metrics;

/// What a server counts up, and the metric that says how fast.
enum Counter {
    COMMITS(Metric.COMMITS_PER_SECOND),
    ROLLBACKS(Metric.ROLLBACKS_PER_SECOND),
    ROWS_READ(Metric.ROWS_READ_PER_SECOND),
    ROWS_INSERTED(Metric.ROWS_INSERTED_PER_SECOND),
    ROWS_UPDATED(Metric.ROWS_UPDATED_PER_SECOND),
    ROWS_DELETED(Metric.ROWS_DELETED_PER_SECOND),
    BLOCKS_READ(Metric.BLOCKS_READ_PER_SECOND),
    BLOCKS_HIT(Metric.CACHE_HIT_RATIO),
    TEMP_BYTES(Metric.TEMP_BYTES_PER_SECOND),
    DEADLOCKS(Metric.DEADLOCKS_PER_SECOND),
    CONFLICTS(Metric.CONFLICTS_PER_SECOND),
    WAL_BYTES(Metric.WAL_BYTES_PER_SECOND),
    CHECKPOINTS_TIMED(Metric.CHECKPOINTS_TIMED_PER_SECOND),
    CHECKPOINTS_REQUESTED(Metric.CHECKPOINTS_REQUESTED_PER_SECOND),
    CHECKPOINT_BLOCKS(Metric.CHECKPOINT_BLOCKS_PER_SECOND),
    ARCHIVE_FAILURES(Metric.ARCHIVE_FAILURES_PER_SECOND);

    private final Metric metric;

    Counter(Metric metric) {
        this.metric = metric;
    }

    Metric metric() {
        return metric;
    }
}
