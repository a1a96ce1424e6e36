package io.pgcharter.engine.schedule;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Engine;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Decision;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/// Submits what a duty means, as anybody would: judged, journaled, under a lease.
final class Submitting {
    /// The person the journal names.
    static final String PERSON = "schedule";

    private final Charter charter;
    private final Engine engine;
    private final JobRuns runs;

    Submitting(Charter charter, Engine engine, JobRuns runs) {
        this.charter = charter;
        this.engine = engine;
        this.runs = runs;
    }

    /// Blocks until it has ended. The instant is claimed; its run is noted before it begins.
    Outcome submit(Duty duty, Instant due) {
        Asking asking = asking(duty);
        return switch (duty.work()) {
            case Duty.Work.Known(var operation) -> submit(operation, asking, duty, due);
            case Duty.Work.NewestProof proof -> {
                Outcome list = engine.submit(new Operation.Backups(proof.repository()), asking, Observer.none());
                if (!(list instanceof Outcome.Done(RunId run, Report.Backups backups))) {
                    yield list;
                }
                Optional<BackupId> newest = backups.backups().stream()
                        .filter(row -> row.database().equals(proof.database()))
                        .max(Comparator.comparing(Report.BackupRow::takenAt))
                        .map(Report.BackupRow::backup);
                yield newest.isPresent()
                        ? submit(
                                new Operation.Verify(newest.get(), proof.repository(), proof.database()),
                                asking,
                                duty,
                                due)
                        : new Outcome.Failed(run, nothingToProve(proof));
            }
        };
    }

    private Outcome submit(Operation operation, Asking asking, Duty duty, Instant due) {
        return engine.submit(operation, asking, new Noting(run -> runs.note(duty, due, run)));
    }

    private static Problem nothingToProve(Duty.Work.NewestProof proof) {
        return new Problem(
                ProblemCode.NOT_FOUND,
                "repository '" + proof.repository() + "' holds no backup of '" + proof.database() + "'",
                "none was taken, or all were forgotten",
                "pgcharter backup " + proof.database());
    }

    /// Whether it would still wait for approvals. Asks without a trace in the journal.
    boolean stillWaits(Duty duty) {
        return duty.work() instanceof Duty.Work.Known(var operation)
                && engine.explain(operation, asking(duty)) instanceof Decision.NeedsApproval;
    }

    /// What the engine knows of a run; after it has looked for runs whose process died.
    Optional<RunRow> run(String run) {
        Optional<RunRow> found = engine.history().find(new RunId(run));
        if (found.isPresent() && found.get().outcome().isEmpty()) {
            engine.recover();
            return engine.history().find(new RunId(run));
        }
        return found;
    }

    boolean isStopping() {
        return engine.isStopping();
    }

    private Asking asking(Duty duty) {
        boolean limited = charter.environments().values().stream()
                .anyMatch(environment -> environment.reaches().isPresent());
        Optional<EnvironmentName> from = duty.job()
                .from()
                .or(() -> limited
                        ? duty.source().map(name -> charter.database(name).environment())
                        : Optional.empty());
        return new Asking(new Actor(PERSON, from), duty.confirmation());
    }

    private record Noting(Consumer<RunId> note) implements Observer {
        @Override
        public void asked(RunId run) {
            note.accept(run);
        }

        @Override
        public void stepBegun(RunId run, int step, String name, long total, Unit unit) {}

        @Override
        public void stepMoved(RunId run, int step, long done) {}

        @Override
        public void stepEnded(RunId run, int step, long done) {}
    }
}
