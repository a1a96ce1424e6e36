package io.pgcharter;

import io.pgcharter.entry.cli.Cli;
import io.pgcharter.entry.terminal.Screen;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command line: in this process, with what it printed, or in a process of its own that can be killed.
final class Console {
    private final Map<String, String> variables;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    Console(Map<String, String> variables, Path charter) {
        this.variables = new HashMap<>(variables);
        this.variables.put("PGCHARTER_CHARTER", charter.toString());
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
                200);
        return new Cli(Wiring.shop(variables), screen).run(words);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// Starts the command in a process of its own. Its progress comes on its standard error.
    Process start(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx320m",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dpgcharter.home=" + System.getProperty("pgcharter.home", ""),
                "-cp",
                System.getProperty("java.class.path"),
                "io.pgcharter.Main"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(variables);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills a process (SIGKILL) as soon as it says that it begins a step.
    ///
    /// @return what it had said
    static String killAt(Process process, String step) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.equals(step + " …")) {
                    process.destroyForcibly();
                    int unused = process.waitFor();
                    return said.toString();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("it never began '" + step + "': " + said);
    }
}
