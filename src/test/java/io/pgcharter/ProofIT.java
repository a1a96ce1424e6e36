package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Observer;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run.Unit;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A proof fails when it must: snapshots in which somebody who has the repository's password changed rows, targets that
/// change rows as they come in, and smoke queries that do not hold.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofIT {
    private static final DatabaseName DOUBTED = new DatabaseName("doubted");
    private static final DatabaseName BROKEN = new DatabaseName("broken");

    private static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              cold: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              doubted: { environment: production, url: "${env:SHOP_URL}" }
              broken: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: cold, url: "${env:COPY_URL}" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
              doubted: { to: [vault] }
              broken: { to: [vault] }
            verification:
              shop: { smoke: ["select count(*) = 1000 from item", "select sum(price) > 0 from item"] }
              doubted: { smoke: ["select true", "select count(*) > 1000 from item"] }
              broken: { smoke: ["select 1 / 0 = 1"] }
            flows:
              - { from: production, to: cold, what: data, rule: allow }
            """;

    private Scene scene = new Scene(TestServers.fresh(15), TestServers.fresh(15), CHARTER);
    private Optional<Report.Backup> good = Optional.empty();

    @BeforeAll
    void back_up_a_shop() {
        scene.done(new Operation.RepositoryInit(Scene.VAULT));
        scene.execute(Scene.SHOP, """
                create table item (id int primary key, name text, price numeric);
                insert into item select i, 'item ' || i, i from generate_series(1, 1000) i;
                create table untouched (a int); insert into untouched values (1), (1), (null);
                create table colour (name text) partition by hash (name);
                select lo_from_bytea(4711, 'a large object')""");
        good = Optional.of(scene.backup());
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private BackupId good() {
        return good.orElseThrow().backup();
    }

    @Test
    void a_good_backup_is_proven_and_its_smoke_queries_hold() {
        Report.Verify proof = scene.verify(good());

        assertThat(proof.smoke()).extracting(Report.SmokeAnswer::answer).containsExactly("true", "true");
        assertThat(proof.rowCount()).isEqualTo(1003);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a wrong value    | 7\\titem 7\\t7\\n  | 7\\titem 7\\t8\\n              | 'public.item' has 1000 rows as it should, but not the same ones",
                "a missing row    | 7\\titem 7\\t7\\n  | NOTHING                       | 'public.item' has 999 rows instead of 1000",
                "a doubled row    | \\\\N\\n              | \\\\N\\n\\\\N\\n                   | 'public.untouched' has 4 rows instead of 3",
                "one for another  | 1\\n\\\\N\\n           | \\\\N\\n\\\\N\\n                  | 'public.untouched' has 3 rows as it should, but not the same ones",
                "null and nothing | 7\\titem 7\\t7\\n  | 7\\t\\\\N\\t7\\n                  | 'public.item' has 1000 rows as it should, but not the same ones",
                "two values swap  | 7\\titem 7\\t7\\n8\\titem 8\\t8\\n | 7\\titem 8\\t7\\n8\\titem 7\\t8\\n | 'public.item' has 1000 rows as it should, but not the same ones",
                "a large object   | 6c61726765          | 736d616c6c                | 'large objects' has 1 rows as it should, but not the same ones",
            })
    void a_changed_row_fails_the_proof_and_names_the_table(String what, String row, String instead, String cause) {
        BackupId forged = rewritten(text -> text.replace(unescaped(row), unescaped(instead)));

        Problem problem = scene.failed(new Operation.Verify(forged, Scene.VAULT, Scene.SHOP));

        assertThat(problem.code()).isEqualTo(ProblemCode.PROOF_FAILED);
        assertThat(problem.fact()).isEqualTo("the restored content differs in 1 of its tables");
        assertThat(problem.cause()).isEqualTo(cause);
        assertThat(problem.remedy()).contains("do not rely on this backup");
        assertThat(scene.backups())
                .filteredOn(backup -> backup.backup().equals(forged))
                .singleElement()
                .satisfies(backup -> assertThat(backup.provenAt()).isEmpty());
    }

    @Test
    void a_smoke_query_that_is_false_fails_the_proof() {
        Report.Backup backup = (Report.Backup) scene.done(new Operation.Backup(DOUBTED, Scene.VAULT));

        Problem problem = scene.failed(new Operation.Verify(backup.backup(), Scene.VAULT, DOUBTED));

        assertThat(problem.code()).isEqualTo(ProblemCode.SMOKE_FAILED);
        assertThat(problem.fact())
                .isEqualTo("the smoke query 'select count(*) > 1000 from item' did not hold on the restored copy");
        assertThat(problem.cause()).isEqualTo("it answered false instead of true");
    }

    @Test
    void a_smoke_query_that_errs_fails_the_proof() {
        Report.Backup backup = (Report.Backup) scene.done(new Operation.Backup(BROKEN, Scene.VAULT));

        Problem problem = scene.failed(new Operation.Verify(backup.backup(), Scene.VAULT, BROKEN));

        assertThat(problem.code()).isEqualTo(ProblemCode.SMOKE_FAILED);
        assertThat(problem.cause()).contains("division by zero");
    }

    @Test
    void a_target_that_swallows_a_row_fails_the_restore_and_names_the_table() {
        Observer meddler = meddler("if new.id = 7 then return null; end if;");

        Problem problem = scene.failed(
                new Operation.Restore(good(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty()),
                meddler);

        assertThat(problem.code()).isEqualTo(ProblemCode.PROOF_FAILED);
        assertThat(problem.fact()).isEqualTo("table 'public.item' took 999 rows instead of 1000");
        // The next run may wipe what is half-done, and does.
        scene.done(new Operation.Restore(good(), Scene.VAULT, Scene.SHOP, Scene.COPY, List.of(), Optional.empty()));
        assertThat(scene.ask(Scene.COPY, "select count(*)::text from item")).isEqualTo("1000");
        scene.execute(
                Scene.COPY,
                "drop table item, untouched, colour; select lo_unlink(4711); drop schema if exists meddler cascade");
    }

    @Test
    void a_target_that_changes_a_row_fails_the_copy_and_names_the_table() {
        Observer meddler = meddler("if new.id = 7 then new.name := 'changed'; end if;");

        Problem problem = scene.failed(new Operation.Copy(Scene.SHOP, Scene.COPY, false), meddler);

        assertThat(problem.code()).isEqualTo(ProblemCode.PROOF_FAILED);
        assertThat(problem.cause()).isEqualTo("'public.item' has 1000 rows as it should, but not the same ones");
        scene.done(new Operation.Copy(Scene.SHOP, Scene.COPY, false));
        assertThat(scene.ask(Scene.COPY, "select name from item where id = 7")).isEqualTo("item 7");
        scene.execute(
                Scene.COPY,
                "drop table item, untouched, colour; select lo_unlink(4711); drop schema if exists meddler cascade");
    }

    /// Puts a trigger on the target's table as soon as it is there.
    private Observer meddler(String body) {
        AtomicBoolean isDone = new AtomicBoolean();
        return new Observer() {
            @Override
            public void stepBegun(RunId run, int step, String name, long total, Unit unit) {
                if (name.equals("loading rows") && isDone.compareAndSet(false, true)) {
                    scene.execute(Scene.COPY, """
                            create schema meddler;
                            create function meddler.meddle() returns trigger language plpgsql as 'begin %s return new; end';
                            create trigger meddling before insert on public.item for each row execute function meddler.meddle()
                            """.formatted(body.replace("'", "''")));
                }
            }

            @Override
            public void stepMoved(RunId run, int step, long done) {}

            @Override
            public void stepEnded(RunId run, int step, long done) {}
        };
    }

    private static String unescaped(String text) {
        return text.replace("NOTHING", "")
                .replace("\\\\", "\u0000")
                .replace("\\t", "\t")
                .replace("\\n", "\n")
                .replace("\u0000", "\\");
    }

    /// The good backup again, manifest and all, with other rows. A large object's bytes stand in it as digits.
    private BackupId rewritten(UnaryOperator<String> change) {
        try (Repository repository =
                        Repository.open(scene.directory.resolve("vault"), new Secret("correct horse battery"));
                SnapshotReader reader = repository.read(repository.snapshot(good().text()));
                SnapshotWriter writer = repository.write()) {
            Snapshot snapshot = repository.snapshot(good().text());
            boolean isChanged = false;
            for (String file : reader.files()) {
                String before = text(reader, file);
                String after = file.endsWith(".copy") ? change.apply(before) : before;
                isChanged |= !after.equals(before);
                write(writer, file, after);
            }
            assertThat(isChanged).as("a row was changed").isTrue();
            return new BackupId(writer.commit(snapshot.time(), "forger", snapshot.paths(), snapshot.tags())
                    .id());
        }
    }

    private static String text(SnapshotReader reader, String file) {
        try (InputStream in = reader.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(SnapshotWriter writer, String file, String text) {
        try (OutputStream out = writer.file(file, 0600)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
