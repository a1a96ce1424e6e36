package io.pgcharter.entry.cli;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Decision;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// An engine whose answers a test writes down beforehand.
final class FakeCorridor implements Corridor {
    static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              development: {}
            databases:
              payments: { environment: production, url: "${env:PAY}" }
              payments-dev: { environment: development, url: "${env:DEV}" }
            repositories:
              onsite: { path: /srv/onsite, password: "${env:PW}" }
              offsite: { path: /srv/offsite, password: "${env:PW}" }
            backups:
              payments: { to: [onsite, offsite] }
            flows:
              - { from: production, to: development, what: schema, rule: confirm }
            """;

    final List<Operation> submitted = Collections.synchronizedList(new ArrayList<>());
    final List<Asking> askings = Collections.synchronizedList(new ArrayList<>());
    private final BiFunction<Operation, Asking, Outcome> answers;
    private final BiFunction<Operation, Asking, Decision> decisions;

    FakeCorridor(BiFunction<Operation, Asking, Outcome> answers, BiFunction<Operation, Asking, Decision> decisions) {
        this.answers = answers;
        this.decisions = decisions;
    }

    @Override
    public Charters.Reading reading() {
        return Charters.parse(CHARTER, "charter.yaml", Path.of("/etc"));
    }

    @Override
    public Charter charter() {
        return switch (reading()) {
            case Charters.Parsed(Charter charter, var _) -> charter;
            case Charters.Rejected rejected -> throw new IllegalStateException(rejected.toString());
        };
    }

    @Override
    public void expectSql() {
        // Answers are written down beforehand.
    }

    @Override
    public Outcome submit(Operation operation, Asking asking, Observer observer) {
        submitted.add(operation);
        askings.add(asking);
        return answers.apply(operation, asking);
    }

    @Override
    public Decision explain(Operation operation, Asking asking) {
        askings.add(asking);
        return decisions.apply(operation, asking);
    }

    @Override
    public List<JournalLine> journal(int count) {
        List<JournalLine> lines = List.of(
                line(0, "000000000001", "backup", "payments onsite"),
                line(1, "000000000002", "copy", "payments payments-dev"),
                line(2, "000000000003", "backup", "payments onsite"));
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    @Override
    public List<JournalLine> journalBefore(long number, int count) {
        throw new UnsupportedOperationException("no command asks for it");
    }

    private static JournalLine line(long number, String run, String verb, String target) {
        return new JournalLine(number, Instant.EPOCH, "ASKED", run, "ada", verb, target, "");
    }

    @Override
    public Readings readings() {
        throw new UnsupportedOperationException("no control database here");
    }

    @Override
    public void serve(Consumer<String> announce) {
        announce.accept("serving");
    }

    @Override
    public void cancelAll() {}

    @Override
    public void close() {}
}
