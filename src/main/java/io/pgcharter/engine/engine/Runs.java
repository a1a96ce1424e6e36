package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Subjects;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The runs of all nodes and the leases they hold. All times are the control database's: nodes' clocks may differ.
final class Runs {
    /// A lease that is not renewed for so long may be taken by another run.
    private static final Duration LEASE = Duration.ofSeconds(30);

    /// Longer reports stand in the journal only.
    private static final int ENDING_MAX = 100_000;

    private final Jdbi jdbi;
    private final Node node;

    Runs(Jdbi jdbi, Node node) {
        this.jdbi = jdbi;
        this.node = node;
    }

    /// A process of pgcharter on a machine.
    record Node(String machine, long process, Instant startedAt) {
        static Node current(String machine) {
            ProcessHandle current = ProcessHandle.current();
            return new Node(machine, current.pid(), started(current));
        }

        /// Whether a process of this machine is the one that was recorded, and lives. Process ids are used again.
        boolean lives() {
            return ProcessHandle.of(process)
                    .filter(ProcessHandle::isAlive)
                    .filter(handle ->
                            Duration.between(started(handle), startedAt).abs().toSeconds() <= 1)
                    .isPresent();
        }

        private static Instant started(ProcessHandle handle) {
            return handle.info().startInstant().orElse(Instant.EPOCH);
        }
    }

    /// @param token fencing token of the lease; 0 for a run that holds no target
    record Lease(Optional<String> target, long token) {}

    /// Enters the run and takes the lease on its target, in the caller's transaction.
    ///
    /// @throws ProblemException `TARGET_BUSY` naming the run that holds the target
    Lease begin(Handle handle, RunId run, Operation operation, Actor actor) {
        handle.registerArrayType(String.class, "text")
                .createUpdate("""
                INSERT INTO pgcharter.run (id, verb, operation, person, environment, node, process, process_started, subjects)
                VALUES (:id, :verb, :operation, :person, :environment, :node, :process, :started, :subjects)""")
                .bindArray("subjects", String.class, Subjects.texts(operation))
                .bind("id", run.text())
                .bind("verb", operation.verb())
                .bind("operation", OperationText.of(operation))
                .bind("person", actor.person())
                .bind("environment", actor.environment().map(Object::toString).orElse(null))
                .bind("node", node.machine())
                .bind("process", node.process())
                .bind("started", node.startedAt().atOffset(ZoneOffset.UTC))
                .execute();
        if (operation.exclusive().isEmpty()) {
            return new Lease(Optional.empty(), 0);
        }
        String target = operation.exclusive().get();
        Optional<Long> token = handle.createQuery("""
                INSERT INTO pgcharter.lease AS held (target, token, run, expires_at)
                VALUES (:target, nextval('pgcharter.lease_token'), :run, clock_timestamp() + :seconds * interval '1 second')
                ON CONFLICT (target) DO UPDATE SET token = excluded.token, run = excluded.run, expires_at = excluded.expires_at
                WHERE held.expires_at < clock_timestamp()
                RETURNING token""")
                .bind("target", target)
                .bind("run", run.text())
                .bind("seconds", LEASE.toSeconds())
                .mapTo(Long.class)
                .findOne();
        return new Lease(Optional.of(target), token.orElseThrow(() -> busy(handle, target)));
    }

    private static ProblemException busy(Handle handle, String target) {
        String holder = handle.createQuery("""
                SELECT r.verb || ' (run ' || r.id || ') by ' || r.person || ' on ' || r.node || ' since '
                  || to_char(r.begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'
                FROM pgcharter.lease l JOIN pgcharter.run r ON r.id = l.run WHERE l.target = :target""")
                .bind("target", target)
                .mapTo(String.class)
                .findOne()
                .orElse("a run that has just ended");
        return new ProblemException(
                ProblemCode.TARGET_BUSY,
                "'" + target + "' is held by another run",
                holder,
                "wait until it has ended, or stop it with: pgcharter cancel RUN");
    }

    /// What a heartbeat learns.
    enum Pulse {
        GO_ON,
        CANCEL,
        LOST
    }

