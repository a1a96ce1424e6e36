package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher: which JDK it takes, and what it says.
class LauncherIT {
    private final Installation installation = Installation.fresh();

    private static void fakeJdk(Path home, String version) throws IOException {
        fakeJdk(home, version, "echo the wrong java\nexit 99");
    }

    private static void fakeJdk(Path home, String version, String java) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\n" + java + "\n");
        assertThat(home.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    }

    private void assertRuns() {
        Installation.Ran ran = installation.run("check", "--help");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("Usage: pgcharter check [OPTIONS]\n");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void a_java_home_that_is_wrong_or_older_is_passed_over(@TempDir Path jdks) throws IOException {
        Path right = Path.of(System.getProperty("java.home"));
        fakeJdk(jdks.resolve("17"), "17.0.9");
        Path path = jdks.resolve("path");
        Files.createDirectories(path);
        Files.createSymbolicLink(path.resolve("java"), right.resolve("bin/java"));
        installation.variables().put("PATH", path + ":" + System.getenv("PATH"));
        for (Path wrong : new Path[] {jdks.resolve("nowhere"), jdks.resolve("17"), jdks}) {
            installation.variables().put("JAVA_HOME", wrong.toString());
            assertRuns();
        }
        installation.variables().put("PATH", jdks.resolve("17/bin") + ":" + System.getenv("PATH"));
        installation.variables().put("JAVA_HOME", right.toString());
        assertRuns();
    }

    @Test
    void without_a_jdk_25_it_says_what_to_install(@TempDir Path jdks) throws IOException {
        fakeJdk(jdks.resolve("17"), "17.0.9");
        Path launcher = installation.home().resolve("pgcharter");
        // As on a machine where Debian's directory has none.
        Files.writeString(launcher, Files.readString(launcher).replace("/usr/lib/jvm/*25*", jdks + "/*25*"));
        installation
                .variables()
                .putAll(Map.of(
                        "JAVA_HOME", jdks.resolve("17").toString(), "PATH", jdks.resolve("17/bin") + ":/usr/bin:/bin"));

        Installation.Ran ran = installation.run("status");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .isEqualTo("pgcharter needs a JDK 25: apt install openjdk-25-jdk, or Temurin 25 from"
                        + " https://adoptium.net (then set JAVA_HOME)\n");
    }

    /// Without it, reading a whole repository takes four times as long.
    @Test
    void what_moves_data_runs_with_the_optimizing_compiler_and_nothing_else_does(@TempDir Path jdks)
            throws IOException {
        fakeJdk(jdks.resolve("25"), "25.0.1", "echo \"$@\"");
        installation.variables().put("JAVA_HOME", jdks.resolve("25").toString());
        for (String line : List.of(
                "backup shop",
                "--as production restore 1f2e3d4c --into copy",
                "verify 1f2e3d4c",
                "copy shop copy",
                "repository check vault --read-data",
                "repository --charter c.yaml copy vault desk",
                "--charter c.yaml repository prune vault",
                "repository repair vault")) {
            assertThat(installation.run(line.split(" ")).out()).as(line).doesNotContain("TieredStopAtLevel");
        }
        for (String line : List.of("status", "check", "repository list vault", "explain repository check vault")) {
            assertThat(installation.run(line.split(" ")).out()).as(line).contains("-XX:TieredStopAtLevel=1");
        }
    }

    @Test
    void an_aot_cache_that_does_not_fit_is_passed_over_in_silence() throws IOException {
        for (String name : List.of("help.aot", "work.aot")) {
            Path cache = installation.home().resolve("target").resolve(name);
            Files.writeString(cache, "no cache at all");
            assertRuns();
            Files.write(cache, new byte[100_000]);
            assertRuns();
        }
    }
}
