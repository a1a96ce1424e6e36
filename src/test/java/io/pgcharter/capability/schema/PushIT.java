package io.pgcharter.capability.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.capability.lint.MigrationLint;
import io.pgcharter.capability.schema.Scripting.Scripted;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.QuietRun;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ProvenScript;
import io.pgcharter.model.schema.ProvenScript.Kind;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.Charters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pushes to tables of a size at which a lock hurts: what takes long keeps nobody waiting, and a push that stopped
/// anywhere goes on.
@Timeout(600)
class PushIT {
    private static final SqlParser PARSER = new SqlParser();
    private static final AtomicInteger COPIES = new AtomicInteger();

    private static final String MAKERS =
            "create table makers (id int primary key); insert into makers values (1), (2);";

    /// Half-empty pages make few rows a large table.
    private static final String PARTS = MAKERS + """
            create table parts (id bigint not null, name text, maker int, weight int, "Note" text)
              with (fillfactor = 10);
            insert into parts select n, 'name ' || n, 1 + n % 2, n % 100, 'note ' || n from generate_series(1, 130000) n;
            create index parts_name on parts (name);
            create index parts_gone on parts (weight, name);
            alter table parts add constraint parts_note unique ("Note");
            analyze;""";

    private static final String WANTED = MAKERS + """
            create table parts (id bigint primary key, name text not null, maker int, weight int, "Note" text, more int)
              with (fillfactor = 10);
            create index parts_name on parts (name, id);
            create index "parts; maker" on parts (maker) where weight > 0;
            comment on index "parts; maker" is 'for makers';
            alter table parts add constraint parts_note unique ("Note", id),
              add constraint parts_weight check (weight >= 0),
              add constraint parts_maker foreign key (maker) references makers;
            create unique index parts_id_name on parts (id, name);
            create table offers (id bigint, name text, foreign key (id, name) references parts (id, name));
            create view heavy as select id, more from parts where weight > 50;""";

    private final PostgresUrl large;

    PushIT() {
        large = ProvingIT.made(15, PARTS);
    }

    private static PostgresUrl copyOf(PostgresUrl template) {
        String name = "copy" + COPIES.incrementAndGet();
        try (Session session = Session.open(TestServers.server(15), "test")) {
            session.execute("create database " + Quoting.identifier(name) + " template "
                    + Quoting.identifier(template.database()));
        }
        return template.withDatabase(name);
    }

    /// Lint as the program has it, for one database.
    private static List<LintFinding> judged(PostgresUrl target, String sql) {
        Charters.Parsed charter = (Charters.Parsed) Charters.parse("""
                charter: 1
                environments: { staging: {} }
                databases: { target: { environment: staging, url: "${env:URL}" } }
                """, "charter.yaml", Path.of("/etc/pgcharter"));
        return new MigrationLint(charter.charter(), _ -> TestServers.text(target), () -> PARSER)
                .judge(sql, charter.charter().databases().keySet().iterator().next(), new QuietRun());
    }

    private static Scripted scripted(Side source, Side target) {
        return scripted(15, source, target);
    }

    private static Scripted scripted(int major, Side source, Side target) {
        return new Scripting(source, target, PARSER, (sql, _, _) -> judged(target.url(), sql), new QuietRun())
                .scripted(TestServers.server(major));
    }

    private static void pushed(PostgresUrl wanted, PostgresUrl database, Run run) {
        Side source = Side.read("source", wanted);
        Side target = Side.read("target", database);
        Scripted scripted = scripted(source, target);
        Push push = new Push(target, Side.carried(source.catalog()), run);
        push.requireRowsFit(scripted.online(), PARSER);
        push.carryOut(scripted.script());
    }

    private static void assertSame(PostgresUrl database, PostgresUrl wanted) {
        assertThat(Difference.between(
                                Side.read("reached", database).catalog(),
                                Side.read("wanted", wanted).catalog())
                        .changes())
                .isEmpty();
    }

