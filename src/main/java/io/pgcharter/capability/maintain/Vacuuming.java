package io.pgcharter.capability.maintain;

import io.pgcharter.capability.maintain.Workplace.Job;
import io.pgcharter.capability.maintain.Workplace.Result;
import io.pgcharter.model.operation.Report.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Vacuums the tables that need it, the largest first.
///
/// Neither VACUUM nor waiting for its lock keeps anybody from writing, so it waits for the charter's lock timeout
/// instead of skipping at once. `TRUNCATE false`: to give empty pages at a table's end back to the disk it would
/// take the table for itself for a moment.
final class Vacuuming {
    private final Workplace place;

    Vacuuming(Workplace place) {
        this.place = place;
    }

    /// @return tables looked at
    int work() {
        List<TableFacts> tables = TableFacts.all(place);
        long freezeMaxAge = place.query("select pg_catalog.current_setting('autovacuum_freeze_max_age')::bigint")
                .getFirst()
                .number(0);
        List<Job> jobs = new ArrayList<>();
        for (TableFacts table : tables) {
            Optional<String> need = Needs.vacuum(table, place.plan().vacuum(), freezeMaxAge);
            if (need.isPresent() && !table.mayMaintain()) {
                place.row(table.subject(), Upkeep.FAILED, need.get(), notAllowed(place.serverMajor()));
            } else if (need.isPresent()) {
                jobs.add(new Job(table.subject(), need.get(), List.of(table.oid()), () -> vacuum(table)));
            }
        }
        place.carryOut(jobs);
        return tables.size();
    }

    static String notAllowed(int serverMajor) {
        return "the role may not: it takes the table's owner"
                + (serverMajor >= 17 ? ", or GRANT MAINTAIN ON the table, or the role pg_maintain" : "");
    }

    private Result vacuum(TableFacts table) {
        Instant begun = place.clock().instant();
        place.execute(
                "vacuum " + table.subject(),
                table.bytes(),
                Workplace.blocksOf("pg_stat_progress_vacuum", "heap_blks_scanned"),
                "vacuum (analyze, truncate false) " + table.quoted());
        long millis = Duration.between(begun, place.clock().instant()).toMillis();
        return Result.done("vacuumed and analyzed in " + millis + " ms" + after(table));
    }

    /// What is left, as far as the server has counted it by now; and who keeps it.
    private String after(TableFacts before) {
        Optional<TableFacts> after = before.again(place)
                .filter(now -> !now.vacuumedAt().equals(before.vacuumedAt()) || now.dead() < before.dead());
        if (after.isEmpty()) {
            return "";
        }
        long left = after.get().dead();
        return "; " + Needs.count(left) + " dead rows are left"
                + (left * 2 > before.dead() && left > 0
                        ? oldestSnapshot().map(who -> ", still seen by " + who).orElse("")
                        : "");
    }

    /// Whose snapshot is the oldest: what died after it cannot be removed.
    private Optional<String> oldestSnapshot() {
        return place.query("""
                select who from (
                  select 'process ' || a.pid || ' of ' || coalesce(a.usename::text, '?') || ' ('
                    || coalesce(nullif(a.application_name, ''), '?') || ', ' || coalesce(a.state, '?') || ')', pg_catalog.age(a.backend_xmin)
                  from pg_catalog.pg_stat_activity a
                  where a.backend_xmin is not null and a.pid <> pg_catalog.pg_backend_pid()
                  union all
                  select 'replication slot ' || slot_name, pg_catalog.age(xmin)
                  from pg_catalog.pg_replication_slots where xmin is not null
                  union all
                  select 'prepared transaction ' || gid, pg_catalog.age(transaction) from pg_catalog.pg_prepared_xacts
                ) holders (who, age) order by age desc limit 1""").stream().findFirst().map(row -> row.string(0));
    }
}
