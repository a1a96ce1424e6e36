package io.pgcharter.platform.process;

import com.sun.security.auth.module.UnixSystem;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A program to run, with all it is given. Secrets go into the environment or a file, never into the arguments, which
/// every user of the machine can read.
///
/// @param words program (name or path) and arguments
/// @param environment added to our own
/// @param user the OS user to run it as; empty for our own. Another user needs us to be root
/// @param timeout after which it is killed
public record Program(List<String> words, Map<String, String> environment, Optional<String> user, Duration timeout) {
    /// The most a program's error output may be before its middle is dropped.
    private static final int ERROR_BYTES_MAX = 64 * 1024;

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);

    /// How long a program may take to end when it is asked to.
    private static final Duration ASKED_GRACE = Duration.ofSeconds(2);

    /// How long output may still come after a program was killed.
    private static final Duration KILL_GRACE = Duration.ofSeconds(10);

    public Program {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /// How a program ended.
    ///
    /// @param output all of its standard output, read as UTF-8
    /// @param errors its standard error, at most 64 KiB of its end
    public record Ended(int exitCode, String output, String errors) {
        /// The last lines of the error output, in one line, for a problem's cause.
        public String lastErrors() {
            List<String> lines = errors.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .takeWhile(line -> !line.contains("detail: Query was: ")) // pg_dump repeats its query, line by line
                    .toList();
            String last = String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
            return last.isEmpty() ? "it ended with exit code " + exitCode + " and said nothing" : last;
        }
    }

    /// Whether this process may run programs as another user.
    public static boolean isRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /// Runs the program to its end, with nothing on its standard input.
    ///
    /// @throws ProblemException `PROGRAM_MISSING` if it cannot be started, `TIMED_OUT` if it did not end in time
    public Ended run() {
        return run(() -> {});
    }

    /// As [#run()]; what `check` throws meanwhile ends the program.
    ///
    /// @param check asked several times a second whether to go on
    public Ended run(Runnable check) {
        Process process = start(ProcessBuilder.Redirect.PIPE);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> output =
                    readers.submit(() -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            Future<String> errors = readers.submit(() -> tail(process.getErrorStream()));
            process.getOutputStream().close();
            awaitEnd(process, check);
            return new Ended(process.exitValue(), output.get(), errors.get());
        } catch (IOException e) {
            throw new UncheckedIOException("the pipe to " + name() + " broke", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the output of " + name() + " could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name() + " ran", e);
        } finally {
            kill(process);
        }
    }

    private void awaitEnd(Process process, Runnable check) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            while (!process.waitFor(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                check.run();
                if (System.nanoTime() - begun > timeout.toNanos()) {
                    throw new ProblemException(
                            ProblemCode.TIMED_OUT,
                            "'" + name() + "' did not end within " + timeout.toSeconds() + " s",
                            "it was killed",
                            "see whether the machine or the server is overloaded, then run the command again");
                }
            }
        } finally {
            // Now, for its readers are waited for, and they read until it is gone.
            kill(process);
        }
    }

    /// Runs the program to its end and demands exit code 0.
    ///
    /// @throws ProblemException `PROGRAM_FAILED` with the last of its error output
    public Ended runOrThrow(String remedy) {
        Ended ended = run();
        if (ended.exitCode() != 0) {
            throw new ProblemException(
                    ProblemCode.PROGRAM_FAILED,
                    "'" + name() + "' ended with exit code " + ended.exitCode(),
                    ended.lastErrors(),
                    remedy);
        }
        return ended;
    }

    /// Starts the program and leaves it running; its output goes to `log`.
    public Process start(Path log) {
        return start(ProcessBuilder.Redirect.appendTo(log.toFile()));
    }

    private Process start(ProcessBuilder.Redirect output) {
        List<String> command = new ArrayList<>();
        user.ifPresent(name -> command.addAll(
                List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "--no-new-privs", "--")));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(new java.io.File("/"));
        builder.environment().putAll(environment);
        builder.redirectOutput(output).redirectError(output);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.PROGRAM_MISSING,
                            "'" + name() + "' cannot be started",
                            String.valueOf(e.getMessage()),
                            "install the package that has it, then run the command again"),
                    e);
        }
    }

    private String name() {
        return Path.of(words.getFirst()).getFileName().toString();
    }

    private static String tail(InputStream in) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            if (kept.size() + length > ERROR_BYTES_MAX) {
                byte[] all = kept.toByteArray();
                kept.reset();
                kept.write(all, all.length / 2, all.length - all.length / 2);
            }
            kept.write(buffer, 0, length);
        }
        return kept.toString(StandardCharsets.UTF_8);
    }

    /// First asks: a client that is asked to end, as `pg_dump`, has its server stop what it waits for. By its
    /// handle, for `Process.destroy` closes the pipes that are still being read.
    private static void kill(Process process) {
        if (!process.isAlive()) {
            return;
        }
        List<ProcessHandle> children = process.descendants().toList();
        try {
            process.toHandle().destroy();
            process.waitFor(ASKED_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            children.forEach(ProcessHandle::destroyForcibly);
            process.toHandle().destroyForcibly();
            process.waitFor(KILL_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
