package io.pgcharter.platform.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.ChildJvm;
import io.pgcharter.Wait;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scratch servers: who sees them, who cleans them up, and who does not.
class SandboxesIT {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

    private final Path scratch = TestServers.directory();
    private final Path place = scratch.resolve("s");

    @AfterEach
    void remove_the_directory() throws IOException {
        delete(scratch);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void a_server_of_each_major_is_made_closed_to_others_and_destroyed(int major) throws IOException {
        Path data;
        long pid;
        try (Sandboxes.Sandbox sandbox = new Sandboxes(TestServers.binaries(), place).start(major)) {
            Path socket = Path.of(sandbox.url().host());
            data = socket.resolveSibling("data");
            pid = pid(sandbox);

            assertThat(sandbox.major()).isEqualTo(major);
            try (Session session = Session.open(sandbox.url(), "test")) {
                assertThat(session.serverMajor()).isEqualTo(major);
                assertThat(setting(session, "listen_addresses")).isEmpty();
                assertThat(setting(session, "unix_socket_directories")).isEqualTo(socket.toString());
                assertThat(setting(session, "unix_socket_permissions")).isEqualTo("0700");
                assertThat(setting(session, "data_directory")).isEqualTo(data.toString());
            }
            for (Path directory : List.of(place, directory(socket), socket, data)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                        .as(directory.toString())
                        .isEqualTo("rwx------");
            }
        }
        assertThat(list(place)).isEmpty();
        awaitGone(pid);
    }

    @Test
    void the_server_of_a_killed_process_goes_at_the_next_start_and_no_live_one_s() {
        Sandboxes ours = new Sandboxes(TestServers.binaries(), place);
        try (Sandboxes.Sandbox first = ours.start(15);
                Sandboxes.Sandbox second = ours.start(15);
                ChildJvm killed = ChildJvm.start(SandboxOwner.class, Map.of(), place.toString());
                ChildJvm alive = ChildJvm.start(SandboxOwner.class, Map.of(), place.toString())) {
            Path left = Path.of(killed.says("socket"));
            Path kept = Path.of(alive.says("socket"));
            long leftPid = pid(directory(left));
            // Two other processes have cleaned up beside us.
            assertLives(first);
            assertLives(second);

            killed.kill();
            assertThat(ProcessHandle.of(leftPid))
                    .as("a server outlives its starter")
                    .isPresent();
            try (Sandboxes.Sandbox third = ours.start(15)) {
                awaitGone(leftPid);
                assertThat(list(place))
                        .containsExactlyInAnyOrderElementsOf(namesOf(
                                directory(socket(first)),
                                directory(socket(second)),
                                directory(socket(third)),
                                directory(kept)));
                assertLives(first);
                assertLives(second);
            }
            alive.goOn();
            assertThat(alive.says("closed")).isEmpty();
            assertThat(alive.exitCode()).isZero();
        }
        assertThat(list(place)).isEmpty();
    }

    @Test
    void what_a_process_left_that_died_before_its_server_ran_goes_too() throws IOException {
        Files.createDirectories(place.resolve("3f2a9c01/data"));
        Files.writeString(place.resolve("3f2a9c01/data/PG_VERSION"), "15\n");
        Files.createFile(place.resolve("3f2a9c01.lock"));

        new Sandboxes(TestServers.binaries(), place).cleanUp();

        assertThat(list(place)).isEmpty();
    }

    @Test
    void a_major_that_is_missing_is_replaced_by_the_nearest_newer_one() {
        Sandboxes sandboxes = new Sandboxes(only15(), place);
        try (Sandboxes.Sandbox sandbox = sandboxes.start(14);
                Session session = Session.open(sandbox.url(), "test")) {
            assertThat(sandbox.major()).isEqualTo(15);
            assertThat(session.serverMajor()).isEqualTo(15);
        }
    }

    @Test
    void where_no_major_will_do_the_package_is_named_and_nothing_is_left() throws IOException {
        Problem tooOld = problem(() -> new Sandboxes(only15(), place).start(18));
        assertThat(tooOld.code()).isEqualTo(ProblemCode.PROGRAM_MISSING);
        assertThat(tooOld.fact()).contains("PostgreSQL 18", "nor a newer one");
        assertThat(tooOld.cause()).contains("15");
        assertThat(tooOld.remedy()).isEqualTo("apt install postgresql-18");

        // Also where a killed process has left something that now nothing can stop.
        Files.createDirectories(place.resolve("3f2a9c01"));
        Path nowhere = scratch.resolve("nowhere");
        Problem none = problem(() -> new Sandboxes(new PostgresBinaries(nowhere, nowhere, nowhere), place).start(16));
        assertThat(none.code()).isEqualTo(ProblemCode.PROGRAM_MISSING);
        assertThat(none.cause()).isEqualTo("found: none");
        assertThat(none.remedy()).isEqualTo("apt install postgresql-16");
        assertThat(list(place)).containsExactly("3f2a9c01");
    }

    @Test
    void a_start_that_fails_leaves_neither_directory_nor_lock() {
        Path deep = scratch.resolve("d".repeat(90));

        Problem problem = problem(() -> new Sandboxes(only15(), deep).start(15));

        assertThat(problem.code()).isEqualTo(ProblemCode.USAGE);
        assertThat(problem.fact()).contains("too long for a Unix socket");
        assertThat(list(deep)).isEmpty();
    }

    @Test
    void several_at_once_unpack_a_bundle_once() throws InterruptedException, ExecutionException {
        Path unpacked = scratch.resolve("unpacked");
        Path bundles = Path.of(System.getProperty("pgcharter.home", "."), "target", "postgres");
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Path>> bins = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                bins.add(threads.submit(
                        () -> new PostgresBinaries(scratch.resolve("nowhere"), bundles, unpacked).bin(17)));
            }
            for (Future<Path> bin : bins) {
                assertThat(bin.get().resolve("postgres")).isExecutable();
            }
        }
        assertThat(list(unpacked)).containsExactlyInAnyOrder("17", "17.lock");
    }

    private PostgresBinaries only15() {
        return new PostgresBinaries(INSTALLED, scratch.resolve("none"), scratch.resolve("none"));
    }

    private static Problem problem(Runnable work) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }

    /// Also the init process takes its time to notice.
    private static void awaitGone(long pid) {
        Wait.until("process " + pid + " is gone", () -> ProcessHandle.of(pid).isEmpty());
    }

    private static void assertLives(Sandboxes.Sandbox sandbox) {
        try (Session session = Session.open(sandbox.url(), "test")) {
            assertThat(session.query("select 1").getFirst().number(0)).isEqualTo(1);
        }
    }

    private static String setting(Session session, String name) {
        return session.query("select current_setting('" + name + "')")
                .getFirst()
                .string(0);
    }

    private static Path socket(Sandboxes.Sandbox sandbox) {
        return Path.of(sandbox.url().host());
    }

    private static Path directory(Path socket) {
        return socket.resolveSibling("");
    }

    private static long pid(Sandboxes.Sandbox sandbox) {
        return pid(directory(socket(sandbox)));
    }

    private static long pid(Path directory) {
        return new Cluster(INSTALLED.resolve("15/bin"), directory).pid().orElseThrow();
    }

    /// A directory and its lock file, each.
    private static List<String> namesOf(Path... directories) {
        return Stream.of(directories)
                .map(directory -> directory.getFileName().toString())
                .flatMap(name -> Stream.of(name, name + ".lock"))
                .toList();
    }

    private static List<String> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