    private static List<String> answer(PostgresUrl url, String sql) {
        try (Session session = Session.open(url, "test")) {
            return session.query(sql).stream().map(row -> row.string(0)).toList();
        }
    }

    /// Stops before the n-th step, or not at all.
    private static final class StoppingRun implements Run {
        private final QuietRun quiet = new QuietRun();
        private int left;

        StoppingRun(int steps) {
            left = steps;
        }

        @Override
        public RunId id() {
            return quiet.id();
        }

        @Override
        public Step begin(String name, long total, Unit unit) {
            return quiet.begin(name, total, unit);
        }

        @Override
        public void check() {
            // Only between steps.
        }

        @Override
        public void fence() {
            if (left-- == 0) {
                throw new IllegalStateException("stopped here");
            }
        }
    }

    @Test
    void what_takes_long_is_a_step_of_its_own_that_stops_nobody() {
        PostgresUrl wanted = ProvingIT.made(15, WANTED);
        Scripted scripted = scripted(Side.read("source", wanted), Side.read("target", large));

        ProvenScript script = scripted.script();
        List<String> slow = script.steps().stream()
                .filter(step -> step.kind() != Kind.QUICK)
                .map(step -> step.statements().getFirst())
                .toList();

        assertThat(slow)
                .filteredOn(statement -> statement.contains("INDEX CONCURRENTLY"))
                .hasSize(5);
        assertThat(slow)
                .filteredOn(statement -> statement.contains("VALIDATE CONSTRAINT"))
                .hasSize(3);
        assertThat(script.steps().stream()
                        .filter(step -> step.kind() == Kind.QUICK)
                        .flatMap(step -> step.statements().stream()))
                .noneMatch(statement -> statement.matches("(?is)create (unique )?index .* on public.parts .*"));
        assertThat(scripted.findings())
                .extracting(LintFinding::rule)
                .doesNotContain(
                        "index-not-concurrent",
                        "set-not-null",
                        "primary-key-scan",
                        "unique-constraint-scan",
                        "check-not-not-valid",
                        "foreign-key-not-not-valid");
        assertThat(script.losses()).isEmpty();
    }

    @Test
    void a_push_that_stops_goes_on_and_no_table_is_without_its_indexes_meanwhile() {
        stopsAt(ProvingIT.made(15, WANTED), Set.of(3, 8));
    }

    @Test
    @Tag("soak")
    void so_it_does_wherever_it_stops() {
        stopsAt(ProvingIT.made(15, WANTED), Set.of());
    }

    /// @param chosen all if empty
    private void stopsAt(PostgresUrl wanted, Set<Integer> chosen) {
        Side source = Side.read("source", wanted);
        Scripted scripted = scripted(source, Side.read("target", large));
        int steps = scripted.script().steps().size();
        assertThat(steps).isGreaterThan(9);
        for (int stop = 0; stop < steps; stop++) {
            if (!chosen.isEmpty() && !chosen.contains(stop)) {
                continue;
            }
            PostgresUrl database = copyOf(large);
            Push push = new Push(Side.read("target", database), Side.carried(source.catalog()), new StoppingRun(stop));

            assertThatThrownBy(() -> push.carryOut(scripted.script())).hasMessageContaining("stopped here");

            assertThat(answer(database, """
                            select indexrelid::regclass from pg_index
                             where indisvalid and indrelid = 'parts'::regclass order by 1""")).contains("parts_name", "parts_note");
            pushed(wanted, database, new QuietRun());
            assertSame(database, wanted);
            assertThat(answer(database, "select count(*)::text from parts")).containsExactly("130000");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 16, 17, 18})
    @Tag("soak")
    void so_it_does_on_other_versions(int major) {
        PostgresUrl wanted = ProvingIT.made(major, WANTED);
        PostgresUrl database = ProvingIT.made(major, PARTS);
        Side source = Side.read("source", wanted);
        Scripted first = scripted(major, source, Side.read("target", database));
        assertThat(first.script().steps()).hasSizeGreaterThan(9);
        Push stopped = new Push(Side.read("target", database), Side.carried(source.catalog()), new StoppingRun(5));

        assertThatThrownBy(() -> stopped.carryOut(first.script())).hasMessageContaining("stopped here");

        Side left = Side.read("target", database);
        new Push(left, Side.carried(source.catalog()), new QuietRun())
                .carryOut(scripted(major, source, left).script());
        assertSame(database, wanted);
        assertThat(answer(database, "select count(*)::text from parts")).containsExactly("130000");
    }

