package io.pgcharter.capability.advice;

import io.pgcharter.model.operation.Report.AdviceKind;
import io.pgcharter.model.operation.Report.AdviceRow;
import io.pgcharter.platform.postgres.SizeText;
import io.pgcharter.policy.charter.MaintenancePlan.Disk;
import io.pgcharter.policy.charter.MaintenancePlan.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Settings that do not fit the server, each with the fact that says so. What depends on a fact nobody has told is said
/// to be unknown. Pure.
///
/// The rules are PostgreSQL's own (<https://www.postgresql.org/docs/current/runtime-config-resource.html>): a
/// quarter of the memory for `shared_buffers`, and so on.
final class SettingsAdvice {
    private static final long MAINTENANCE_MAX = 1L << 30;
    private static final long WORK_MIN = 4L << 20;
    private static final long WAL_MAX = 64L << 30;
    private static final long PAGE_BYTES = 8192;

    /// Counters below say nothing yet.
    private static final long CHECKPOINTS_MIN = 20;

    private static final long WAL_BYTES_MIN = 1L << 30;

    private final ServerReadings server;
    private final Server told;
    private final List<AdviceRow> advice = new ArrayList<>();

    SettingsAdvice(ServerReadings server, Server told) {
        this.server = server;
        this.told = told;
    }

    List<AdviceRow> advice() {
        advice.clear();
        if (told.memoryBytes().isPresent()) {
            memory(told.memoryBytes().getAsLong());
        } else {
            unknown(
                    "shared_buffers, effective_cache_size, maintenance_work_mem, work_mem",
                    "the server's memory is not visible over SQL (now " + size("shared_buffers") + ", "
                            + size("effective_cache_size") + ", " + size("maintenance_work_mem") + ", "
                            + size("work_mem") + ")",
                    "memory: 16GB");
        }
        disk();
        checkpoints();
        compression();
        largeTables();
        return List.copyOf(advice);
    }

    private void memory(long memory) {
        long shared = server.bytes("shared_buffers");
        String has = "the server has " + SizeText.of(memory) + " of memory, and ";
        if (shared < memory / 100 * 15 || shared > memory / 100 * 40) {
            set(
                    "shared_buffers",
                    SizeText.setting(memory / 4),
                    has + percent(shared, memory) + " of it are shared buffers; a quarter is where to begin",
                    "that memory is gone for everything else on the server");
        }
        long cache = server.bytes("effective_cache_size");
        if (cache < memory / 2 || cache > memory / 10 * 9) {
            set(
                    "effective_cache_size",
                    SizeText.setting(memory / 4 * 3),
                    has + "the planner counts on " + SizeText.of(cache) + " of cache",
                    "plans change towards indexes; it reserves nothing");
        }
        long upkeep = Math.min(MAINTENANCE_MAX, memory / 16);
        if (server.bytes("maintenance_work_mem") < upkeep / 2) {
            set(
                    "maintenance_work_mem",
                    SizeText.setting(upkeep),
                    has + "a vacuum or an index build may use " + size("maintenance_work_mem"),
                    "each autovacuum worker may take as much, unless autovacuum_work_mem says otherwise");
        }
        workMemory(memory);
    }

    private void workMemory(long memory) {
        long connections = Math.max(1, server.bytes("max_connections"));
        long fair = Math.max(WORK_MIN, memory / 4 / connections);
        long now = server.bytes("work_mem");
        if (now * connections > memory) {
            set(
                    "work_mem",
                    SizeText.setting(fair),
                    connections + " connections that each sort once take " + SizeText.of(now * connections)
                            + ", and there are " + SizeText.of(memory),
                    "larger sorts go to disk; set more for the roles that need it: ALTER ROLE … SET work_mem");
        } else if (server.temporaryFiles() > 0 && server.temporaryBytes() > now && now * 2 <= fair) {
            set(
                    "work_mem",
                    SizeText.setting(fair),
                    count(server.temporaryFiles()) + " sorts and hashes went to disk, "
                            + SizeText.of(server.temporaryBytes()) + " in all, with " + SizeText.of(now) + " each",
                    "each sort of each connection may take as much: at most a quarter of the memory if all sort once");
        }
    }

