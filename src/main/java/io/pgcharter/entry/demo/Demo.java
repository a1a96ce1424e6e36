package io.pgcharter.entry.demo;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/// The demonstration. Every action is a command that anybody could type; every claim is checked on what the engine
/// answered.
public final class Demo {
    private final Screen screen;
    private final CommandRunner commands;
    private final PostgresBinaries binaries;
    private final InstantSource clock;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    public Demo(Screen screen, CommandRunner commands, PostgresBinaries binaries, InstantSource clock) {
        this.screen = screen;
        this.commands = commands;
        this.binaries = binaries;
        this.clock = clock;
    }

    /// Stops before the next command. Callable from any thread.
    public void cancel() {
        cancelled.set(true);
    }

    /// @param charter of `examples/finatrades`
    /// @param keep leave the servers running
    /// @param release gives back what the commands hold open, before the servers are stopped
    /// @return whether every claim held
    public boolean run(Path charter, boolean keep, Runnable release) {
        Instant begun = clock.instant();
        DemoPlace place = DemoPlace.make(binaries);
        boolean kept = false;
        try {
            startServers(place);
            Map<String, String> variables = variables(place, charter);
            Story story = new Story(screen, this::command, clock, variables);
            Claims claims = story.tell(place);
            screen.line("");
            claims.show(screen);
            screen.line("everything took "
                    + Figures.duration(Duration.between(begun, clock.instant()).toMillis()));
            if (keep) {
                sayHowToGoOn(place, variables, charter);
                kept = true;
            }
            return claims.allHeld();
        } finally {
            release.run();
            if (!kept) {
                place.destroy();
            }
        }
    }

    private int command(Map<String, String> variables, BiConsumer<Operation, Outcome> witness, List<String> words) {
        stopIfCancelled();
        int code = commands.run(variables, witness, words);
        stopIfCancelled();
        return code;
    }

    private void stopIfCancelled() {
        if (cancelled.get()) {
            throw new ProblemException(
                    ProblemCode.CANCELLED, "the demonstration was stopped", "a person asked to", "pgcharter demo");
        }
    }

    private void startServers(DemoPlace place) {
        screen.line(Tone.STRONG, "Three private PostgreSQL servers in " + place.directory());
        for (String name : new String[] {"production", "development", "backup"}) {
            stopIfCancelled();
            place.start(name);
        }
        PaymentsApplication.fillDevelopment(place.url("development"));
        PostgresUrl production = place.url("production");
        PaymentsApplication.fillProduction(production);
        screen.line("production holds " + Figures.count(PaymentsApplication.rows(production), "row")
                + " of payments data, development a handful, backup nothing yet");
    }

    private static Map<String, String> variables(DemoPlace place, Path charter) {
        Path here = Path.of("").toAbsolutePath();
        Path shown = charter.startsWith(here) ? here.relativize(charter) : charter;
        Map<String, String> variables = new LinkedHashMap<>(place.variables());
        variables.put("PGCHARTER_CHARTER", shown.toString());
        return variables;
    }

    private void sayHowToGoOn(DemoPlace place, Map<String, String> variables, Path charter) {
        Map<String, String> anywhere = new LinkedHashMap<>(variables);
        anywhere.put("PGCHARTER_CHARTER", charter.toAbsolutePath().toString());
        place.writeScripts(anywhere);
        screen.line("");
        screen.line(Tone.STRONG, "The servers stay. To go on:");
        screen.line("  source " + place.directory() + "/environment");
        screen.line("  ./pgcharter status --as backup");
        screen.line("  ./pgcharter backups --as backup");
        screen.line("To stop them and delete everything:");
        screen.line("  sh " + place.directory() + "/end.sh");
    }
}
