package io.pgcharter.capability.advice;

import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the server says of itself, as far as settings depend on it.
///
/// @param settings name to value: sizes in bytes, booleans and words as they are
/// @param restarts settings that take a restart
/// @param timedCheckpoints that came when their time was up; @param askedCheckpoints that came earlier, mostly because
///     `max_wal_size` was reached
/// @param temporaryBytes that sorts and hashes wrote to disk since statistics began
/// @param walBytes written; @param pageImages whole pages in it
/// @param largeTables those of more than ten million rows with the server's own scale factor
record ServerReadings(
        Map<String, String> settings,
        List<String> restarts,
        long timedCheckpoints,
        long askedCheckpoints,
        long temporaryFiles,
        long temporaryBytes,
        long walBytes,
        long pageImages,
        List<LargeTable> largeTables) {
    ServerReadings {
        settings = Map.copyOf(settings);
        restarts = List.copyOf(restarts);
        largeTables = List.copyOf(largeTables);
    }

    /// @param quoted with its schema
    record LargeTable(String subject, String quoted, long rows) {}

    static ServerReadings read(Session session) {
        Map<String, String> settings = new HashMap<>();
        List<String> restarts = new ArrayList<>();
        for (Row row : session.query("""
                select name, case unit when '8kB' then (setting::bigint * 8192)::text when 'kB' then (setting::bigint * 1024)::text
                  when 'MB' then (setting::bigint * 1048576)::text else setting end, context = 'postmaster'
                from pg_catalog.pg_settings where name in ('shared_buffers', 'work_mem', 'maintenance_work_mem',
                  'effective_cache_size', 'max_wal_size', 'random_page_cost', 'checkpoint_completion_target', 'wal_compression',
                  'autovacuum_vacuum_scale_factor', 'max_connections', 'full_page_writes', 'max_parallel_workers')""")) {
            settings.put(row.string(0), row.string(1));
            if (row.bool(2)) {
                restarts.add(row.string(0));
            }
        }
        Row checkpoints = session.query(
                        session.serverMajor() >= 17
                                ? "select num_timed, num_requested from pg_catalog.pg_stat_checkpointer"
                                : "select checkpoints_timed, checkpoints_req from pg_catalog.pg_stat_bgwriter")
                .getFirst();
        Row wal = session.query("select wal_bytes::bigint, wal_fpi from pg_catalog.pg_stat_wal")
                .getFirst();
        Row temporary = session.query(
                        "select temp_files, temp_bytes from pg_catalog.pg_stat_database where datname = pg_catalog.current_database()")
                .getFirst();
        List<LargeTable> large = session.query("""
                        select n.nspname || '.' || c.relname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
                          c.reltuples::bigint
                        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                        where c.relkind = 'r' and c.reltuples >= 10000000 and n.nspname !~ '^pg_'
                          and not exists (select from unnest(c.reloptions) o where o like 'autovacuum_vacuum_scale_factor=%')
                        order by c.reltuples desc limit 20""").stream()
                .map(row -> new LargeTable(row.string(0), row.string(1), row.number(2)))
                .toList();
        return new ServerReadings(
                settings,
                restarts,
                checkpoints.number(0),
                checkpoints.number(1),
                temporary.number(0),
                temporary.number(1),
                wal.number(0),
                wal.number(1),
                large);
    }

    long bytes(String setting) {
        return Long.parseLong(settings.getOrDefault(setting, "0"));
    }

    double number(String setting) {
        return Double.parseDouble(settings.getOrDefault(setting, "0"));
    }

    String text(String setting) {
        return settings.getOrDefault(setting, "");
    }
}
