package io.pgcharter.capability.health;

import io.pgcharter.model.health.Reading;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.probe.Probe;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.state.OwnWrites;
import io.pgcharter.platform.state.Samples;
import io.pgcharter.platform.state.State;
import io.pgcharter.platform.state.Verdicts;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Checkbook.Judged;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes every check of a database once, now. Thread-safe.
public final class HealthReading {
    private final Charter charter;
    private final Secrets secrets;
    private final Checkbook checkbook;
    private final Samples samples;
    private final OwnWrites ownWrites;
    private final Verdicts verdicts;
    private final EstateReading estate;
    private final Probe probe = new Probe();

    public HealthReading(Charter charter, Secrets secrets, Checkbook checkbook, State state, EstateReading estate) {
        this.charter = charter;
        this.secrets = secrets;
        this.checkbook = checkbook;
        this.samples = new Samples(state);
        this.ownWrites = new OwnWrites(state);
        this.verdicts = new Verdicts(state);
        this.estate = estate;
    }

    /// A database that cannot be reached is a report that says so, not a failure.
    ///
    /// @throws ProblemException `SECRET_UNRESOLVED`, `CHARTER_INVALID` for a URL that cannot be read, `CANCELLED`
    public Report.Health run(Permit permit, Operation.Health operation, Run run) {
        permit.consume(operation);
        List<Verdict> judged =
                operation.database().map(database -> database(database, run)).orElseGet(() -> installation(run));
        verdicts.enter(judged);
        return new Report.Health(
                operation.database(), judged.stream().map(this::row).toList());
    }

    private List<Verdict> database(DatabaseName name, Run run) {
        String subject = "database/" + name;
        Standards standards = standards();
        Declared declared = charter.serving().watch().declared(name);
        PostgresUrl url =
                PostgresUrl.parse(secrets.resolve(charter.database(name).url()));
        Reading reading = probe.read(
                url, checkbook.questions(standards, declared, Optional.empty()), Probe.Limits.ONCE, run::check);
        Judged judged = checkbook.judge(
                reading,
                new Circumstances(
                        subject,
                        standards,
                        declared,
                        samples.of(subject),
                        estate.now(),
                        declared.quiet() && ownWrites.into(subject)),
                Optional.empty());
        samples.keep(subject, judged.samples());
        estate.refresh(Duration.ZERO, run::check);
        return Stream.concat(judged.verdicts().stream(), estate.database(name).stream())
                .toList();
    }

    private List<Verdict> installation(Run run) {
        estate.refresh(Duration.ZERO, run::check);
        return Stream.concat(Stream.of(checkbook.waivers(standards(), estate.now())), estate.installation().stream())
                .toList();
    }

    private Standards standards() {
        return charter.serving().watch().standards();
    }

    private Report.Checked row(Verdict verdict) {
        return new Report.Checked(
                verdict.check(),
                checkbook.check(verdict.check()).title(),
                verdict.subject(),
                verdict.level(),
                verdict.message(),
                verdict.findings(),
                verdict.value(),
                checkbook.check(verdict.check()).remedy());
    }
}
