package io.pgcharter.engine.schedule;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.state.DueQueue;
import io.pgcharter.platform.state.DueQueue.Next;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.schedule.Rhythm;
import io.pgcharter.policy.schedule.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles one duty whose time has come: decides what becomes of the instant, records it, says when to come again.
/// Each instant is ended once, whatever dies in between:
///
/// 1. it is claimed in `job_run`, and the run that will work for it is noted there before the run begins;
/// 2. the run ends in the engine's own transaction;
/// 3. the instant is ended, then the queue goes on to the next.
///
/// Who finds an instant claimed and not ended, and has it from the queue, asks the engine what became of its run: what
/// is done is not done again, what was lost is.
final class Handling {
    private static final Logger LOG = LoggerFactory.getLogger(Handling.class);

    /// What is not free now is asked for again after this.
    private static final Duration RETRY = Duration.ofMinutes(1);

    /// How soon one looks again at a run whose process may be dead.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    /// Work whose node died so often is not given to another one: it may be what kills them.
    private static final int ATTEMPTS_MAX = 3;

    /// Of the instants that nobody served, so many are recorded one by one: the newest.
    private static final int MISSED_MAX = 100;

    private final Submitting submitting;
    private final JobRuns runs;
    private final InstantSource clock;

    Handling(Submitting submitting, JobRuns runs, InstantSource clock) {
        this.submitting = submitting;
        this.runs = runs;
        this.clock = clock;
    }

    /// @param duty empty if this node's charter has no such job: another node's may
    Next handle(Optional<Duty> duty, DueQueue.Due due) {
        if (duty.isEmpty() || submitting.isStopping()) {
            return new Next.Again(clock.instant().plus(LOOK_AGAIN), due.data());
        }
        Marker marker = Marker.parse(due.data());
        return marker.origin().equals(duty.get().job().rhythm().text())
                ? handle(duty.get(), marker.due())
                : next(duty.get(), clock.instant());
    }

    private Next handle(Duty duty, Instant due) {
        Rhythm rhythm = duty.job().rhythm();
        List<Instant> later = rhythm.alsoDue(duty.key(), due, clock.instant(), MISSED_MAX);
        if (later.isEmpty()) {
            return turn(duty, due);
        }
        Instant newest = later.getLast();
        Optional<JobRun> begun =
                runs.find(duty, due).filter(run -> run.endedAt().isEmpty());
        if (begun.isPresent() && begun.get().outcome().equals("running")) {
            // Its node died meanwhile. What became of it comes first: the newer ones are looked at after that.
            return takeOver(duty, begun.get());
        }
        String when = rhythm.local(newest);
        runs.settle(
                duty,
                due,
                begun.isPresent() ? "skipped" : "missed",
                begun.flatMap(JobRun::reason).map(reason -> reason + "; then ").orElse("") + "the one of " + when
                        + " was due too");
        for (Instant missed : later.subList(0, later.size() - 1)) {
            runs.settle(duty, missed, "missed", "the one of " + when + " was due too");
        }
        return turn(duty, newest);
    }

    private Next turn(Duty duty, Instant due) {
        Optional<JobRun> begun = runs.find(duty, due);
        if (begun.isPresent() && begun.get().endedAt().isPresent()) {
            return next(duty, due);
        }
        if (begun.isPresent() && begun.get().outcome().equals("running")) {
            return takeOver(duty, begun.get());
        }
        if (begun.isPresent() && begun.get().run().isPresent() && submitting.stillWaits(duty)) {
            return again(duty, due, RETRY);
        }
        // What has waited is not late for it.
        return turn(duty, due, begun.isPresent() ? clock.instant() : due);
    }

    private Next turn(Duty duty, Instant due, Instant since) {
        return switch (duty.job().rhythm().judge(duty.key(), since, clock.instant())) {
            case Turn.Run() -> run(duty, due);
            case Turn.Wait(Instant until, String because) -> {
                runs.await(duty, due, because);
                yield new Next.Again(until, marker(duty, due));
            }
            case Turn.Skip(String because) -> settled(duty, due, "skipped", because);
            case Turn.Miss(String because) -> settled(duty, due, "missed", because);
        };
    }

