package io.pgcharter.capability.maintain;

import io.pgcharter.capability.maintain.PartitionedTable.Partition;
import io.pgcharter.capability.maintain.Workplace.Job;
import io.pgcharter.capability.maintain.Workplace.Result;
import io.pgcharter.model.operation.Report.Upkeep;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.SizeText;
import io.pgcharter.policy.charter.PartitionPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes partitions ahead of time and detaches old ones. Drops none, ever.
///
/// A new one is made aside and attached: ATTACH lets rows be written meanwhile, which `CREATE TABLE … PARTITION OF`
/// does not. An old one goes by `DETACH … CONCURRENTLY`; if that is interrupted, it is finished by the next run.
final class Partitioning {
    /// A default partition larger than this is not searched, under a lock, for rows of a new partition.
    private static final long DEFAULT_BYTES_MAX = 64L << 20;

    /// If the server's clock and ours differ by more, one of them is wrong, and nothing is detached by either.
    private static final Duration CLOCKS_APART_MAX = Duration.ofHours(1);

    private final Workplace place;

    Partitioning(Workplace place) {
        this.place = place;
    }

    /// @return partitions looked at, those to be made included
    int work() {
        if (place.plan().partitions().isEmpty()) {
            place.note("the charter names no partitions of this database");
        }
        Instant now =
                Instant.ofEpochSecond(place.query("select extract(epoch from pg_catalog.clock_timestamp())::bigint")
                        .getFirst()
                        .number(0));
        int judged = 0;
        for (PartitionPlan plan : place.plan().partitions()) {
            judged += one(plan, now);
        }
        return judged;
    }

    private int one(PartitionPlan plan, Instant now) {
        place.settings("set timezone = " + Quoting.literal(plan.zone().getId()));
        Optional<PartitionedTable> found = PartitionedTable.read(place, plan);
        if (found.isEmpty()) {
            return 0;
        }
        PartitionedTable table = found.get();
        finishDetaching(plan, table);
        LocalDate today = plan.by().begin(now.atZone(plan.zone()).toLocalDate());
        place.carryOut(toMake(plan, table, today));
        if (plan.keep().isPresent()) {
            LocalDate oldest = plan.by().plus(today, -plan.keep().getAsInt());
            old(plan, table, oldest, now);
        }
        return table.partitions().size() + plan.ahead() + 1;
    }

    private List<Job> toMake(PartitionPlan plan, PartitionedTable table, LocalDate today) {
        List<Job> jobs = new ArrayList<>();
        for (int ahead = 0; ahead <= plan.ahead(); ahead++) {
            LocalDate begin = plan.by().plus(today, ahead);
            LocalDate end = plan.by().plus(begin, 1);
            List<Partition> inTheWay = table.overlapping(begin, end);
            String need = "no partition takes rows from " + begin + " to " + end + " (" + plan.periods(plan.ahead())
                    + " ahead)";
            String subject = plan.schema() + "." + plan.nameOf(begin);
            if (inTheWay.isEmpty()) {
                jobs.add(new Job(subject, need, table.locks(), () -> make(plan, table, begin, end)));
            } else if (!table.covers(begin, end)) {
                place.row(
                        subject,
                        Upkeep.FAILED,
                        "only a part of " + begin + " to " + end + " has a partition",
                        "partition " + inTheWay.getFirst().subject() + " takes another part of that time; what is"
                                + " left has to be made by hand");
            }
        }
        return jobs;
    }

    private Result make(PartitionPlan plan, PartitionedTable table, LocalDate begin, LocalDate end) {
        String name = Quoting.identifier(plan.schema(), plan.nameOf(begin));
        String parent = Quoting.identifier(plan.schema(), plan.table());
        Optional<Result> refused = table.defaultPartition()
                .filter(standard -> standard.bytes() > DEFAULT_BYTES_MAX)
                .map(standard -> Result.failed("the default partition " + standard.subject() + " has "
                        + SizeText.of(standard.bytes())
                        + ", which the server would search for rows from " + begin
                        + " on under a lock that keeps others from writing: move its rows out of it first"));
        if (refused.isPresent()) {
            return refused.get();
        }
        // One statement after the other in one message is one transaction: it is made and attached, or neither.
        String sql = "create table " + name + " (like " + parent
                + " including all excluding indexes excluding identity excluding statistics)"
                + table.tablespace()
                        .map(space -> " tablespace " + Quoting.identifier(space))
                        .orElse("")
                + "; alter table " + name + " owner to " + Quoting.identifier(table.owner())
                + "; alter table " + parent + " attach partition " + name + " for values from ('" + begin + "') to ('"
                + end + "')";
        place.lockTimeout(place.plan().waiting().lockTimeout());
        // The server searches a default partition under a lock that nobody writes beside.
        place.settings("set statement_timeout = "
                + (table.defaultPartition().isPresent()
                        ? place.plan().waiting().lockTimeout().toMillis()
                        : 0));
        try {
            place.execute("create partition " + plan.schema() + "." + plan.nameOf(begin), sql);
        } finally {
            place.settings("set statement_timeout = 0");
        }
        return Result.done("made and attached");
    }

