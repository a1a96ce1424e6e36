package io.pgcharter.policy.release;

import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.migration.Release.State;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import java.util.List;

/// Which step of a release follows which, and what one that nobody ended means. Pure: all it knows is the log, so
/// whoever takes a release up decides as the one who died would have.
///
/// ```
/// pinned → window → backup → told → closed → applied → verified → opened → watched → ended        RELEASED
///                                               │          │                  │
///                      back: stop ─────────────(┴──────────┴)──▶ reopened ──▶ (┴) reported         STOPPED
///                      back: down, backup ──▶ reclosed* → returned → compared → reopened → reported  ROLLED_BACK
/// ```
///
/// Before `applied` is begun nothing is changed: whoever takes it up begins with `pinned` again, for what was true
/// then may not be true now. What was begun after is taken again as it was, and each such step can be: `applied`
/// goes on by the history of migrations, `returned` counts what is left to undo. A way back that fails leaves the
/// release stuck: open, and closed to applications, until it is taken up again or abandoned.
public final class Course {
    private Course() {}

    /// One step as the log has it.
    public record Taken(Step step, Mark mark) {}

    /// What is to be done.
    public sealed interface Next {
        /// Take this step.
        record Take(Step step) implements Next {}

        /// The release is over.
        record End(State state) implements Next {}

        /// Nothing until it is taken up again.
        record Stay() implements Next {}
    }

    /// Where whoever takes a release up begins.
    ///
    /// @param log oldest first; empty for one that is new
    public static Next resume(List<Taken> log, Back back) {
        if (log.isEmpty() || !isApplied(log)) {
            return new Next.Take(Step.PINNED);
        }
        Taken last = log.getLast();
        return switch (last.mark()) {
            case BEGUN -> new Next.Take(last.step());
            case DONE -> after(log, back);
            case FAILED, HELD ->
                switch (last.step()) {
                    case RETURNED, COMPARED -> new Next.Take(Step.RETURNED);
                    // Whether it holds still, the history says.
                    case APPLIED ->
                        last.mark() == Mark.HELD && back != Back.BACKUP
                                ? new Next.Take(Step.APPLIED)
                                : after(log, back);
                    case PINNED,
                            WINDOW,
                            BACKUP,
                            TOLD,
                            CLOSED,
                            VERIFIED,
                            OPENED,
                            WATCHED,
                            ENDED,
                            RECLOSED,
                            REOPENED,
                            REPORTED -> after(log, back);
                };
        };
    }

    /// What follows the last step of the log, which has ended.
    public static Next after(List<Taken> log, Back back) {
        Taken last = log.getLast();
        return switch (last.mark()) {
            case BEGUN -> throw new IllegalArgumentException("it has not ended: " + last.step());
            case DONE -> afterDone(log);
            case FAILED, HELD -> afterTrouble(log, back);
        };
    }

    private static Next afterDone(List<Taken> log) {
        return switch (log.getLast().step()) {
            case PINNED -> new Next.Take(Step.WINDOW);
            case WINDOW -> new Next.Take(Step.BACKUP);
            case BACKUP -> new Next.Take(Step.TOLD);
            case TOLD -> new Next.Take(Step.CLOSED);
            case CLOSED -> new Next.Take(Step.APPLIED);
            case APPLIED -> new Next.Take(Step.VERIFIED);
            case VERIFIED -> new Next.Take(Step.OPENED);
            case OPENED -> new Next.Take(Step.WATCHED);
            case WATCHED -> new Next.Take(Step.ENDED);
            case ENDED -> new Next.End(State.RELEASED);
            case RECLOSED -> new Next.Take(Step.RETURNED);
            case RETURNED -> new Next.Take(Step.COMPARED);
            case COMPARED -> new Next.Take(Step.REOPENED);
            case REOPENED -> isApplied(log) ? new Next.Take(Step.REPORTED) : new Next.Stay();
            case REPORTED -> new Next.End(isReturned(log) ? State.ROLLED_BACK : State.STOPPED);
        };
    }

    private static Next afterTrouble(List<Taken> log, Back back) {
        Taken last = log.getLast();
        return switch (last.step()) {
            case PINNED, WINDOW, BACKUP, TOLD, CLOSED -> isClosed(log) ? new Next.Take(Step.REOPENED) : new Next.Stay();
            // What is half done is no ground for down migrations; a backup does not care.
            case APPLIED ->
                last.mark() == Mark.HELD && back != Back.BACKUP
                        ? new Next.Stay()
                        : new Next.Take(back == Back.STOP ? Step.REOPENED : Step.RETURNED);
            case VERIFIED -> new Next.Take(back == Back.STOP ? Step.REOPENED : Step.RETURNED);
            case WATCHED -> new Next.Take(back == Back.STOP ? Step.REPORTED : Step.RECLOSED);
            case OPENED, ENDED, RECLOSED, RETURNED, COMPARED, REOPENED, REPORTED -> new Next.Stay();
        };
    }

    private static boolean isApplied(List<Taken> log) {
        return log.stream().anyMatch(taken -> taken.step() == Step.APPLIED);
    }

    private static boolean isReturned(List<Taken> log) {
        return log.contains(new Taken(Step.COMPARED, Mark.DONE));
    }

    /// Whether applications may have been told to stay away.
    public static boolean isClosed(List<Taken> log) {
        boolean isClosed = false;
        for (Taken taken : log) {
            isClosed = switch (taken.step()) {
                // One that did not end may have been about to.
                case CLOSED, RECLOSED -> true;
                case OPENED, REOPENED -> isClosed && taken.mark() != Mark.DONE;
                case PINNED, WINDOW, BACKUP, TOLD, APPLIED, VERIFIED, WATCHED, ENDED, RETURNED, COMPARED, REPORTED ->
                    isClosed;
            };
        }
        return isClosed;
    }
}
