package io.pgcharter.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.ChildJvm;
import io.pgcharter.Wait;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The private control database: who may enter, who starts and stops it, and how it outlives what is killed.
class PrivateStateIT {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

    private final Path scratch = TestServers.directory();
    private final Path directory = scratch.resolve("s");
    private final Cluster cluster = new Cluster(INSTALLED.resolve("15/bin"), directory.resolve("state"));

    @AfterEach
    void stop_and_remove_it() throws IOException {
        cluster.stop("immediate");
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void several_processes_at_once_share_one_server_and_the_last_one_out_stops_it() {
        List<ChildJvm> users =
                IntStream.range(0, 4).mapToObj(i -> user(INSTALLED, "row" + i)).toList();
        users.forEach(user -> user.says("open"));
        long server = cluster.pid().orElseThrow();
        assertThat(cluster.isRunning()).isTrue();
        for (ChildJvm user : users) {
            assertThat(cluster.pid()).contains(server);
            user.goOn();
            user.says("closed");
            assertThat(user.exitCode()).isZero();
        }
        assertThat(cluster.pid()).isEmpty();

        try (State state = open()) {
            assertThat(rows(state)).containsExactly("row0", "row1", "row2", "row3");
            assertThat(cluster.pid()).isPresent();
        }
        assertThat(cluster.pid()).isEmpty();
    }

    @Test
    void a_private_server_opens_no_port_and_lets_only_its_owner_in() throws IOException {
        try (State state = open()) {
            assertThat(setting(state, "listen_addresses")).isEmpty();
            assertThat(setting(state, "unix_socket_permissions")).isEqualTo("0700");
            assertThat(setting(state, "unix_socket_directories"))
                    .isEqualTo(cluster.directory().resolve("socket").toString());
            assertThat(setting(state, "fsync")).isEqualTo("on");
            for (Path place : List.of(cluster.directory(), cluster.directory().resolve("socket"), cluster.data())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                        .as(place.toString())
                        .isEqualTo("rwx------");
            }
            assertThat(Files.readAllLines(cluster.data().resolve("pg_hba.conf")))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("local "));
        }
    }

    @Test
    void killed_processes_leave_the_server_to_the_next_one_who_stops_it() {
        try (ChildJvm killed = user(INSTALLED, "never");
                ChildJvm beside = user(INSTALLED, "never")) {
            killed.says("open");
            beside.says("open");
            long server = cluster.pid().orElseThrow();
            killed.kill();
            beside.kill();
            assertThat(cluster.isRunning()).isTrue();

            try (State state = open()) {
                assertThat(cluster.pid()).contains(server);
                StateUser.write(state, "kept");
                assertThat(rows(state)).containsExactly("kept");
            }
            assertThat(cluster.pid()).isEmpty();
        }
    }

    @Test
    void a_server_that_was_killed_is_started_again_with_every_row() {
        try (State state = open()) {
            StateUser.write(state, "kept");
            ProcessHandle server = ProcessHandle.of(cluster.pid().orElseThrow()).orElseThrow();
            server.destroyForcibly();
            Wait.until(
                    "the server is gone", () -> ProcessHandle.of(server.pid()).isEmpty());
            assertThatThrownBy(() -> rows(state)).isInstanceOf(JdbiException.class);
        }
        try (State state = open()) {
            assertThat(rows(state)).containsExactly("kept");
        }
        assertThat(cluster.pid()).isEmpty();
    }

    @Test
    void a_cluster_half_made_by_a_killed_process_is_not_used_but_made_anew() throws IOException {
        Path over = scratch.resolve("over");
        try (ChildJvm killed = user(withSlowInitdb(over), "never")) {
            Wait.until("the data directory is made", this::halfMade);
            killed.kill();
        } finally {
            Files.createFile(over);
        }

        try (State state = open()) {
            assertThat(setting(state, "listen_addresses")).isEmpty();
            assertThat(halfMade()).isFalse();
            assertThat(rows(state)).isEmpty();
        }
    }

    /// Installed servers whose `initdb` does its work and then does not end before the file `over` is there.
    private Path withSlowInitdb(Path over) throws IOException {
        Path bin = Files.createDirectories(scratch.resolve("slow/15/bin"));
        Path real = INSTALLED.resolve("15/bin");
        for (String program : List.of("postgres", "pg_ctl")) {
            Files.createSymbolicLink(bin.resolve(program), real.resolve(program));
        }
        Files.writeString(bin.resolve("initdb"), """
                #!/bin/sh
                %s/initdb "$@"
                touch "${1#--pgdata=}/made"
                while [ ! -e %s ]; do sleep 0.1; done
                """.formatted(real, over));
        Files.setPosixFilePermissions(bin.resolve("initdb"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return scratch.resolve("slow");
    }

    /// Whether some data directory is as the slow initdb leaves it.
    private boolean halfMade() {
        if (!Files.isDirectory(cluster.directory())) {
            return false;
        }
        try (Stream<Path> places = Files.list(cluster.directory())) {
            return places.anyMatch(place -> Files.exists(place.resolve("made")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_directory_that_cannot_be_used_is_one_clear_problem() throws IOException {
        Files.writeString(scratch.resolve("file"), "");

        ProblemException thrown = catchThrowableOfType(
                ProblemException.class,
                () -> State.open(scratch.resolve("file/s"), binaries()).close());

        assertThat(thrown).isNotNull();
        assertThat(thrown.problem().code()).isEqualTo(ProblemCode.STATE_UNAVAILABLE);
        assertThat(thrown.problem().fact()).contains(scratch.resolve("file/s").toString());
        assertThat(thrown.problem().remedy()).contains("PGCHARTER_STATE_DIRECTORY");
    }

    private ChildJvm user(Path installed, String row) {
        return ChildJvm.start(StateUser.class, Map.of(), directory.toString(), installed.toString(), row);
    }

    private State open() {
        return State.open(directory, binaries());
    }

    private PostgresBinaries binaries() {
        return new PostgresBinaries(INSTALLED, scratch.resolve("none"), scratch.resolve("none"));
    }

    private static List<String> rows(State state) {
        return strings(state, "select id from pgcharter.run order by id");
    }

    private static String setting(State state, String name) {
        return strings(state, "select current_setting('" + name + "')").getFirst();
    }

    private static List<String> strings(State state, String sql) {
        return state.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