    /// An instant that was claimed, and came back from the queue: the node that had it is dead, or has lost touch.
    private Next takeOver(Duty duty, JobRun begun) {
        Optional<RunRow> row = begun.run().flatMap(submitting::run);
        String outcome = row.isEmpty() ? "lost" : row.get().outcome().orElse("running");
        if (outcome.equals("running")) {
            return again(duty, begun.dueAt(), LOOK_AGAIN);
        }
        if (!outcome.equals("lost")) {
            return settled(duty, begun.dueAt(), outcome, "recorded late: " + begun.node() + " did not say so");
        }
        if (begun.attempt() >= ATTEMPTS_MAX) {
            return settled(
                    duty,
                    begun.dueAt(),
                    "failed",
                    "each of the " + ATTEMPTS_MAX + " nodes that worked on it died, the last one was " + begun.node());
        }
        LOG.warn("{}: {} died, its work is taken over", duty.key(), begun.node());
        return turn(duty, begun.dueAt(), clock.instant());
    }

    private Next run(Duty duty, Instant due) {
        if (!runs.claim(duty, due)) {
            return next(duty, due);
        }
        return switch (submitting.submit(duty, due)) {
            case Outcome.Done _ -> ended(duty, due, "done", Optional.empty());
            case Outcome.Failed(var _, Problem problem) -> failed(duty, due, problem);
            case Outcome.Waiting(var _, Decision.NeedsConfirmation confirmation, var _) ->
                ended(
                        duty,
                        due,
                        "refused",
                        Optional.of("nobody confirms it: write 'confirm: " + confirmation.name() + "' at the job"));
            case Outcome.Waiting(var _, Decision decision, Optional<String> request) -> {
                String asks = request.map(id -> ": pgcharter approve " + id).orElse("");
                runs.await(duty, due, decision.reasons().getFirst().text() + asks);
                yield again(duty, due, RETRY);
            }
            case Outcome.Refused(var _, var reasons) ->
                ended(
                        duty,
                        due,
                        "refused",
                        Optional.of(reasons.getFirst().text() + " ("
                                + reasons.getFirst().where() + ")"));
        };
    }

    private Next failed(Duty duty, Instant due, Problem problem) {
        boolean stopped = problem.code() == ProblemCode.CANCELLED && submitting.isStopping();
        boolean passing = problem.code() == ProblemCode.TARGET_BUSY || problem.code() == ProblemCode.LEASE_LOST;
        String reason = problem.code() + ": " + problem.fact();
        if (stopped || passing) {
            runs.await(duty, due, stopped ? "its node was stopped; it is run again" : reason);
            return stopped ? new Next.Again(clock.instant(), marker(duty, due)) : again(duty, due, RETRY);
        }
        return ended(duty, due, "failed", Optional.of(reason));
    }

    private Next ended(Duty duty, Instant due, String outcome, Optional<String> reason) {
        runs.end(duty, due, outcome, reason);
        return next(duty, due);
    }

    private Next settled(Duty duty, Instant due, String outcome, String reason) {
        runs.settle(duty, due, outcome, reason);
        return next(duty, due);
    }

    private Next again(Duty duty, Instant due, Duration pause) {
        return new Next.Again(clock.instant().plus(pause), marker(duty, due));
    }

    private static Next next(Duty duty, Instant after) {
        return after(duty, after).<Next>map(again -> again).orElseGet(Next.Never::new);
    }

    /// When the duty comes after `after`.
    static Optional<Next.Again> after(Duty duty, Instant after) {
        Rhythm rhythm = duty.job().rhythm();
        return rhythm.next(after).map(due -> new Next.Again(rhythm.begins(duty.key(), due), marker(duty, due)));
    }

    private static String marker(Duty duty, Instant due) {
        return new Marker(due, duty.job().rhythm().text()).text();
    }
}
