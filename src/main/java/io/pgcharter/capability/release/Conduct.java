package io.pgcharter.capability.release;

import io.pgcharter.model.migration.Release;
import io.pgcharter.model.migration.Release.Entry;
import io.pgcharter.model.migration.Release.Mark;
import io.pgcharter.model.migration.Release.State;
import io.pgcharter.model.migration.Release.Step;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.state.Releases;
import io.pgcharter.policy.charter.ReleasePlan.Back;
import io.pgcharter.policy.release.Course;
import io.pgcharter.policy.release.Course.Next;
import io.pgcharter.policy.release.Course.Taken;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes one step of a release after another, each written down before it is begun and when it has ended, until it is
/// over or waits. Which comes next, [Course] says. Used by one thread.
final class Conduct {
    private static final Set<ProblemCode> OF_THE_RUN = EnumSet.of(
            ProblemCode.CANCELLED, ProblemCode.LEASE_LOST, ProblemCode.STATE_UNAVAILABLE, ProblemCode.RELEASE_CHANGED);

    /// Who has lost these cannot say anything of the release any more.
    private static final Set<ProblemCode> LOST = EnumSet.of(ProblemCode.LEASE_LOST, ProblemCode.STATE_UNAVAILABLE);

    private final Pinning pinning;
    private final Steps steps;
    private final Releases releases;
    private final Back back;
    private final InstantSource clock;
    private final Run run;
    private @Nullable Release release;
    private @Nullable ProblemException trouble;

    Conduct(Pinning pinning, Steps steps, Releases releases, Back back, InstantSource clock, Run run) {
        this.pinning = pinning;
        this.steps = steps;
        this.releases = releases;
        this.back = back;
        this.clock = clock;
        this.run = run;
    }

    /// Carries on the release that is open, or begins one.
    ///
    /// @return what became of it; empty if nothing was to be released
    /// @throws ProblemException why it waits, is stuck, or went back
    Optional<Release> go(Optional<Release> open) {
        release = open.orElse(null);
        Next next = Course.resume(taken(), back);
        while (true) {
            switch (next) {
                case Next.Take(Step step) -> {
                    if (step == Step.PINNED && !pin()) {
                        return Optional.empty();
                    }
                    if (step != Step.PINNED) {
                        take(step);
                    }
                    next = Course.after(taken(), back);
                }
                case Next.End(State state) -> {
                    return Optional.of(conclude(state));
                }
                case Next.Stay _ -> throw waits();
            }
        }
    }

    private List<Taken> taken() {
        Release known = release;
        return known == null
                ? List.of()
                : known.log().stream()
                        .map(entry -> new Taken(entry.step(), entry.mark()))
                        .toList();
    }

    private Release known() {
        Release known = release;
        if (known == null) {
            throw new IllegalStateException("there is no release yet");
        }
        return known;
    }

    /// Begins a release, or goes on with one of which nothing is applied, if what is due is what it was then.
    ///
    /// @return whether anything is due
    private boolean pin() {
        Release before = release;
        run.fence();
        Optional<Pinning.Pinned> pinned;
        try (Run.Step _ = run.begin("looking at what is due", 0, Run.Unit.ITEMS)) {
            pinned = pinning.check(run);
        } catch (ProblemException e) {
            if (before == null || isOfTheRun(e)) {
                giveWay(e);
                throw e;
            }
            trouble = e;
            enter(Step.PINNED, Ended.failed(Mark.FAILED, e.problem()));
            return true;
        }
        if (before != null
                && pinned.filter(now -> now.pin().equals(before.pin())).isPresent()) {
            enter(Step.PINNED, Ended.done(pinned.get().evidence()));
            return true;
        }
        if (before != null) {
            releases.conclude(before.id(), State.ABANDONED);
        }
        pinned.ifPresent(this::begin);
        return pinned.isPresent();
    }

    private void begin(Pinning.Pinned pinned) {
        Release fresh = new Release(
                run.id().text(),
                pinning.database(),
                pinned.pin(),
                pinned.migrations(),
                pinned.before(),
                pinned.after(),
                clock.instant(),
                State.OPEN,
                false,
                List.of(new Entry(
                        1, Step.PINNED, Mark.DONE, run.id(), clock.instant(), Optional.empty(), pinned.evidence())));
        releases.enter(fresh);
        again();
    }

    private void enter(Step step, Ended ended) {
        int number = known().last().number() + 1;
        releases.begin(known().id(), number, step, run.id());
        releases.end(known().id(), number, ended.mark(), ended.evidence(), ended.closes());
        again();
    }

