package io.pgcharter;

import static io.pgcharter.Scene.SHOP;
import static io.pgcharter.Scene.VAULT;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.storage.CephCluster;
import io.pgcharter.platform.storage.CephCluster.Version;
import io.pgcharter.platform.storage.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;

/// The whole program on a bucket whose service enforces Object Lock: what docs/s3.md promises of it.
@Tag("soak")
class CephIT {
    private static final String BUCKET = "vault";
    private static final RepositoryName DESK = new RepositoryName("desk");
    private static final int DAYS = 10;
    private static final String SUM = "select count(*) || ' ' || md5(string_agg(name, ',' order by id)) from goods";

    /// Longer than the program may take between a test's own look at the clock and a lock.
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static CephCluster ceph;

    private final String prefix = S3Server.freshPrefix();
    private Scene scene;

    @BeforeAll
    static void start() {
        ceph = CephCluster.start();
        ceph.makeBucket(BUCKET, true);
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    /// A shop with a vault in the bucket and a desk in a directory.
    @BeforeEach
    void a_shop() {
        String charter = Scene.CHARTER
                .replace("{ protected: true }", "{}")
                .replace(
                        "vault: { path: \"${env:VAULT}\"",
                        "desk: { path: \"${env:VAULT}\", password: \"${env:VAULT_PASSWORD}\" }\n  vault: { s3: { bucket: "
                                + BUCKET + ", prefix: \"" + prefix + "\", endpoint: \"http://127.0.0.1:" + ceph.port()
                                + "\", access-key: \"${env:KEY}\", secret-key: \"${env:SECRET}\", object-lock: { mode: governance, days: "
                                + DAYS + " } }")
                .replace("to: [vault], jobs: 2", "to: [vault, desk], jobs: 2, retention: { last: 1 }");
        scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), charter);
        scene.variables.put("KEY", CephCluster.OWNER.id().reveal());
        scene.variables.put("SECRET", CephCluster.OWNER.secret().reveal());
        scene.variables.put("NEXT_PASSWORD", "another horse, another battery");
        scene.execute(
                SHOP,
                "create table goods (id int primary key, name text);"
                        + " insert into goods select n, md5(n::text) from generate_series(1, 50000) n");
    }

    /// Makes the vault, locked in `mode` for [#DAYS].
    private void open(String mode) throws IOException {
        Path charter = scene.directory.resolve("charter.yaml");
        Files.writeString(charter, Files.readString(charter).replace("governance", mode));
        scene.restart();
        scene.done(new Operation.RepositoryInit(VAULT, Optional.empty()));
    }

    private List<Version> versions() {
        return ceph.versions(BUCKET, prefix + "/");
    }

    /// Restic's locks and our marks of work under way.
    private boolean comesAndGoes(Version version) {
        return version.key().startsWith(prefix + "/locks/") || version.key().startsWith(prefix + "/pgcharter/");
    }

    private List<Version> lockable() {
        return versions().stream()
                .filter(version -> !version.isMarker() && !comesAndGoes(version))
                .toList();
    }

    private void assertAllLocked(String mode, Instant begun) {
        assertThat(lockable()).hasSizeGreaterThan(4).allSatisfy(version -> {
            Optional<ObjectLockRetention> lock = ceph.lock(version);
            assertThat(lock).isPresent();
            assertThat(lock.get().modeAsString()).isEqualTo(mode);
            assertThat(lock.get().retainUntilDate())
                    .isAfterOrEqualTo(begun.minus(SLACK).plus(Duration.ofDays(DAYS)));
        });
    }

    private Instant shortenAllLocks(Duration time) {
        return shortenLocks("", time);
    }

    private Instant shortenLocks(String directory, Duration time) {
        Instant until = Instant.now().plus(time);
        lockable().stream()
                .filter(version -> version.key().startsWith(prefix + "/" + directory))
                .forEach(version -> ceph.lockOnlyUntil(version, until));
        return until;
    }

    private void waitUntil(Instant time) {
        Wait.until("it is " + time, () -> Instant.now().isAfter(time.plusSeconds(1)));
    }

    private Report.RepositoryCheck checkAll() {
        return (Report.RepositoryCheck) scene.done(
                new Operation.RepositoryCheck(VAULT, Optional.of(new Operation.Reading(Duration.ZERO, 100))));
    }

    private void assertRestores(BackupId backup) {
        scene.done(new Operation.Restore(backup, VAULT, SHOP, Scene.COPY, List.of(), Optional.empty()));
        assertThat(scene.ask(Scene.COPY, SUM)).isEqualTo(scene.ask(SHOP, SUM));
    }

    private String restic(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("restic", "--no-cache", "-r", ceph.restic(BUCKET, prefix)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("RESTIC_PASSWORD", "correct horse battery");
        builder.environment().put("AWS_ACCESS_KEY_ID", CephCluster.OWNER.id().reveal());
        builder.environment()
                .put("AWS_SECRET_ACCESS_KEY", CephCluster.OWNER.secret().reveal());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + output).isZero();
        return output;
    }

    @Test
    void a_backup_survives_somebody_who_has_all_keys_and_removes_all_he_can() throws Exception {
        open("compliance");
        Instant begun = Instant.now();
        Report.Backup backup = scene.backup();
        scene.verify(backup.backup());
        assertAllLocked("COMPLIANCE", begun);

        assertThat(scene.failed(new Operation.RepositoryForget(VAULT, backup.backup()))
                        .code())
                .isEqualTo(ProblemCode.OBJECT_LOCKED);
        List<Version> all = lockable();
        for (Version version : all) {
            ceph.hide(BUCKET, version.key());
            assertThat(ceph.remove(version, true)).as(version.key()).isFalse();
        }
        assertThat(scene.failed(new Operation.Backups(VAULT)).code()).isEqualTo(ProblemCode.REPOSITORY_MISSING);

        // Not those in locks/: below them are locks of what has ended.
        versions().stream()
                .filter(version -> version.isMarker() && !comesAndGoes(version))
                .forEach(marker -> assertThat(ceph.remove(marker, false)).isTrue());
        assertThat(lockable()).hasSameElementsAs(all);
        assertThat(checkAll().findings()).isEmpty();
        assertRestores(backup.backup());
        // What anybody can do who has no pgcharter. His own locks are as everywhere.
        assertThat(restic("check", "--read-data")).contains("no errors were found");
        Path target = scene.directory.resolve("restored");
        restic("restore", backup.backup().text(), "--target", target.toString());
        try (var files = Files.walk(target)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty();
        }
    }

    @Test
    void a_backup_extends_the_locks_of_all_it_shares() throws IOException {
        open("governance");
        scene.backup();
        shortenAllLocks(Duration.ofHours(1));
        Instant begun = Instant.now();

        Report.Backup second = scene.backup();

        List<String> shorter = lockable().stream()
                .filter(version -> ceph.lock(version)
                        .orElseThrow()
                        .retainUntilDate()
                        .isBefore(begun.minus(SLACK).plus(Duration.ofDays(DAYS))))
                .map(version -> version.key().substring(prefix.length() + 1))
                .toList();
        // The first backup's own snapshot and what it alone needs may go; and versions that are not the latest.
        assertThat(shorter).isNotEmpty().allSatisfy(key -> assertThat(key).doesNotStartWith("index/"));
        lockable().stream()
                .filter(version ->
                        ceph.lock(version).orElseThrow().retainUntilDate().isBefore(begun))
                .forEach(version -> assertThat(ceph.remove(version, false)).isTrue());
        assertRestores(second.backup());
    }

    @Test
    void what_is_locked_no_more_is_forgotten_and_pruned_and_what_is_kept_is_locked_anew() throws IOException {
        open("governance");
        Report.Backup first = scene.backup();
        scene.execute(SHOP, "update goods set name = md5(name)");
        Report.Backup second = scene.backup();

        Operation.RetentionApply apply = new Operation.RetentionApply(SHOP, VAULT);
        assertThat(((Report.RetentionApply) scene.done(apply)).backups())
                .allSatisfy(row -> assertThat(row.isKept()).isTrue());
        assertThat(scene.backups()).hasSize(2);
        assertThat(prune().freedPackCount()).isZero();

        waitUntil(shortenLocks("snapshots/", Duration.ofSeconds(3)));
        Instant begun = Instant.now();
        assertThat(((Report.RetentionApply) scene.done(apply)).backups())
                .filteredOn(row -> !row.isKept())
                .extracting(Report.RetentionRow::backup)
                .containsExactly(first.backup());
        assertThat(scene.backups()).extracting(Report.BackupRow::backup).containsExactly(second.backup());
        long locked = lockable().stream()
                .filter(version -> ceph.lock(version)
                        .orElseThrow()
                        .retainUntilDate()
                        .isAfter(begun.minus(SLACK).plus(Duration.ofDays(DAYS))))
                .count();
        assertThat(locked).isGreaterThan(4);
        prune();
        assertThat(prune().waiting()).hasValueSatisfying(why -> assertThat(why).contains("Object Lock keeps"));

        waitUntil(shortenLocks("data/", Duration.ofSeconds(3)));
        // It locks all indexes anew, and that keeps nothing.
        Report.Backup third = scene.backup();
        int versions = lockable().size();
        assertThat(prune().freedPackCount()).isPositive();
        // Removed for everybody, and still paid for: the bucket keeps versions.
        assertThat(lockable()).hasSizeGreaterThanOrEqualTo(versions);
        assertThat(checkAll().findings()).isEmpty();
        assertRestores(second.backup());
        scene.verify(third.backup());
    }

    private Report.RepositoryPrune prune() {
        return (Report.RepositoryPrune) scene.done(new Operation.RepositoryPrune(VAULT, Duration.ZERO));
    }

    /// A proof is younger than its backup, so its lock lasts longer.
    @Test
    void a_proof_that_is_still_locked_does_not_keep_its_backup() throws IOException {
        open("governance");
        Report.Backup first = scene.backup();
        Instant until = shortenAllLocks(Duration.ofSeconds(3));
        scene.verify(first.backup());
        scene.execute(SHOP, "update goods set name = md5(name)");
        Report.Backup second = scene.backup();
        scene.verify(second.backup());
        waitUntil(until);

        Operation.RetentionApply apply = new Operation.RetentionApply(SHOP, VAULT);
        for (int round = 0; round < 2; round++) {
            assertThat(((Report.RetentionApply) scene.done(apply)).backups())
                    .filteredOn(Report.RetentionRow::isKept)
                    .extracting(Report.RetentionRow::backup)
                    .containsExactly(second.backup());
            assertThat(scene.backups()).extracting(Report.BackupRow::backup).containsExactly(second.backup());
        }
    }

    @Test
    void a_copy_from_another_place_is_locked_as_well() throws IOException {
        open("compliance");
        scene.done(new Operation.RepositoryInit(DESK, Optional.of(VAULT)));
        BackupId backup = ((Report.Backup) scene.done(new Operation.Backup(SHOP, DESK))).backup();
        Instant begun = Instant.now();

        scene.done(new Operation.RepositoryCopy(DESK, VAULT, Optional.of(backup)));

        assertAllLocked("COMPLIANCE", begun.minusSeconds(60));
        assertRestores(scene.backups().getFirst().backup());
    }

    @Test
    void passwords_and_pins_change_at_once_though_their_files_are_locked() throws IOException {
        open("compliance");
        BackupId backup = scene.backup().backup();
        scene.done(new Operation.BackupPin(backup, VAULT, "audit"));
        assertThat(((Report.BackupUnpin) scene.done(new Operation.BackupUnpin(backup, VAULT))).wasPinned())
                .isTrue();
        scene.done(new Operation.RepositoryKeyRotate(VAULT, new SecretText("${env:NEXT_PASSWORD}")));

        assertThat(scene.failed(new Operation.Backups(VAULT)).code()).isEqualTo(ProblemCode.REPOSITORY_PASSWORD);
        scene.variables.put("VAULT_PASSWORD", "another horse, another battery");
        scene.restart();
        assertThat(scene.backups())
                .singleElement()
                .satisfies(row -> assertThat(row.pinned()).isEmpty());
        assertRestores(backup);
    }
}