    @Test
    void an_index_that_was_left_invalid_is_built_anew() {
        PostgresUrl wanted = ProvingIT.made(15, PARTS + "create unique index parts_id on parts (id)");
        PostgresUrl database = copyOf(large);
        try (Session session = Session.open(database, "test")) {
            session.execute("update parts set id = 7 where id = 8");
            assertThatThrownBy(() -> session.execute("create unique index concurrently parts_id on parts (id)"))
                    .hasMessageContaining("parts_id");
            session.execute("update parts set id = 8 where name = 'name 8'");
        }

        pushed(wanted, database, new QuietRun());

        assertSame(database, wanted);
    }

    @Test
    void rows_that_do_not_fit_are_counted_before_anything_changes() {
        PostgresUrl database = copyOf(large);
        try (Session session = Session.open(database, "test")) {
            session.execute("update parts set weight = -1 where id in (5, 6);"
                    + "update parts set name = null where id in (7, 8, 9); update parts set maker = 9 where id = 10;"
                    + "update parts set id = 11 where id = 12");
        }
        String before = Side.read("before", database).catalog().fingerprint();

        assertThatThrownBy(() -> pushed(ProvingIT.made(15, WANTED), database, new QuietRun()))
                .hasMessageContaining("ROWS_IN_THE_WAY")
                .hasMessageContaining("2 rows of \"public\".\"parts\": rows against parts_weight")
                .hasMessageContaining("3 rows of \"public\".\"parts\": NULL")
                .hasMessageContaining("1 row of \"public\".\"parts\": (\"maker\") without a row")
                .hasMessageContaining("2 rows of \"public\".\"parts\": duplicates");

        assertThat(Side.read("after", database).catalog().fingerprint()).isEqualTo(before);
    }

    @Test
    void where_steps_cannot_be_proven_it_is_one_transaction_and_lint_says_what_that_costs() {
        // A safe form's steps are told apart by empty lines, and this literal has one.
        PostgresUrl wanted = ProvingIT.made(15, PARTS + "alter table parts add check (name <> E'a\\n\\nb')");

        Scripted scripted = scripted(Side.read("source", wanted), Side.read("target", large));

        assertThat(scripted.script().steps()).hasSize(1);
        assertThat(scripted.online()).isEmpty();
        assertThat(scripted.findings()).extracting(LintFinding::rule).contains("check-not-not-valid");
    }

    @Test
    void small_tables_are_changed_in_one_transaction() {
        PostgresUrl small = ProvingIT.made(15, PARTS.replace("130000", "130"));

        Scripted scripted = scripted(Side.read("source", ProvingIT.made(15, WANTED)), Side.read("target", small));

        assertThat(scripted.script().steps()).hasSize(1);
        assertThat(scripted.online()).isEmpty();
    }

    @Test
    void the_printed_script_does_the_same_in_psql() throws IOException {
        PostgresUrl wanted = ProvingIT.made(15, WANTED);
        PostgresUrl database = copyOf(large);
        ProvenScript script = scripted(Side.read("source", wanted), Side.read("target", database))
                .script();

        Path file = Files.writeString(TestServers.directory().resolve("push.sql"), script.text());
        new Program(
                        List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file.toString()),
                        Map.of(
                                "PGHOST", database.host(),
                                "PGPORT", "" + database.port(),
                                "PGDATABASE", database.database(),
                                "PGUSER", database.user()),
                        Optional.empty(),
                        Duration.ofMinutes(1))
                .runOrThrow("read what it says");

        assertSame(database, wanted);
    }
}