    private void again() {
        release = releases.open(pinning.database())
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.RELEASE_CHANGED,
                        "the release of '" + pinning.database() + "' was ended by somebody else",
                        "it was abandoned while it went on",
                        "pgcharter migrate status " + pinning.database()));
    }

    private void take(Step step) {
        boolean isBegun = false;
        try {
            run.fence();
            int number = known().last().number() + 1;
            releases.begin(known().id(), number, step, run.id());
            isBegun = true;
            Ended ended = ended(step);
            run.fence();
            releases.end(known().id(), number, ended.mark(), ended.evidence(), ended.closes());
        } catch (ProblemException e) {
            if (isOfTheRun(e) && (step.isPreparation() || !isBegun)) {
                giveWay(e);
            }
            throw e;
        }
        again();
    }

    private Ended ended(Step step) {
        try (Run.Step _ = run.begin(words(step), 0, Run.Unit.ITEMS)) {
            return steps.take(step, known(), run);
        } catch (ProblemException e) {
            if (isOfTheRun(e)) {
                throw e;
            }
            trouble = e;
            return Ended.failed(Mark.FAILED, e.problem());
        }
    }

    /// What ends this run, but is nobody's fault: the release stands where it stood.
    static boolean isOfTheRun(ProblemException e) {
        return OF_THE_RUN.contains(e.problem().code());
    }

    /// Whoever is cancelled before anything is applied leaves the doors open.
    private void giveWay(ProblemException e) {
        if (release != null
                && !known().isApplied()
                && !LOST.contains(e.problem().code())) {
            releases.reopen(known().id());
        }
    }

    private Release conclude(State state) {
        run.fence();
        Release over = known();
        releases.conclude(over.id(), state);
        return switch (state) {
            case RELEASED -> over;
            case ROLLED_BACK ->
                throw wrong(
                        ProblemCode.RELEASE_ROLLED_BACK,
                        "release " + over.id() + " of '" + over.database() + "' was rolled back",
                        "the database is as it was before; mend what went wrong, then rehearse and release again");
            case STOPPED ->
                throw wrong(
                        ProblemCode.RELEASE_STOPPED,
                        "release " + over.id() + " of '" + over.database() + "' went wrong, and has stopped",
                        "the charter has the database left as it is (back: stop): pgcharter migrate status "
                                + over.database());
            case OPEN, ABANDONED -> throw new IllegalStateException("a course ends elsewhere: " + state);
        };
    }

    private ProblemException waits() {
        Release waiting = known();
        if (!waiting.isApplied() && trouble != null) {
            return trouble;
        }
        boolean isHeld = waiting.last().mark() == Mark.HELD;
        String health = waiting.isClosed() ? "; /health/" + waiting.database() + " keeps saying 503" : "";
        return wrong(
                ProblemCode.RELEASE_STUCK,
                "release " + waiting.id() + " of '" + waiting.database() + "' is stuck at '"
                        + waiting.last().step().word() + "'" + health,
                isHeld
                        ? "pgcharter migrate status " + waiting.database()
                                + ", settle what is half done with 'pgcharter migrate resolve', then: pgcharter release "
                                + waiting.database()
                        : "mend what keeps it from going back, then: pgcharter release " + waiting.database()
                                + "; or, once you have seen to the database yourself: pgcharter release "
                                + waiting.database() + " --abandon");
    }

    /// With why: the first trouble, and the last if that is another one.
    private ProblemException wrong(ProblemCode code, String fact, String remedy) {
        Release known = known();
        String cause = trouble(known).map(Conduct::said).orElse("nobody wrote down why");
        Entry last = known.last();
        boolean isAnother = last.mark() != Mark.DONE && !Optional.of(last).equals(trouble(known));
        return new ProblemException(code, fact, cause + (isAnother ? ". Then, " + said(last) : ""), remedy);
    }

    private static String said(Entry entry) {
        return "at '" + entry.step().word() + "': " + entry.evidence().getOrDefault("fact", "it ended without a word")
                + " (" + entry.evidence().getOrDefault("cause", "") + ")";
    }

    /// What went wrong first, after something was begun to be applied.
    static Optional<Entry> trouble(Release release) {
        return release.log().stream()
                .filter(entry -> !entry.step().isPreparation())
                .filter(entry -> entry.mark() == Mark.FAILED || entry.mark() == Mark.HELD)
                .findFirst();
    }

    private static String words(Step step) {
        return switch (step) {
            case PINNED -> "looking at what is due";
            case WINDOW -> "looking at the window";
            case BACKUP -> "looking for a backup";
            case TOLD -> "telling receivers that it begins";
            case CLOSED -> "closing";
            case APPLIED -> "applying";
            case VERIFIED -> "comparing with the rehearsal";
            case OPENED -> "opening";
            case WATCHED -> "watching";
            case ENDED -> "telling receivers that it is done";
            case RECLOSED -> "closing again";
            case RETURNED -> "going back";
            case COMPARED -> "comparing with what was before";
            case REOPENED -> "opening again";
            case REPORTED -> "telling receivers that it went wrong";
        };
    }
}
