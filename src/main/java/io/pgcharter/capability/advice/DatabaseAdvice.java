package io.pgcharter.capability.advice;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Report.AdviceRow;
import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.MaintenancePlan;
import io.pgcharter.policy.guard.Permit;
import java.util.ArrayList;
import java.util.List;

/// Advice for one database. Thread-safe.
public final class DatabaseAdvice {
    private final Charter charter;
    private final Secrets secrets;

    public DatabaseAdvice(Charter charter, Secrets secrets) {
        this.charter = charter;
        this.secrets = secrets;
    }

    /// Every statement is bounded to 30 seconds, and waits 2 seconds for a lock.
    public Report.Advice run(Permit permit, Operation.Advice operation, Run run) {
        permit.consume(operation);
        PostgresUrl url = PostgresUrl.parse(
                secrets.resolve(charter.database(operation.database()).url()));
        MaintenancePlan.Server server =
                charter.serving().maintenance().of(operation.database()).server();
        List<AdviceRow> advice = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (Session session = Session.open(url, "advice");
                Run.Step step = run.begin("looking at statistics", 0, Run.Unit.ITEMS)) {
            session.execute("""
                    set statement_timeout = '30s'; set lock_timeout = '2s'; set search_path = '';
                    set default_transaction_read_only = on""");
            Trial trial = new Trial(session);
            notes.add(trial.note());
            run.check();
            new MissingIndexes(session, trial, run).advise(advice, notes);
            run.check();
            new NeedlessIndexes(session).advise(advice, notes);
            run.check();
            advice.addAll(new SettingsAdvice(ServerReadings.read(session), server).advice());
            step.add(advice.size());
        }
        return new Report.Advice(operation.database(), advice, notes);
    }
}
