package io.pgcharter.capability.maintain;

import io.pgcharter.capability.maintain.Workplace.Job;
import io.pgcharter.capability.maintain.Workplace.Result;
import io.pgcharter.model.operation.Report.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Analyzes the tables whose rows have changed, and partitioned tables, which the server never analyzes by itself.
/// ANALYZE reads a sample and keeps nobody from writing.
final class Analyzing {
    private final Workplace place;

    Analyzing(Workplace place) {
        this.place = place;
    }

    /// @return tables looked at
    int work() {
        List<TableFacts> tables = TableFacts.all(place);
        List<Job> jobs = new ArrayList<>();
        for (TableFacts table : tables) {
            Optional<String> need = Needs.analyze(
                    table, place.plan().statistics(), place.clock().instant());
            if (need.isPresent() && !table.mayMaintain()) {
                place.row(table.subject(), Upkeep.FAILED, need.get(), Vacuuming.notAllowed(place.serverMajor()));
            } else if (need.isPresent()) {
                jobs.add(new Job(table.subject(), need.get(), List.of(table.oid()), () -> analyze(table)));
            }
        }
        place.carryOut(jobs);
        new CorrelatedColumns(place).advise();
        return tables.size();
    }

    private Result analyze(TableFacts table) {
        Instant begun = place.clock().instant();
        place.execute(
                "analyze " + table.subject(),
                table.bytes(),
                Workplace.blocksOf("pg_stat_progress_analyze", "sample_blks_scanned"),
                "analyze " + table.quoted());
        return Result.done("analyzed in "
                + Duration.between(begun, place.clock().instant()).toMillis() + " ms");
    }
}
