package io.pgcharter.platform.metrics;

import io.pgcharter.platform.postgres.OwnStatement;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The one statement that a sample costs, for servers of one major version: views of statistics and a few rows of
/// catalogs, no table of the user, no lock that anybody waits for. Sessions by state are seen by members of
/// `pg_read_all_stats` (as `pg_monitor` is) alone; for others they have no value.
/// `pg_locks` is left alone: reading it stops every lock for a moment; who waits stands in `pg_stat_activity` too.
final class ServerQuery {
    private static final ServerQuery BEFORE_17 = new ServerQuery(false, false);
    private static final ServerQuery BEFORE_17_WITH_SIZE = new ServerQuery(false, true);
    private static final ServerQuery SINCE_17 = new ServerQuery(true, false);
    private static final ServerQuery SINCE_17_WITH_SIZE = new ServerQuery(true, true);

    /// Also if nobody waits for the answer any more: what hangs must not pile up there.
    static final String LIMITS =
            "set local statement_timeout = 5000; set local lock_timeout = 1000; set local transaction_read_only = on; ";

    private final List<Metric> gauges = new ArrayList<>();
    private final List<Counter> counters = new ArrayList<>();
    private final String sql;
    private final boolean withSize;

    /// What one answer holds.
    record Answer(Map<Metric, Double> gauges, Counts counts) {}

    /// @param hasCheckpointer whether checkpoints are counted in a view of their own
    private ServerQuery(boolean hasCheckpointer, boolean withSize) {
        this.withSize = withSize;
        this.sql = OwnStatement.marked(text(hasCheckpointer));
    }

    /// @param withSize whether the size on disk is measured too, which reads the length of every file
    static ServerQuery of(int major, boolean withSize) {
        if (major >= 17) {
            return withSize ? SINCE_17_WITH_SIZE : SINCE_17;
        }
        return withSize ? BEFORE_17_WITH_SIZE : BEFORE_17;
    }

    private String text(boolean hasCheckpointer) {
        String checkpoints = hasCheckpointer ? "pg_catalog.pg_stat_checkpointer" : "pg_catalog.pg_stat_bgwriter";
        StringBuilder select = new StringBuilder("""
                with seen as (
                  select pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') as all_sessions,
                         pg_catalog.pg_is_in_recovery() as standby
                ), wal as (
                  select case when standby then pg_catalog.pg_last_wal_replay_lsn()
                              else pg_catalog.pg_current_wal_lsn() end as position,
                         case when standby then pg_catalog.pg_last_wal_receive_lsn() end as received
                  from seen
                ), sessions as (
                  select count(*) filter (where backend_type = 'client backend') as connections,
                    count(*) filter (where datid = own.oid and state = 'active') as active,
                    count(*) filter (where datid = own.oid and state = 'idle') as idle,
                    count(*) filter (where datid = own.oid and state like 'idle in transaction%') as idle_in_transaction,
                    count(*) filter (where datid = own.oid and wait_event_type = 'Lock') as waiting,
                    extract(epoch from max(pg_catalog.clock_timestamp() - xact_start)
                      filter (where datid = own.oid and backend_type = 'client backend')) as transaction_age,
                    extract(epoch from max(pg_catalog.clock_timestamp() - query_start)
                      filter (where datid = own.oid and backend_type = 'client backend' and state = 'active')) as statement_age
                  from pg_catalog.pg_stat_activity,
                    (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) own
                  where pid <> pg_catalog.pg_backend_pid()
                ), standbys as (
                  select count(*) filter (where state = 'streaming') as streaming,
                    max(pg_catalog.pg_wal_lsn_diff(wal.position, replay_lsn)) as bytes,
                    max(extract(epoch from replay_lag)) as seconds
                  from pg_catalog.pg_stat_replication, wal
                ), slots as (
                  select max(pg_catalog.pg_wal_lsn_diff(wal.position, restart_lsn)) as bytes
                  from pg_catalog.pg_replication_slots, wal
                )
                select extract(epoch from pg_catalog.pg_postmaster_start_time()) || '/'
                    || coalesce(extract(epoch from d.stats_reset)::text, '')
                """);
        gauges(select);
        counters(select, hasCheckpointer);
        select.append(
                        "from seen, wal, sessions, standbys, slots, pg_catalog.pg_stat_database d, pg_catalog.pg_database b, ")
                .append(checkpoints)
                .append(" c, pg_catalog.pg_stat_archiver a\n")
                .append("where d.datid = b.oid and b.datname = pg_catalog.current_database()");
        return select.toString();
    }