    private void disk() {
        if (server.number("random_page_cost") < 2) {
            return;
        }
        if (told.disk().isEmpty()) {
            unknown(
                    "random_page_cost",
                    "what the data lies on is not visible over SQL (now " + server.text("random_page_cost") + ")",
                    "disk: ssd");
        } else if (told.disk().get() == Disk.SSD) {
            set(
                    "random_page_cost",
                    "1.1",
                    "the data lies on SSDs, and the planner takes a random page for " + server.text("random_page_cost")
                            + " times as dear as the next one",
                    "plans change towards indexes");
        }
    }

    private void checkpoints() {
        if (server.number("checkpoint_completion_target") < 0.9) {
            set(
                    "checkpoint_completion_target",
                    "0.9",
                    "a checkpoint writes all it has to in " + server.text("checkpoint_completion_target")
                            + " of the time until the next",
                    "none known; it is the default from version 14 on");
        }
        long all = server.timedCheckpoints() + server.askedCheckpoints();
        long size = server.bytes("max_wal_size");
        if (all >= CHECKPOINTS_MIN && server.askedCheckpoints() * 3 > all && size < WAL_MAX) {
            set(
                    "max_wal_size",
                    SizeText.setting(Math.max(4L << 30, size * 2)),
                    percent(server.askedCheckpoints(), all) + " of " + count(all)
                            + " checkpoints came before their time, mostly because " + SizeText.of(size)
                            + " of WAL were full",
                    "more disk for WAL, and a longer recovery after a crash");
        }
    }

    private void compression() {
        long images = server.pageImages() * PAGE_BYTES;
        if (server.text("wal_compression").equals("off")
                && server.walBytes() >= WAL_BYTES_MIN
                && images * 10 > server.walBytes() * 3) {
            set(
                    "wal_compression",
                    "on",
                    "about " + percent(Math.min(images, server.walBytes()), server.walBytes()) + " of "
                            + SizeText.of(server.walBytes()) + " of WAL are images of whole pages",
                    "some processor time for each; from version 15 on lz4 takes less");
        }
    }

    private void largeTables() {
        double factor = server.number("autovacuum_vacuum_scale_factor");
        for (ServerReadings.LargeTable table : server.largeTables()) {
            long dead = (long) (table.rows() * factor);
            if (factor > 0.02) {
                advice.add(new AdviceRow(
                        AdviceKind.SETTING,
                        "autovacuum_vacuum_scale_factor of " + table.subject(),
                        "it has " + count(table.rows()) + " rows, and autovacuum begins when " + count(dead)
                                + " of them are dead",
                        List.of("ALTER TABLE " + table.quoted() + " SET (autovacuum_vacuum_scale_factor = 0.01)"),
                        "it is vacuumed more often, with less to do each time"));
            }
        }
    }

    private void set(String setting, String value, String evidence, String price) {
        boolean restart = server.restarts().contains(setting);
        List<String> sql = new ArrayList<>(List.of("ALTER SYSTEM SET " + setting + " = '" + value + "'"));
        if (!restart) {
            sql.add("SELECT pg_reload_conf()");
        }
        advice.add(new AdviceRow(
                AdviceKind.SETTING,
                setting + ": " + value + " instead of " + now(setting),
                evidence,
                sql,
                (restart ? "a restart of the server; " : "") + price));
    }

    private void unknown(String settings, String evidence, String key) {
        advice.add(new AdviceRow(
                AdviceKind.UNKNOWN,
                settings,
                evidence + "; tell it in the charter: maintenance, server: { " + key + " }",
                List.of(),
                ""));
    }

    private String now(String setting) {
        return setting.endsWith("_mem") || setting.endsWith("_size") || setting.equals("shared_buffers")
                ? size(setting)
                : server.text(setting);
    }

    private String size(String setting) {
        return SizeText.of(server.bytes(setting));
    }

    private static String percent(long part, long whole) {
        return Math.round(part * 100.0 / Math.max(1, whole)) + " %";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
