package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.entry.cli.Cli;
import io.pgcharter.entry.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commands that nobody watches, each with the whole program behind it: in this process, or in one that can be killed.
final class Commands {
    private final Map<String, String> variables;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    Commands(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /// @return the exit code
    int run(String... words) {
        out.reset();
        err.reset();
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Optional.empty(),
                false,
                false,
                false,
                100);
        return new Cli(Wiring.shop(variables), screen).run(words);
    }

    /// Runs what must end with exit code 0.
    void done(String... words) {
        assertThat(run(words))
                .as(() -> String.join(" ", words) + "\n" + printed())
                .isZero();
    }

    /// Runs what the charter must refuse.
    ///
    /// @return what it prints
    String refused(String... words) {
        return ends(3, words);
    }

    /// Runs what must end with an exit code.
    ///
    /// @return what it prints
    String ends(int code, String... words) {
        assertThat(run(words))
                .as(() -> String.join(" ", words) + "\n" + printed())
                .isEqualTo(code);
        return printed();
    }

    /// What the command prints with `--json`.
    JsonNode json(String... words) {
        run(words);
        return JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
    }

    /// All that the last command printed, on both streams.
    String printed() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    /// Starts a command in a process of its own.
    ChildJvm start(String... words) {
        return ChildJvm.start(Main.class, variables, words);
    }
}
