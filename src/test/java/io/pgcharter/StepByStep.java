package io.pgcharter;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.cli.Cli;
import io.pgcharter.entry.cli.Shop;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.JournalLine;
import io.pgcharter.entry.corridor.Readings;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Decision;
import java.util.List;
import java.util.function.Consumer;

/// The program, which says on its standard error when a step begins: for tests that kill it right there.
final class StepByStep {
    private StepByStep() {}

    public static void main(String[] words) {
        Shop shop = Wiring.shop(System.getenv());
        Shop telling = new Shop(
                (file, secrets) -> new Telling(shop.corridors().open(file, secrets)),
                shop.clock(),
                shop.person(),
                shop.variables(),
                shop.home(),
                shop.binaries(),
                shop.witness());
        System.exit(new Cli(telling, Screen.ofProcess("", "", false)).run(words));
    }

    private record Telling(Corridor corridor) implements Corridor {
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
            return corridor.submit(operation, asking, new Begun(observer));
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
        public void close() {
            corridor.close();
        }
    }

    private record Begun(Observer observer) implements Observer {
        @Override
        public void stepBegun(RunId run, int step, String name, long total, Unit unit) {
            System.err.println(name + " …");
            observer.stepBegun(run, step, name, total, unit);
        }

        @Override
        public void stepMoved(RunId run, int step, long done) {
            observer.stepMoved(run, step, done);
        }

        @Override
        public void stepEnded(RunId run, int step, long done) {
            observer.stepEnded(run, step, done);
        }

        @Override
        public void warned(RunId run, String text) {
            observer.warned(run, text);
        }
    }
}
