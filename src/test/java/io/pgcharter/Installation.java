package io.pgcharter;

import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The program as it is built and started, in a directory of its own that every OS user can read: launcher, jar,
/// libraries, examples. For tests that must see processes: exit codes, signals, terminals, persons.
final class Installation {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path CHECKOUT =
            Path.of(System.getProperty("pgcharter.home", ".")).toAbsolutePath();

    private static @Nullable Path shared;

    private final Path home;
    private final Map<String, String> variables = new HashMap<>();

    private Installation(Path home) {
        this.home = home;
        variables.put("JAVA_HOME", System.getProperty("java.home"));
    }

    /// One that the test may change.
    static Installation fresh() {
        Installation installation = new Installation(TestServers.directory());
        installation.make();
        return installation;
    }

    /// One for all tests, trained as the launcher does after a build; the variables are the caller's own.
    static synchronized Installation shared() {
        if (shared == null) {
            Installation first = fresh();
            first.train();
            shared = first.home;
        }
        return new Installation(shared);
    }

    private void make() {
        try {
            copy(CHECKOUT.resolve("pgcharter"), home.resolve("pgcharter"));
            copy(CHECKOUT.resolve("examples"), home.resolve("examples"));
            copy(CHECKOUT.resolve("target/lib"), home.resolve("target/lib"));
            Files.setPosixFilePermissions(home.resolve("pgcharter"), PosixFilePermissions.fromString("rwxr-xr-x"));
            Path classes = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            pack(classes, home.resolve("target/pgcharter.jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void train() {
        new Program(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-XX:AOTCacheOutput=" + home.resolve("target/help.aot"),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                home.resolve("target/pgcharter.jar").toString(),
                                Main.class.getName(),
                                "status",
                                "--help"),
                        Map.of(),
                        Optional.empty(),
                        PATIENCE)
                .runOrThrow("look at the output");
        new Program(
                        List.of("chmod", "a+r", home.resolve("target/help.aot").toString()),
                        Map.of(),
                        Optional.empty(),
                        PATIENCE)
                .runOrThrow("look at the output");
    }

    /// How a command ended.
    record Ran(int code, String out, String err) {}

    Path home() {
        return home;
    }

    /// Environment variables of every command.
    Map<String, String> variables() {
        return variables;
    }

    Ran run(String... words) {
        return run(Optional.empty(), Map.of(), command(words));
    }

    /// Runs the command as another OS user, who has a state directory of their own; needs root.
    Ran runAs(String person, Path stateDirectory, String... words) {
        return run(
                Optional.of(person),
                Map.of("PGCHARTER_STATE_DIRECTORY", stateDirectory.toString(), "HOME", stateDirectory.toString()),
                command(words));
    }

    /// Runs the command on a pseudo-terminal of that width; all it shows is the output.
    Ran runOnTerminal(int columns, String... words) {
        String command = "stty rows 50 cols " + columns + "; exec "
                + command(words).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return run(Optional.empty(), Map.of("TERM", "xterm"), List.of("script", "-qefc", command, "/dev/null"));
    }

    /// Starts the command, which a signal may interrupt whatever the shell above has set; its output goes to `log`.
    Process start(Path log, String... words) {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(command(words));
        return new Program(command, variables, Optional.empty(), PATIENCE).start(log);
    }

    static void interrupt(Process process) {
        new Program(List.of("kill", "-INT", "" + process.pid()), Map.of(), Optional.empty(), PATIENCE)
                .runOrThrow("look whether it still runs");
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(home.resolve("pgcharter").toString()));
        command.addAll(List.of(words));
        return command;
    }

    private Ran run(Optional<String> user, Map<String, String> more, List<String> command) {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(more);
        Program.Ended ended = new Program(command, all, user, PATIENCE).run();
        return new Ran(ended.exitCode(), ended.output(), ended.errors());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, file.equals(from) ? to : copy);
                }
            }
        }
    }

    private void pack(Path classes, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (Stream<Path> libraries = Files.list(home.resolve("target/lib"))) {
            manifest.getMainAttributes()
                    .put(
                            Attributes.Name.CLASS_PATH,
                            libraries
                                    .map(library -> "lib/" + library.getFileName())
                                    .collect(Collectors.joining(" ")));
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> files = Files.walk(classes)) {
            out.setLevel(1);
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
            }
        }
    }
}