    private void gauges(StringBuilder select) {
        gauge(select, Metric.IN_RECOVERY, "standby::int");
        gauge(select, Metric.SERVER_VERSION, "pg_catalog.current_setting('server_version_num')::int");
        gauge(select, Metric.CONNECTIONS, ifSeen("sessions.connections"));
        gauge(select, Metric.CONNECTIONS_MAX, """
                pg_catalog.current_setting('max_connections')::int
                  - pg_catalog.current_setting('superuser_reserved_connections')::int
                  - coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0)""");
        gauge(select, Metric.SESSIONS_ACTIVE, ifSeen("sessions.active"));
        gauge(select, Metric.SESSIONS_IDLE, ifSeen("sessions.idle"));
        gauge(select, Metric.SESSIONS_IDLE_IN_TRANSACTION, ifSeen("sessions.idle_in_transaction"));
        gauge(select, Metric.SESSIONS_WAITING, ifSeen("sessions.waiting"));
        gauge(select, Metric.TRANSACTION_AGE_SECONDS, ifSeen("greatest(coalesce(sessions.transaction_age, 0), 0)"));
        gauge(select, Metric.STATEMENT_AGE_SECONDS, ifSeen("greatest(coalesce(sessions.statement_age, 0), 0)"));
        gauge(select, Metric.XID_AGE, "pg_catalog.age(b.datfrozenxid)");
        gauge(select, Metric.MULTIXACT_AGE, "pg_catalog.mxid_age(b.datminmxid)");
        gauge(select, Metric.STANDBYS, ifSeen("standbys.streaming"));
        gauge(select, Metric.REPLICATION_LAG_BYTES, """
                case when standby then pg_catalog.pg_wal_lsn_diff(wal.received, wal.position)
                     else standbys.bytes end""");
        // A standby that has replayed all it received is not late, however long nothing was written.
        gauge(select, Metric.REPLICATION_LAG_SECONDS, """
                case when not standby then case when standbys.streaming > 0 then coalesce(standbys.seconds, 0) end
                     when wal.received = wal.position then 0
                     else extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) end""");
        gauge(select, Metric.SLOT_RETAINED_BYTES, "slots.bytes");
        if (withSize) {
            gauge(select, Metric.DATABASE_BYTES, """
                    case when pg_catalog.has_database_privilege(b.oid, 'CONNECT') or seen.all_sessions
                         then pg_catalog.pg_database_size(b.oid) end""");
        }
    }

    private void counters(StringBuilder select, boolean hasCheckpointer) {
        counter(select, Counter.COMMITS, "d.xact_commit");
        counter(select, Counter.ROLLBACKS, "d.xact_rollback");
        counter(select, Counter.ROWS_READ, "d.tup_returned");
        counter(select, Counter.ROWS_INSERTED, "d.tup_inserted");
        counter(select, Counter.ROWS_UPDATED, "d.tup_updated");
        counter(select, Counter.ROWS_DELETED, "d.tup_deleted");
        counter(select, Counter.BLOCKS_READ, "d.blks_read");
        counter(select, Counter.BLOCKS_HIT, "d.blks_hit");
        counter(select, Counter.TEMP_BYTES, "d.temp_bytes");
        counter(select, Counter.DEADLOCKS, "d.deadlocks");
        counter(select, Counter.CONFLICTS, "d.conflicts");
        counter(select, Counter.WAL_BYTES, "pg_catalog.pg_wal_lsn_diff(wal.position, '0/0')");
        counter(select, Counter.CHECKPOINTS_TIMED, hasCheckpointer ? "c.num_timed" : "c.checkpoints_timed");
        counter(select, Counter.CHECKPOINTS_REQUESTED, hasCheckpointer ? "c.num_requested" : "c.checkpoints_req");
        counter(select, Counter.CHECKPOINT_BLOCKS, hasCheckpointer ? "c.buffers_written" : "c.buffers_checkpoint");
        counter(
                select,
                Counter.ARCHIVE_FAILURES,
                "case when pg_catalog.current_setting('archive_mode') <> 'off' then a.failed_count end");
    }

    private static String ifSeen(String expression) {
        return "case when seen.all_sessions then " + expression + " end";
    }

    private void gauge(StringBuilder select, Metric metric, String expression) {
        gauges.add(metric);
        select.append(", ").append(expression).append('\n');
    }

    private void counter(StringBuilder select, Counter counter, String expression) {
        counters.add(counter);
        select.append(", ").append(expression).append('\n');
    }

    /// Asks over `session`; one round trip, which leaves nothing behind. The server ends what takes longer than 5
    /// s.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException as [Session#query]
    Answer ask(Session session) {
        Row row = session.queryAll(LIMITS + sql).getFirst();
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        int column = 1;
        for (Metric metric : gauges) {
            put(measured, metric, row.text(column++));
        }
        Map<Counter, Double> counted = new EnumMap<>(Counter.class);
        for (Counter counter : counters) {
            put(counted, counter, row.text(column++));
        }
        return new Answer(measured, new Counts(row.string(0), System.nanoTime(), counted));
    }

    private static <K> void put(Map<K, Double> values, K key, @Nullable String text) {
        if (text != null) {
            values.put(key, Double.valueOf(text));
        }
    }
}
