package io.pgcharter.engine.engine;

import io.pgcharter.engine.journal.Anchors;
import io.pgcharter.engine.journal.Checkpoint;
import io.pgcharter.engine.journal.Journal;
import io.pgcharter.engine.journal.NewEntry;
import io.pgcharter.engine.journal.Step;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.state.State;
import io.pgcharter.policy.guard.Context;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Guard;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.guard.Reason;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// Runs operations. Thread-safe. See [Engine#submit].
public final class Engine {
    private final Parts parts;
    private final Jdbi jdbi;
    private final Runs runs;
    private final Approvals approvals;
    private final SecureRandom random = new SecureRandom();
    private final Map<RunId, LiveRun> live = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private Engine(Parts parts) {
        this.parts = parts;
        this.jdbi = parts.state().jdbi();
        this.runs = new Runs(jdbi, Runs.Node.current(parts.node()));
        this.approvals = new Approvals(jdbi);
    }

    /// What an engine is made of.
    ///
    /// @param anchors where checkpoints are copied to, by repository
    /// @param node name of this machine
    public record Parts(
            Guard guard,
            State state,
            Journal journal,
            Map<RepositoryName, Anchors> anchors,
            Work work,
            InstantSource clock,
            String node) {}

    /// Makes an engine and ends, as lost, the runs whose process died.
    ///
    /// @throws ProblemException `STATE_UNAVAILABLE`
    public static Engine open(Parts parts) {
        Engine engine = new Engine(parts);
        engine.recover();
        return engine;
    }

    /// Journals the wish, has the guard judge it, carries it out if allowed, journals the end. Blocks until then.
    ///
    /// A failure is an [Outcome.Failed]. If the journal cannot be written nothing runs: then, and only then, a
    /// `STATE_UNAVAILABLE` is thrown. A fault of our own is journaled and thrown.
    public Outcome submit(Operation operation, Asking asking, Observer observer) {
        return submit(new Wish(newRunId(), operation, asking, observer, Optional.empty()));
    }

    /// Makes what every operation needs and no engine: while one is built, it can be done beside.
    public static void prepare() {
        OperationText.prepare();
    }