    /// Partitions of whose detaching only the first half was done.
    private void finishDetaching(PartitionPlan plan, PartitionedTable table) {
        place.lockTimeout(place.plan().waiting().lockTimeout());
        place.carryOut(table.partitions().stream()
                .filter(Partition::isDetaching)
                .map(partition -> new Job(
                        partition.subject(),
                        "its detaching was begun and not ended",
                        List.of(table.oid(), partition.oid()),
                        () -> {
                            finish(plan, partition);
                            return Result.done("detached");
                        }))
                .toList());
    }

    private void finish(PartitionPlan plan, Partition partition) {
        place.execute(
                "finish detaching " + partition.subject(),
                "alter table " + Quoting.identifier(plan.schema(), plan.table()) + " detach partition "
                        + partition.quoted() + " finalize");
    }

    private void old(PartitionPlan plan, PartitionedTable table, LocalDate oldest, Instant now) {
        List<Partition> old = table.partitions().stream()
                .filter(partition -> partition.endsBy(oldest) && !partition.isDetaching())
                .toList();
        String limit = plan.periods(plan.keep().orElseThrow()) + " are kept, from " + oldest;
        Duration apart = Duration.between(now, place.clock().instant()).abs();
        boolean sure = apart.compareTo(CLOCKS_APART_MAX) <= 0;
        if (!sure) {
            place.note("the server's clock and ours are " + apart.toMinutes()
                    + " minutes apart, so nothing is detached: set the one that is wrong");
        }
        if (!plan.detaches()) {
            old.forEach(partition -> place.row(
                    partition.subject(),
                    Upkeep.ADVISED,
                    "it ends on " + partition.endText() + "; " + limit,
                    "the charter keeps it: ALTER TABLE " + Quoting.identifier(plan.schema(), plan.table())
                            + " DETACH PARTITION " + partition.quoted() + " CONCURRENTLY"));
        } else if (sure) {
            place.carryOut(old.stream()
                    .map(partition -> new Job(
                            partition.subject(),
                            "it ends on " + partition.endText() + "; " + limit,
                            List.of(table.oid(), partition.oid()),
                            () -> detach(plan, table, partition)))
                    .toList());
            move(plan, table, oldest, limit);
        }
    }

    private Result detach(PartitionPlan plan, PartitionedTable table, Partition partition) {
        if (table.defaultPartition().isPresent()) {
            return Result.failed("beside a default partition the server detaches only under a lock that keeps others"
                    + " from writing: ALTER TABLE " + Quoting.identifier(plan.schema(), plan.table())
                    + " DETACH PARTITION " + partition.quoted());
        }
        Optional<String> lasting = place.lastingHolder(table.oid());
        if (lasting.isPresent()) {
            return Result.later("detaching has to wait for every transaction that uses the table: " + lasting.get());
        }
        place.lockTimeout(place.plan().waiting().lockTimeout());
        if (PartitionedTable.isDetaching(place, partition.oid())) {
            finish(plan, partition);
        } else {
            place.execute(
                    "detach " + partition.subject(),
                    "alter table " + Quoting.identifier(plan.schema(), plan.table()) + " detach partition "
                            + partition.quoted() + " concurrently");
        }
        return Result.done("detached, with all its rows");
    }

    /// Also what an earlier run detached and had no time to move: a table of the parent's columns, called as a
    /// partition of that time is.
    private void move(PartitionPlan plan, PartitionedTable table, LocalDate oldest, String limit) {
        if (plan.detachedSchema().isEmpty()) {
            return;
        }
        String schema = plan.detachedSchema().get();
        place.lockTimeout(place.plan().waiting().lockTimeout());
        place.carryOut(table.detached(place, plan, oldest).stream()
                .map(partition -> new Job(
                        partition.subject(),
                        "it is detached, and belongs to the schema " + schema + "; " + limit,
                        List.of(partition.oid()),
                        () -> {
                            place.execute(
                                    "move " + partition.subject(),
                                    "alter table " + partition.quoted() + " set schema " + Quoting.identifier(schema));
                            return Result.done("moved to " + schema);
                        }))
                .toList());
    }
}
