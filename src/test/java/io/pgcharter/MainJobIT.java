package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job, end to end, the way a wish goes: backup, proof, restore, copy, journal.
class MainJobIT {
    private static final String PAYMENTS = """
            create table users (id int primary key, email text unique not null);
            insert into users select i, 'user' || i || '@example.org' from generate_series(1, 2000) i;
            create table payments (id bigserial primary key, user_id int not null references users, amount numeric(12, 2),
              note text, at timestamptz default now());
            insert into payments (user_id, amount, note)
              select 1 + i % 2000, i * 1.01, repeat('x', i % 50) from generate_series(1, 20000) i;
            create index on payments (user_id);
            create view big as select * from payments where amount > 100;
            create materialized view totals as select user_id, sum(amount) from payments group by 1;
            create unique index on totals (user_id);
            """;

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void a_backup_is_restored_and_proven_row_for_row(int major) {
        try (Scene scene = Scene.on(major)) {
            scene.execute(Scene.SHOP, PAYMENTS);

            Report.Backup backup = scene.backup();
            Report.Verify proof = scene.verify(backup.backup());

            assertThat(backup.tableCount()).isEqualTo(2);
            assertThat(backup.rowCount()).isEqualTo(22_000);
            assertThat(proof.rowCount()).isEqualTo(22_000);
            assertThat(proof.fingerprint()).isEqualTo(backup.fingerprint());
            assertThat(proof.smoke()).containsExactly(new Report.SmokeAnswer("select true", "true"));
            assertThat(scene.backups()).singleElement().satisfies(row -> {
                assertThat(row.backup()).isEqualTo(backup.backup());
                assertThat(row.provenAt()).isPresent();
            });
        }
    }

    @Test
    void a_copy_holds_the_same_rows_and_leaves_no_mark() {
        try (Scene scene = Scene.on(15)) {
            scene.execute(Scene.SHOP, PAYMENTS);

            Report.Copy copy = (Report.Copy) scene.done(new Operation.Copy(Scene.SHOP, Scene.COPY, false));

            assertThat(copy.rowCount()).isEqualTo(22_000);
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from payments"))
                    .isEqualTo("20000");
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from totals"))
                    .isEqualTo("2000");
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from pg_namespace where nspname like 'pgcharter%'"))
                    .isEqualTo("0");
            assertThat(scene.ask(Scene.COPY, "select nextval('payments_id_seq')::text"))
                    .isEqualTo("20001");
        }
    }

    @Test
    void a_target_that_holds_something_is_refused_unchanged_and_replaced_only_when_asked() {
        try (Scene scene = Scene.on(15)) {
            scene.execute(Scene.SHOP, PAYMENTS);
            scene.execute(Scene.COPY, "create table precious (id int); insert into precious values (1)");

            Problem problem = scene.failed(new Operation.Copy(Scene.SHOP, Scene.COPY, false));

            assertThat(problem.code()).isEqualTo(ProblemCode.TARGET_NOT_EMPTY);
            assertThat(problem.fact()).contains("public.precious");
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from precious"))
                    .isEqualTo("1");

            // The environment is not protected, but replacing asks for the name.
            assertThat(scene.submit(new Operation.Copy(Scene.SHOP, Scene.COPY, true)))
                    .isInstanceOf(Outcome.Waiting.class);
        }
    }

    @Test
    void a_restore_fills_an_empty_database_and_a_new_one() {
        try (Scene scene = Scene.on(15)) {
            scene.execute(Scene.SHOP, PAYMENTS);
            Report.Backup backup = scene.backup();

            Report.Restore filled = (Report.Restore) scene.done(restore(backup, List.of(), Optional.empty()));
            Report.Restore aside = (Report.Restore) scene.done(
                    restore(backup, List.of(), Optional.of(scene.url(Scene.COPY).database() + "_new")));

            assertThat(filled.rowCount()).isEqualTo(22_000);
            assertThat(aside.rowCount()).isEqualTo(22_000);
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from payments"))
                    .isEqualTo("20000");
            assertThat(scene.failed(restore(backup, List.of(), Optional.empty()))
                            .code())
                    .isEqualTo(ProblemCode.TARGET_NOT_EMPTY);
        }
    }

    @Test
    void only_the_chosen_tables_are_restored() {
        try (Scene scene = Scene.on(15)) {
            scene.execute(Scene.SHOP, PAYMENTS);
            Report.Backup backup = scene.backup();

            Report.Restore restored =
                    (Report.Restore) scene.done(restore(backup, List.of("public.payments"), Optional.empty()));

            assertThat(restored.tableCount()).isEqualTo(1);
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from payments"))
                    .isEqualTo("20000");
            assertThat(scene.ask(Scene.COPY, "select (to_regclass('users') is null)::text"))
                    .isEqualTo("true");
            assertThat(scene.ask(Scene.COPY, "select count(*)::text from pg_indexes where tablename = 'payments'"))
                    .isEqualTo("2");
        }
    }

    @Test
    void the_journal_shows_the_run_and_holds_against_its_anchor() {
        try (Scene scene = Scene.on(15)) {
            scene.execute(Scene.SHOP, PAYMENTS);
            scene.backup();

            Report.JournalVerify report = (Report.JournalVerify) scene.done(new Operation.JournalVerify());

            assertThat(report.breaks()).isEmpty();
            assertThat(report.anchorCount()).isGreaterThanOrEqualTo(1);
            assertThat(report.anchoredSize()).isGreaterThanOrEqualTo(8);
        }
    }

    private static Operation.Restore restore(
            Report.Backup backup, List<String> selection, Optional<String> newDatabase) {
        return new Operation.Restore(backup.backup(), Scene.VAULT, Scene.SHOP, Scene.COPY, selection, newDatabase);
    }
}