    private Outcome submit(Wish wish) {
        wish.observer().asked(wish.run());
        try {
            journal(
                    wish,
                    Step.ASKED,
                    wish.whole()
                            .<Map<String, Object>>map(
                                    whole -> Map.of("part-of", whole.id().text()))
                            .orElse(Map.of()));
            Decision decision = decide(wish);
            journal(wish, Step.DECIDED, verdict(decision));
            Outcome outcome = follow(wish, decision);
            anchor(wish, outcome, parts.journal().checkpoint());
            return outcome;
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    /// What the guard would say now, with every reason. Does nothing else.
    public Decision explain(Operation operation, Asking asking) {
        try {
            return decide(operation, asking, List.of());
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    /// Asks every run of this process to stop at its next check. For good: [#isStopping].
    public void cancelAll() {
        stopping = true;
        live.values().forEach(LiveRun::cancel);
    }

    /// Whether this process ends: then a run that was cancelled was not cancelled by a person.
    public boolean isStopping() {
        return stopping;
    }

    /// The runs of all nodes, for reading.
    public RunHistory history() {
        return new RunHistory(jdbi, run -> Optional.ofNullable(live.get(run)).map(LiveRun::steps));
    }

    /// What waits for approval, for reading.
    public ApprovalInbox inbox() {
        return new ApprovalInbox(jdbi);
    }

    /// The journal, for reading.
    public Journal journal() {
        return parts.journal();
    }

    /// @param whole the run that this one is a part of
    private record Wish(RunId run, Operation operation, Asking asking, Observer observer, Optional<LiveRun> whole) {
        Actor actor() {
            return asking.actor();
        }
    }

    private Decision decide(Wish wish) {
        return decide(
                wish.operation(),
                wish.asking(),
                wish.whole().map(whole -> whole.approvals(now())).orElse(List.of()));
    }

    /// @param ofWhole what was agreed to for the run that it is a part of
    private Decision decide(Operation operation, Asking asking, List<Context.Approval> ofWhole) {
        Optional<Context.PendingRequest> request = operation instanceof Operation.Approve approve
                ? approvals.pending(approve.request())
                : Optional.empty();
        return parts.guard()
                .decide(
                        operation,
                        new Context(
                                asking.actor(),
                                asking.confirmation(),
                                Stream.concat(
                                                approvals
                                                        .given(
                                                                operation,
                                                                asking.actor().person())
                                                        .stream(),
                                                ofWhole.stream())
                                        .toList(),
                                request,
                                now()));
    }

    private Outcome follow(Wish wish, Decision decision) {
        return switch (decision) {
            case Decision.Allowed _ -> begin(wish);
            case Decision.NeedsConfirmation waits -> new Outcome.Waiting(wish.run(), waits, Optional.empty());
            case Decision.NeedsApproval waits ->
                new Outcome.Waiting(
                        wish.run(),
                        waits,
                        Optional.of(approvals.request(waits, wish.actor().person(), now())));
            case Decision.Denied denied -> new Outcome.Refused(wish.run(), denied.reasons());
        };
    }

    /// Takes the lease, judges again now that the target is held, and begins: all in one transaction with BEGUN.
    private Outcome begin(Wish wish) {
        Begun begun;
        try {
            begun = jdbi.inTransaction(handle -> {
                Runs.Lease lease = runs.begin(handle, wish.run(), wish.operation(), wish.actor());
                Decision decision = decide(wish);
                if (!(decision instanceof Decision.Allowed allowed)) {
                    handle.rollback();
                    return new Begun(Optional.empty(), lease, List.of(), decision);
                }
                List<Context.Approval> given = agreed(wish);
                approvals.use(handle, wish.operation(), wish.actor().person(), now());
                parts.journal().append(handle, entry(wish, Step.BEGUN, Map.of()));
                return new Begun(Optional.of(allowed.permit()), lease, given, decision);
            });
        } catch (ProblemException e) {
            return failed(wish, e.problem());
        }
        if (begun.permit().isEmpty()) {
            // What allowed it a moment ago is used up or out of date: this is the decision that counts.
            journal(wish, Step.DECIDED, verdict(begun.decision()));
            return follow(wish, begun.decision());
        }
        return carryOut(wish, begun.permit().get(), begun);
    }

    /// Carries out an operation as a part of a run.
    private Report part(Wish wish, LiveRun whole, Operation part) {
        Outcome outcome = submit(new Wish(newRunId(), part, wish.asking(), whole.partObserver(), Optional.of(whole)));
        return switch (outcome) {
            case Outcome.Done(var _, var report) -> report;
            case Outcome.Failed(var _, var problem) -> throw new ProblemException(problem);
            case Outcome.Refused(var _, var reasons) -> throw notAllowed(part, reasons);
            case Outcome.Waiting(var _, var decision, var _) -> throw notAllowed(part, decision.reasons());
        };
    }

    private static ProblemException notAllowed(Operation part, List<Reason> reasons) {
        return new ProblemException(
                ProblemCode.PART_REFUSED,
                "'" + part.verb() + "', a part of this run, was not allowed",
                reasons.getFirst().text() + " (" + reasons.getFirst().where() + ")",
                "see that the charter lets each part run: pgcharter explain, or run the parts by themselves");
    }

    /// @param agreed what was agreed to for this run
    private record Begun(Optional<Permit> permit, Runs.Lease lease, List<Context.Approval> agreed, Decision decision) {}

    /// What was agreed to for a run counts for its parts, for as long as it goes on: they are what was agreed to.
    private List<Context.Approval> agreed(Wish wish) {
        return Stream.concat(
                        approvals.given(wish.operation(), wish.actor().person()).stream(),
                        wish.whole().stream().flatMap(whole -> whole.approvals(now()).stream()))
                .toList();
    }

    private Outcome failed(Wish wish, Problem problem) {
        journal(wish, Step.ENDED, Map.of("outcome", "failed", "problem", problem));
        return new Outcome.Failed(wish.run(), problem);
    }

    private Outcome carryOut(Wish wish, Permit permit, Begun begun) {
        LiveRun run =
                new LiveRun(wish.run(), runs, begun.lease(), wish.observer(), (whole, part) -> part(wish, whole, part));
        run.agree(begun.agreed(), now());
        wish.whole().ifPresent(run::belongTo);
        live.put(wish.run(), run);
        wish.observer().begun(wish.run());
        Outcome outcome;
        Map<String, Object> ending;
        try (run) {
            Report report = work(wish, permit, run);
            outcome = new Outcome.Done(wish.run(), report);
            ending = Map.of("outcome", "done", "report", report);
        } catch (ProblemException e) {
            outcome = new Outcome.Failed(wish.run(), e.problem());
            ending = Map.of("outcome", "failed", "problem", e.problem());
        } catch (RuntimeException | Error bug) {
            end(wish, Map.of("outcome", "failed", "problem", fault(bug)), run.steps());
            throw bug;
        } finally {
            live.remove(wish.run());
        }
        // Outside of the try: if this fails, work that is done must not be journaled as failed. The next start ends the
        // run as lost then.
        end(wish, ending, run.steps());
        return outcome;
    }

    /// The engine does itself what is about runs, approvals and the journal; everything else is a capability's.
    private Report work(Wish wish, Permit permit, LiveRun run) {
        return switch (wish.operation()) {
            case Operation.Approve approve -> {
                permit.consume(approve);
                Approvals.Standing standing =
                        approvals.give(approve.request(), wish.actor().person(), now());
                yield new Report.Approve(approve.request(), standing.operation(), standing.given(), standing.needed());
            }
            case Operation.Cancel cancel -> {
                permit.consume(cancel);
                boolean wasRunning = runs.requestCancel(cancel.run());
                // A run of this very process need not wait for its next heartbeat to hear of it.
                Optional.ofNullable(live.get(cancel.run())).ifPresent(LiveRun::cancel);
                yield new Report.Cancel(cancel.run().text(), wasRunning);
            }
            case Operation.JournalVerify verify -> {
                permit.consume(verify);
                yield new AnchorReading(parts.anchors()).verify(parts.journal());
            }
            case AccessOperation _,
                    SchemaOperation _,
                    ServingOperation _,
                    Operation.Status _,
                    Operation.Backup _,
                    Operation.Backups _,
                    Operation.Restore _,
                    Operation.Verify _,
                    Operation.BackupPin _,
                    Operation.BackupUnpin _,
                    Operation.RetentionPlan _,
                    Operation.RetentionApply _,
                    Operation.RepositoryRepair _,
                    Operation.RepositoryPrune _,
                    Operation.RepositoryCopy _,
                    Operation.RepositoryKeyList _,
                    Operation.RepositoryKeyAdd _,
                    Operation.RepositoryKeyRemove _,
                    Operation.RepositoryKeyRotate _,
                    Operation.Health _,
                    Operation.Maintain _,
                    Operation.SessionsList _,
                    Operation.SessionsEnd _,
                    Operation.Advice _,
                    Operation.Queries _,
                    Operation.Pools _,
                    Operation.Copy _,
                    Operation.RepositoryInit _,
                    Operation.RepositoryList _,
                    Operation.RepositoryCheck _,
                    Operation.RepositoryForget _,
                    Operation.RepositoryStats _ -> parts.work().carryOut(permit, wish.operation(), run);
        };
    }

    /// Waits for a control database that is away as long as the run itself would have.
    private void end(Wish wish, Map<String, Object> details, List<RunStep> steps) {
        long begun = System.nanoTime();
        boolean isAgain = false;
        while (true) {
            try {
                // A connection that broke while it committed may have ended the run nevertheless.
                if (!isAgain || !runs.isEnded(wish.run(), ending(details, Optional.empty()))) {
                    endOnce(wish, details, steps);
                }
                return;
            } catch (JdbiException e) {
                // Whoever is interrupted cannot wait: the next start ends the run as lost then.
                if (!State.isAway(e)
                        || Thread.currentThread().isInterrupted()
                        || System.nanoTime() - begun > Runs.patience().toNanos()) {
                    throw e;
                }
                isAgain = true;
                LockSupport.parkNanos(Runs.again().toNanos());
            }
        }
    }

    private void endOnce(Wish wish, Map<String, Object> details, List<RunStep> steps) {
        jdbi.useTransaction(handle -> {
            Map<String, Object> ending = new LinkedHashMap<>(details);
            if (!runs.end(handle, wish.run(), ending(details, Optional.of(steps)))) {
                ending.put("late", "another process had ended the run as lost");
            }
            parts.journal().append(handle, entry(wish, Step.ENDED, ending));
        });
    }

    private static Runs.Ending ending(Map<String, Object> details, Optional<List<RunStep>> steps) {
        Map<String, Object> text = new LinkedHashMap<>(details);
        return new Runs.Ending(String.valueOf(text.remove("outcome")), OperationText.of(text), steps);
    }

    private static Problem fault(Throwable bug) {
        return new Problem(
                ProblemCode.INTERNAL,
                "pgcharter met a fault of its own",
                bug.getClass().getSimpleName(),
                "report it with the log of this command");
    }

    /// Copies the checkpoint, and the entries since the last copy, into the repository that was written.
    private void anchor(Wish wish, Outcome outcome, Checkpoint checkpoint) {
        if (!(outcome instanceof Outcome.Done)) {
            return;
        }
        for (RepositoryName repository : written(wish.operation())) {
            Anchors anchors = parts.anchors().get(repository);
            if (anchors == null) {
                continue;
            }
            try {
                anchors.write(checkpoint, first -> parts.journal().leaves(first, checkpoint.size()));
            } catch (ProblemException e) {
                // The work itself is done. That its record is not yet anchored is told here and by `journal verify`.
                wish.observer()
                        .warned(
                                wish.run(),
                                "the journal could not be anchored in " + repository + ": "
                                        + e.problem().fact());
            }
        }
    }

    private static List<RepositoryName> written(Operation operation) {
        return switch (operation) {
            case Operation.Backup backup -> backup.repositories();
            case Operation.Verify verify -> List.of(verify.repository());
            case Operation.BackupPin pin -> List.of(pin.repository());
            case Operation.BackupUnpin unpin -> List.of(unpin.repository());
            case Operation.RetentionApply apply -> List.of(apply.repository());
            case Operation.RepositoryForget forget -> List.of(forget.repository());
            case Operation.RepositoryInit init -> List.of(init.repository());
            case Operation.RepositoryRepair repair -> List.of(repair.repository());
            case Operation.RepositoryPrune prune -> List.of(prune.repository());
            case Operation.RepositoryCopy copy -> List.of(copy.to());
            case Operation.RepositoryKeyAdd add -> List.of(add.repository());
            case Operation.RepositoryKeyRemove remove -> List.of(remove.repository());
            case SchemaOperation _,
                    Operation.Status _,
                    Operation.Backups _,
                    Operation.Restore _,
                    Operation.Copy _,
                    Operation.Approve _,
                    Operation.Cancel _,
                    Operation.RetentionPlan _,
                    Operation.RepositoryList _,
                    Operation.RepositoryCheck _,
                    Operation.RepositoryKeyList _,
                    // The charter still names the password that no longer opens it.
                    Operation.RepositoryKeyRotate _,
                    Operation.RepositoryStats _,
                    Operation.Health _,
                    Operation.Maintain _,
                    Operation.SessionsList _,
                    Operation.SessionsEnd _,
                    Operation.Advice _,
                    Operation.Queries _,
                    Operation.Pools _,
                    ServingOperation _,
                    AccessOperation _,
                    Operation.JournalVerify _ -> List.of();
        };
    }

    /// Ends, as lost, the runs whose process died, of any node. What they had half done is not visible: nothing is,
    /// before its commit. A process that goes on for long calls this from time to time.
    public void recover() {
        try {
            jdbi.useTransaction(handle -> {
                for (Runs.Lost lost : runs.lost(handle)) {
                    Problem problem = new Problem(
                            ProblemCode.RUN_LOST,
                            "run " + lost.run() + " (" + lost.verb() + ") never ended",
                            "process " + lost.node().process() + " on "
                                    + lost.node().machine() + " died",
                            "see whether it was done just before: pgcharter status; if not, run it again: nothing half-done is"
                                    + " visible");
                    Map<String, Object> ending = Map.of("outcome", "lost", "problem", problem);
                    runs.end(handle, lost.run(), ending(ending, Optional.empty()));
                    Actor actor = new Actor(lost.person(), lost.environment().map(EnvironmentName::new));
                    parts.journal()
                            .append(
                                    handle,
                                    new NewEntry(
                                            Step.ENDED,
                                            lost.run(),
                                            lost.verb(),
                                            lost.operation(),
                                            actor,
                                            OperationText.of(ending)));
                }
            });
        } catch (JdbiException e) {
            throw unavailable(e);
        }
    }

    private void journal(Wish wish, Step step, Map<String, Object> details) {
        parts.journal().append(entry(wish, step, details));
    }

    private static NewEntry entry(Wish wish, Step step, Map<String, Object> details) {
        return new NewEntry(
                step,
                wish.run(),
                wish.operation().verb(),
                OperationText.of(wish.operation()),
                wish.actor(),
                OperationText.of(details));
    }

    private static ProblemException unavailable(JdbiException e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.STATE_UNAVAILABLE,
                        "the control database failed",
                        String.valueOf(e.getMessage()),
                        "see that it runs, then run the command again"),
                e);
    }

    private Instant now() {
        return parts.clock().instant();
    }

    private RunId newRunId() {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return new RunId(HexFormat.of().formatHex(bytes));
    }

    private static Map<String, Object> verdict(Decision decision) {
        String word = switch (decision) {
            case Decision.Allowed _ -> "allowed";
            case Decision.NeedsConfirmation _ -> "needs confirmation";
            case Decision.NeedsApproval _ -> "needs approval";
            case Decision.Denied _ -> "denied";
        };
        return Map.of("decision", word, "reasons", decision.reasons());
    }
}
