package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Disks that are full: the repository's, the target's, the scratch server's. Each is a small file system in memory,
/// which only root may mount.
@Timeout(90)
class FullDiskIT {
    /// 20 MB of which nothing is to be compressed.
    private static final String BULK = """
            create table bulk (id int primary key, one text, two text);
            insert into bulk select i, %1$s || %1$s || %1$s || %1$s, %1$s || %1$s || %1$s || %1$s
              from generate_series(1, 80000) i""".formatted("md5(random()::text)");

    private Path directory;
    private Path disk;

    @BeforeEach
    void plug_in() throws IOException {
        assumeThat(Program.isRoot()).as("mounting needs root").isTrue();
        directory = TestServers.directory();
        disk = directory.resolve("disk");
        Files.createDirectory(disk);
    }

    @AfterEach
    void unplug() {
        if (Program.isRoot()) {
            run("umount", "--lazy", disk.toString());
            Scene.delete(directory);
        }
    }

    @Test
    void a_repository_without_room_holds_no_half_backup_and_takes_the_next_one() throws IOException {
        mount(8);
        try (Scene scene = new Scene(TestServers.fresh(15), TestServers.fresh(15))) {
            scene.execute(Scene.SHOP, BULK);
            scene.variables.put("VAULT", disk.resolve("vault").toString());
            scene.done(new Operation.RepositoryInit(Scene.VAULT));

            Problem problem = scene.failed(new Operation.Backup(Scene.SHOP, Scene.VAULT));

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_FULL);
            assertThat(problem.fact()).contains(disk.toString());
            assertThat(problem.cause()).contains("No space left");
            assertThat(problem.remedy()).contains("df -h");
            Traces.vanish(TestServers.server(15));
            assertThat(files()).noneMatch(file -> file.contains("-tmp-"));
            assertThat(scene.backups()).isEmpty();

            run("mount", "-o", "remount,size=100m", disk.toString());
            Report.Backup backup = scene.backup();
            assertThat(scene.verify(backup.backup()).rowCount()).isEqualTo(80_000);
        }
    }

    @Test
    void a_target_without_room_is_marked_and_the_next_run_fills_it() {
        mount(20);
        try (OwnServer target = new OwnServer(15)) {
            target.addTablespace("small", disk.resolve("tables"));
            target.execute("postgres", "create database copy tablespace small");
            try (Scene scene = new Scene(TestServers.fresh(15), target.url("copy"))) {
                scene.execute(Scene.SHOP, BULK);
                scene.done(new Operation.RepositoryInit(Scene.VAULT));
                Operation copy = new Operation.Copy(Scene.SHOP, Scene.COPY, false);
                Operation restore = new Operation.Restore(
                        scene.backup().backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty());

                for (Operation work : List.of(copy, restore)) {
                    Problem problem = scene.failed(work);

                    Traces.readsWell(problem);
                    assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_FULL);
                    assertThat(problem.cause()).contains("No space left");
                    assertThat(problem.remedy()).contains("free disk space on the server");
                    Traces.vanish(TestServers.server(15));
                    Traces.vanish(target.url("postgres"));
                    assertThat(marks(target)).isEqualTo("1");
                }
                run("mount", "-o", "remount,size=100m", disk.toString());
                scene.done(restore);
                assertThat(marks(target)).isEqualTo("0");
            }
        }
    }

    @Test
    void a_scratch_server_without_room_proves_nothing_and_is_gone() throws IOException {
        mount(72);
        try (Scene scene = new Scene(
                TestServers.fresh(15),
                TestServers.fresh(15),
                Scene.CHARTER + "state: { url: \"${env:STATE}\", directory: \"" + disk.resolve("s") + "\" }\n")) {
            scene.variables.put("STATE", Scene.text(TestServers.fresh(15)));
            scene.execute(Scene.SHOP, BULK);
            scene.done(new Operation.RepositoryInit(Scene.VAULT));
            Report.Backup backup = scene.backup();

            Problem problem = scene.failed(new Operation.Verify(backup.backup(), Scene.VAULT, Scene.SHOP));

            Traces.readsWell(problem);
            assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_FULL);
            assertThat(problem.cause()).contains("No space left");
            assertThat(files()).noneMatch(file -> file.contains("/sandbox/"));
            run("mount", "-o", "remount,size=600m", disk.toString());
            scene.verify(backup.backup());
        }
    }

    private static String marks(OwnServer target) {
        return target.ask("copy", "select count(*)::text from pg_namespace where nspname = 'pgcharter_incomplete'");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(disk)) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    private void mount(int megabytes) {
        run("mount", "-t", "tmpfs", "-o", "mode=755,size=" + megabytes + "m", "none", disk.toString());
    }

    private static void run(String... words) {
        new Program(List.of(words), Map.of(), Optional.empty(), Duration.ofSeconds(20)).runOrThrow("mount by hand");
    }
}
