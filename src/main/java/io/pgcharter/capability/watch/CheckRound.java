package io.pgcharter.capability.watch;

import io.pgcharter.model.health.Reading;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.platform.metrics.Measurement;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.probe.Probe;
import io.pgcharter.platform.state.OwnWrites;
import io.pgcharter.platform.state.Samples;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.WatchPlan;
import io.pgcharter.policy.check.Check.Rhythm;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Checkbook.Judged;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Judges the checks of databases and notes the verdicts. Thread-safe.
final class CheckRound {
    private final Charter charter;
    private final Checkbook checkbook;
    private final Samples samples;
    private final OwnWrites ownWrites;
    private final Verdicts verdicts;
    private final InstantSource clock;
    private final Probe probe = new Probe();

    CheckRound(Charter charter, Checkbook checkbook, State state, InstantSource clock) {
        this.charter = charter;
        this.checkbook = checkbook;
        this.samples = new Samples(state);
        this.ownWrites = new OwnWrites(state);
        this.verdicts = new Verdicts(state);
        this.clock = clock;
    }

    /// Makes the checks of one rhythm.
    ///
    /// @param goOn throws if the watch is to end
    void judge(DatabaseName name, PostgresUrl url, Rhythm rhythm, Runnable goOn) {
        WatchPlan plan = charter.serving().watch();
        Declared declared = plan.declared(name);
        String subject = Measurement.subject(name);
        Reading reading = probe.read(
                url, checkbook.questions(plan.standards(), declared, Optional.of(rhythm)), Probe.Limits.STANDING, goOn);
        Instant now = clock.instant();
        Judged judged = checkbook.judge(
                reading,
                new Circumstances(
                        subject,
                        plan.standards(),
                        declared,
                        samples.of(subject),
                        now,
                        declared.quiet() && ownWrites.into(subject)),
                Optional.of(rhythm));
        samples.keep(subject, judged.samples());
        verdicts.enter(judged.verdicts());
    }

    /// What is said of no database; and forgets what is said of what the charter has no more.
    void installation() {
        verdicts.enter(List.of(checkbook.waivers(charter.serving().watch().standards(), clock.instant())));
        List<String> subjects = new ArrayList<>(List.of(Checkbook.INSTALLATION));
        charter.databases().keySet().forEach(name -> subjects.add(Measurement.subject(name)));
        charter.repositories().keySet().forEach(name -> subjects.add("repository/" + name));
        Standards standards = charter.serving().watch().standards();
        Set<String> checks = checkbook.ids().stream()
                .filter(check -> checkbook.isMade(check, standards))
                .collect(Collectors.toSet());
        int unused = verdicts.keepOnly(subjects, checks);
    }
}
