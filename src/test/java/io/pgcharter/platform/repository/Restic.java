package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Stock restic on a repository. A machine without it fails the tests that use it.
public record Restic(Path repository, String password) {
    /// Runs restic and returns what it prints; any other exit code than 0 fails the test.
    public String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("restic", "--no-cache", "-r", repository.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", password);
        // Times are to be understood wherever restic runs.
        builder.environment().put("TZ", "Asia/Kolkata");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + output).isZero();
        return output;
    }

    /// Starts restic; its standard input is the caller's to close.
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("restic", "--no-cache", "-r", repository.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("RESTIC_PASSWORD", password);
        return builder.start();
    }

    void check() throws IOException, InterruptedException {
        assertThat(run("check", "--read-data")).contains("no errors were found");
    }
}
