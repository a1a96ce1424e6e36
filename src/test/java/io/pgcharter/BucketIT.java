package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.storage.FaultyWay;
import io.pgcharter.platform.storage.FaultyWay.Fault;
import io.pgcharter.platform.storage.S3Server;
import io.pgcharter.platform.storage.S3Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The whole way of a backup in a bucket: taken, verified, restored; and read by stock restic.
class BucketIT {
    private static S3Server server;

    @BeforeAll
    static void start() {
        server = S3Server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Scene scene(int port, String prefix) {
        String charter = Scene.CHARTER
                .replace("{ protected: true }", "{}")
                .replace(
                        "path: \"${env:VAULT}\"",
                        "s3: { bucket: \"" + S3Server.BUCKET + "\", prefix: \"" + prefix
                                + "\", endpoint: \"http://127.0.0.1:" + port
                                + "\", access-key: \"${env:KEY}\", secret-key: \"${env:SECRET}\" }");
        Scene scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), charter);
        scene.variables.put("KEY", S3Server.ACCESS_KEY);
        scene.variables.put("SECRET", S3Server.SECRET_KEY);
        scene.restart();
        scene.execute(
                Scene.SHOP,
                "create table goods (id int primary key, name text);"
                        + " insert into goods select n, md5(n::text) from generate_series(1, 50000) n");
        return scene;
    }

    private static Report.Backup assertWholeWay(Scene scene) {
        Report.Backup backup = scene.backup();
        scene.verify(backup.backup());
        scene.done(new Operation.Restore(
                backup.backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty()));
        String sum = "select count(*) || ' ' || md5(string_agg(name, ',' order by id)) from goods";
        assertThat(scene.ask(Scene.COPY, sum)).isEqualTo(scene.ask(Scene.SHOP, sum));
        return backup;
    }

    @Test
    void a_backup_in_a_bucket_is_verified_restored_and_read_by_stock_restic() throws Exception {
        String prefix = S3Server.freshPrefix();
        try (Scene scene = scene(server.port(), prefix)) {
            scene.done(new Operation.RepositoryInit(Scene.VAULT));
            Report.Backup backup = assertWholeWay(scene);

            assertThat(restic(prefix, "check", "--read-data")).contains("no errors were found");
            Path target = scene.directory.resolve("restored");
            restic(prefix, "restore", backup.backup().text(), "--target", target.toString());
            try (var files = Files.walk(target)) {
                assertThat(files.filter(Files::isRegularFile)).isNotEmpty();
            }

            // And the other way: what restic writes there, we list and check.
            Path file = Files.writeString(scene.directory.resolve("note"), "written by restic");
            restic(prefix, "backup", file.toString());
            assertThat(((Report.RepositoryCheck) scene.done(new Operation.RepositoryCheck(
                                    Scene.VAULT, Optional.of(new Operation.Reading(java.time.Duration.ZERO, 100)))))
                            .findings())
                    .isEmpty();
        }
    }

    @Test
    void every_tenth_request_may_fail_and_the_copy_is_the_same() {
        try (FaultyWay way = new FaultyWay(server.port());
                Scene scene = scene(way.port(), S3Server.freshPrefix())) {
            Random random = new Random(5);
            List<Fault> faults = List.of(
                    new Fault.Refused(503, "SlowDown"),
                    new Fault.Refused(500, "InternalError"),
                    new Fault.Reset(),
                    new Fault.Lost(),
                    new Fault.Cut(true),
                    new Fault.Cut(false),
                    new Fault.ErrorInSuccess(),
                    new Fault.WrongLength(-7));
            way.meet(_ -> random.nextInt(10) == 0
                    ? Optional.of(faults.get(random.nextInt(faults.size())))
                    : Optional.empty());
            scene.done(new Operation.RepositoryInit(Scene.VAULT));
            assertWholeWay(scene);
        }
    }

    @Test
    void a_key_that_may_only_add_can_do_all_but_remove() {
        String prefix = S3Server.freshPrefix();
        try (FaultyWay way = new FaultyWay(server.port());
                Scene scene = scene(way.port(), prefix)) {
            // As the policy in docs/s3.md has it.
            way.meet(request -> {
                boolean removes = request.method().equals("DELETE") && !request.names("/locks/");
                boolean replaces = request.method().equals("PUT")
                        && !request.names("/config")
                        && !request.head().toLowerCase(java.util.Locale.ROOT).contains("if-none-match:");
                return removes || replaces ? Optional.of(new Fault.Refused(403, "AccessDenied")) : Optional.empty();
            });
            scene.done(new Operation.RepositoryInit(Scene.VAULT));
            assertWholeWay(scene);
            Report.Backup second = scene.backup();

            Problem problem = scene.failed(new Operation.RepositoryForget(Scene.VAULT, second.backup()));
            assertThat(problem.cause()).contains("may not");
            assertThat(scene.backups()).hasSize(2);
            try (S3Storage storage = S3Server.storage(server.place(prefix))) {
                assertThat(storage.list("locks/")).isEmpty();
            }
        }
    }

    @Test
    void a_wrong_secret_is_named_and_never_shown() {
        try (Scene scene = scene(server.port(), S3Server.freshPrefix())) {
            scene.variables.put("SECRET", "canary-of-a-wrong-secret");
            scene.restart();
            Problem problem = scene.failed(new Operation.RepositoryInit(Scene.VAULT));

            assertThat(problem.cause()).contains("the secret does not belong to the access key");
            assertThat(problem.toString()).doesNotContain("canary-of-a-wrong-secret", S3Server.ACCESS_KEY);
        }
    }

    private static String restic(String prefix, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("restic", "--no-cache", "-r", server.restic(prefix)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", "correct horse battery");
        builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY);
        builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + output).isZero();
        return output;
    }
}