    /// Renews the run and its lease, and notes how far it is.
    Pulse beat(RunId run, Lease lease, List<RunStep> steps) {
        return jdbi.inTransaction(handle -> {
            Optional<Boolean> cancel = handle.createQuery("""
                    UPDATE pgcharter.run SET seen_at = clock_timestamp(), steps = :steps
                    WHERE id = :id AND ended_at IS NULL
                    RETURNING cancel_requested""")
                    .bind("id", run.text())
                    .bind("steps", OperationText.of(steps))
                    .mapTo(Boolean.class)
                    .findOne();
            if (cancel.isEmpty() || !renew(handle, lease)) {
                return Pulse.LOST;
            }
            return cancel.get() ? Pulse.CANCEL : Pulse.GO_ON;
        });
    }

    private static boolean renew(Handle handle, Lease lease) {
        return lease.target().isEmpty()
                || handle.createUpdate("""
                        UPDATE pgcharter.lease SET expires_at = clock_timestamp() + :seconds * interval '1 second'
                        WHERE target = :target AND token = :token""")
                                .bind("seconds", LEASE.toSeconds())
                                .bind("target", lease.target().get())
                                .bind("token", lease.token())
                                .execute()
                        == 1;
    }

    /// Ends the run and gives its lease back, in the caller's transaction.
    ///
    /// @return false if it was ended already
    boolean end(Handle handle, RunId run, Ending ending) {
        handle.createUpdate("DELETE FROM pgcharter.lease WHERE run = :id")
                .bind("id", run.text())
                .execute();
        return handle.createUpdate("""
                        UPDATE pgcharter.run
                        SET ended_at = clock_timestamp(), outcome = :outcome, ending = :ending, steps = coalesce(:steps, steps)
                        WHERE id = :id AND ended_at IS NULL""")
                        .bind("id", run.text())
                        .bind("outcome", ending.outcome())
                        .bind("ending", ending.text().length() <= ENDING_MAX ? ending.text() : null)
                        .bind("steps", ending.steps().map(OperationText::of).orElse(null))
                        .execute()
                == 1;
    }

    /// Whether the run was ended with this outcome.
    boolean isEnded(RunId run, Ending ending) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT FROM pgcharter.run WHERE id = :id AND outcome = :outcome)")
                .bind("id", run.text())
                .bind("outcome", ending.outcome())
                .mapTo(Boolean.class)
                .one());
    }

    /// @param outcome `done`, `failed` or `lost` @param text JSON of the report or the problem
    record Ending(String outcome, String text, Optional<List<RunStep>> steps) {}

    /// Asks a run, of whatever node, to stop.
    ///
    /// @return whether it was running
    boolean requestCancel(RunId run) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "UPDATE pgcharter.run SET cancel_requested = true WHERE id = :id AND ended_at IS NULL")
                        .bind("id", run.text())
                        .execute())
                == 1;
    }

    /// A run that never ended.
    record Lost(RunId run, String verb, String operation, String person, Optional<String> environment, Node node) {}

    /// Runs whose process on this machine is gone, or that no machine has renewed for three leases. Rows are
    /// locked for the caller's transaction; those another process is just looking at are left to it.
    List<Lost> lost(Handle handle) {
        return handle
                .createQuery("""
                SELECT id, verb, operation, person, environment, node, process, process_started,
                       seen_at < clock_timestamp() - 3 * :seconds * interval '1 second' AS silent
                FROM pgcharter.run WHERE ended_at IS NULL FOR UPDATE SKIP LOCKED""")
                .bind("seconds", LEASE.toSeconds())
                .map(row -> new Open(
                        new Lost(
                                new RunId(row.getColumn(1, String.class)),
                                row.getColumn(2, String.class),
                                row.getColumn(3, String.class),
                                row.getColumn(4, String.class),
                                Optional.ofNullable(row.getColumn(5, String.class)),
                                new Node(
                                        row.getColumn(6, String.class),
                                        row.getColumn(7, Long.class),
                                        row.getColumn(8, Instant.class))),
                        row.getColumn(9, Boolean.class)))
                .list()
                .stream()
                .filter(open -> open.silent()
                        || (open.lost().node().machine().equals(node.machine())
                                && !open.lost().node().lives()))
                .map(Open::lost)
                .toList();
    }

    private record Open(Lost lost, boolean silent) {}

    /// How often a run is renewed.
    static Duration heartbeat() {
        return LEASE.dividedBy(6);
    }

    /// How soon a control database that was away is asked again.
    static Duration again() {
        return Duration.ofMillis(500);
    }

    /// How long a run may go on without having reached the control database.
    static Duration patience() {
        return LEASE;
    }
}
