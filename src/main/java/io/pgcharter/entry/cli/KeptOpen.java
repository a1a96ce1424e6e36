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
import java.util.List;
import java.util.function.Consumer;

/// A corridor that several commands of one process use in turn, so that the control database is not started and
/// stopped for each: closing it leaves it open.
record KeptOpen(Corridor corridor) implements Corridor {
    @Override
    public Charters.Reading reading() {
        return corridor.reading();
    }

    @Override
    public Charter charter() {
        return corridor.charter();
    }

    @Override
    public void expectSql() {
        corridor.expectSql();
    }

    @Override
    public Outcome submit(Operation operation, Asking asking, Observer observer) {
        return corridor.submit(operation, asking, observer);
    }

    @Override
    public Decision explain(Operation operation, Asking asking) {
        return corridor.explain(operation, asking);
    }

    @Override
    public List<JournalLine> journal(int count) {
        return corridor.journal(count);
    }

    @Override
    public List<JournalLine> journalBefore(long number, int count) {
        return corridor.journalBefore(number, count);
    }

    @Override
    public Readings readings() {
        return corridor.readings();
    }

    @Override
    public void serve(Consumer<String> announce) {
        corridor.serve(announce);
    }

    @Override
    public void cancelAll() {
        corridor.cancelAll();
    }

    @Override
    public void close() {}
}
