package io.pgcharter.platform.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotReader;
import io.pgcharter.platform.repository.SnapshotWriter;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The survival data set (`everything.sql` and its neighbours) goes into a repository and out of it again; what comes
/// out is compared with what went in by `pg_dump` and `psql`, not by our own code.
final class SurvivalIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /// So that both databases write values alike: the set gives its database settings that change them.
    private static final String PINNED =
            "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c xmloption=content"
                    + " -c extra_float_digits=3 -c bytea_output=hex -c standard_conforming_strings=on -c search_path=pg_catalog"
                    + " -c client_min_messages=error";

    private static final Map<Integer, Pair> EVERYTHING = new ConcurrentHashMap<>();

    /// A database and what became of it.
    private record Pair(PostgresUrl source, PostgresUrl target, Manifest manifest) {}

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void schema_with_owners_comments_and_grants_survives(int major) {
        Pair pair = everything(major);

        assertSame(schema(pair.source()), schema(pair.target()));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void every_row_survives_and_the_proof_agrees(int major) {
        Pair pair = everything(major);

        List<String> before = rows(pair.source());
        assertThat(before).hasSizeGreaterThan(60);
        assertSame(before, rows(pair.target()));
        new Proof(pair.target(), 2, new QuietRun()).require(pair.manifest());
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void sequences_survive(int major) {
        Pair pair = everything(major);

        List<String> before = sequences(pair.source());
        assertThat(before).contains("tables.called|17|t", "tables.never_called|42|f", "tables.set_not_called|1000|f");
        assertSame(before, sequences(pair.target()));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void large_objects_survive_with_owner_comment_and_grants(int major) {
        Pair pair = everything(major);

        List<String> before = largeObjects(pair.source());
        assertThat(before).hasSize(7);
        assertSame(before, largeObjects(pair.target()));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void settings_of_the_database_and_of_roles_in_it_survive(int major) {
        Pair pair = everything(major);

        List<String> before = settings(pair.source());
        assertThat(before).hasSizeGreaterThan(10);
        assertSame(before, settings(pair.target()));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void privileges_and_comment_of_the_database_survive(int major) {
        Pair pair = everything(major);

        assertSame(databaseItself(pair.source()), databaseItself(pair.target()));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void rows_hashed_by_an_enum_are_found_again(int major) {
        PostgresUrl source = TestServers.fresh(major);
        load(source, "hash-by-enum.sql", List.of());
        Pair pair = throughRepository(source);

        // Equality on the partition key looks only into the leaf the hash names: misplaced rows are not seen.
        String counts = """
                SELECT t, (SELECT count(*) FROM public.by_enum WHERE tint = t) FROM unnest(enum_range(NULL::public.tint)) t""";
        List<String> before = psql(source, counts);
        assertThat(before).hasSize(8).allMatch(line -> line.endsWith("|100"));
        assertSame(before, psql(pair.target(), counts));
    }

    @Test
    void long_rows_and_many_tables_survive() {
        assertSurvives(List.of("table_mb=20", "row_mb=10", "tables=500"));
    }

    @Test
    @Tag("soak")
    void a_table_over_1_gb_a_row_over_100_mb_and_10000_tables_survive() {
        assertSurvives(List.of("table_mb=1100", "row_mb=110", "tables=10000"));
    }

    private static void assertSurvives(List<String> sizes) {
        PostgresUrl source = TestServers.fresh(15);
        load(source, "big.sql", sizes);
        Pair pair = throughRepository(source);

        String content = """
                SELECT 'table', count(*), sum(hashtextextended(payload, 0)) FROM public.big_table
                UNION ALL SELECT 'row ' || id, length(t), hashtextextended(t, 0) FROM public.big_row
                UNION ALL SELECT 'bytes ' || id, length(b), hashtextextended(md5(b), 0) FROM public.big_row
                UNION ALL SELECT 'relations', count(*), 0 FROM pg_class WHERE relnamespace = 'small'::regnamespace
                ORDER BY 1""";
        assertSame(psql(source, content), psql(pair.target(), content));
        assertSame(sequences(source), sequences(pair.target()));
        new Proof(pair.target(), 2, new QuietRun()).require(pair.manifest());
    }

    // --- the way through a repository
    // ---------------------------------------------------------------------------------

    private static Pair everything(int major) {
        return EVERYTHING.computeIfAbsent(major, _ -> {
            PostgresUrl source = TestServers.fresh(major);
            load(source, "everything.sql", List.of());
            return throughRepository(source);
        });
    }

    private static Pair throughRepository(PostgresUrl source) {
        Run run = new QuietRun();
        PostgresUrl target = TestServers.fresh(major(source));
        Path directory = TestServers.directory().resolve("repository");
        try (Repository repository = Repository.init(directory, new Secret("secret"));
                SnapshotReader reader = repository.read(backup(source, repository, run))) {
            RepositorySource dump = RepositorySource.open(reader);
            new Loader(dump, target, 2, run).load(Selection.everything());
            new TargetDatabase(target).applySettings(target, dump, new ArrayList<>());
            return new Pair(source, target, dump.manifest());
        }
    }

    private static Snapshot backup(PostgresUrl source, Repository repository, Run run) {
        try (LiveSource live = LiveSource.open(source, SchemaDump.ofThisMachine());
                SnapshotWriter writer = repository.write()) {
            Manifest manifest = new DumpWriter(live, writer::file, run).write(2, "pgcharter test");
            return writer.commit(manifest.takenAt(), "test", List.of("/everything"), List.of());
        }
    }

    private static void load(PostgresUrl url, String file, List<String> variables) {
        List<String> words = new ArrayList<>(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"));
        variables.forEach(variable -> words.addAll(List.of("-v", variable)));
        words.addAll(List.of("-f", resource(file).toString()));
        output(words, url, "-c client_min_messages=error");
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(SurvivalIT.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    // --- what is compared
    // ---------------------------------------------------------------------------------------------

    private static List<String> schema(PostgresUrl url) {
        return output(List.of("pg_dump", "--schema-only"), url, PINNED)
                .lines()
                .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
                .toList();
    }

    /// A line for each table and populated materialized view: name, rows, digest of the rows' text in order.
    private static List<String> rows(PostgresUrl url) {
        return psql(url, """
                SELECT format('SELECT %L, count(*), md5(coalesce(string_agg(line, E''\\n'' ORDER BY line COLLATE "C"), ''''))
                  FROM (SELECT textin(record_out("the row")) AS line FROM ONLY %I.%I AS "the row") AS lines',
                  replace(nspname || '.' || relname, E'\\n', ' '), nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE (relkind = 'r' OR relkind = 'm' AND relispopulated) AND nspname !~ '^(pg_|information_schema$)'
                ORDER BY nspname, relname \\gexec""");
    }

    private static List<String> sequences(PostgresUrl url) {
        return psql(url, """
                SELECT format('SELECT %L, last_value, is_called FROM %I.%I', replace(nspname || '.' || relname, E'\\n', ' '), nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'S'
                ORDER BY nspname, relname \\gexec""");
    }

    private static List<String> largeObjects(PostgresUrl url) {
        return psql(url, """
                SELECT oid, lomowner::regrole, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(lomacl) a),
                  md5(obj_description(oid, 'pg_largeobject')), length(lo_get(oid)), md5(lo_get(oid))
                FROM pg_largeobject_metadata ORDER BY oid""");
    }

    private static List<String> settings(PostgresUrl url) {
        return psql(url, """
                SELECT setrole::regrole, unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                WHERE datname = current_database() ORDER BY 1, 2""");
    }

    private static List<String> databaseItself(PostgresUrl url) {
        return psql(url, """
                SELECT shobj_description(oid, 'pg_database'), (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a)
                FROM pg_database WHERE datname = current_database()""");
    }

    /// Equal lines; a failure shows only some of the differing ones, for there are thousands.
    private static void assertSame(List<String> before, List<String> after) {
        List<String> lost = some(before, after);
        List<String> strange = some(after, before);
        assertThat(lost)
                .as("what was there before; now there is %s instead", strange)
                .isEmpty();
        assertThat(strange).as("what was not there before").isEmpty();
        assertThat(after.equals(before)).as("the same lines in the same order").isTrue();
    }

    /// The first lines of `these` that are not among `those`, as often as they are.
    private static List<String> some(List<String> these, List<String> those) {
        Map<String, Integer> counts = new HashMap<>();
        those.forEach(line -> counts.merge(line, 1, Integer::sum));
        return these.stream()
                .filter(line -> counts.merge(line, -1, Integer::sum) < 0)
                .limit(12)
                .map(line -> line.substring(0, Math.min(300, line.length())))
                .toList();
    }

    // --- PostgreSQL's own programs
    // ------------------------------------------------------------------------------------

    private static int major(PostgresUrl url) {
        return Integer.parseInt(psql(url, "SHOW server_version_num").getFirst()) / 10_000;
    }

    private static List<String> psql(PostgresUrl url, String sql) {
        Path script = TestServers.directory().resolve("query.sql"); // -c knows no \gexec
        try {
            Files.writeString(script, sql + (sql.endsWith("\\gexec") ? "\n" : ";\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> words = List.of("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", script.toString());
        return output(words, url, PINNED).lines().toList();
    }

    private static String output(List<String> words, PostgresUrl url, String options) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PGHOST", url.host(),
                "PGPORT", Integer.toString(url.port()),
                "PGDATABASE", url.database(),
                "PGUSER", url.user(),
                "PGOPTIONS", options));
        url.password().ifPresent(password -> environment.put("PGPASSWORD", password.reveal()));
        return new Program(words, environment, Optional.empty(), TIMEOUT)
                .runOrThrow("read what it says")
                .output();
    }

    /// A run that nobody watches or cancels.
    private static final class QuietRun implements Run {
        @Override
        public RunId id() {
            return new RunId("0123456789ab");
        }

        @Override
        public Step begin(String name, long total, Unit unit) {
            return new QuietStep();
        }

        @Override
        public void check() {}

        @Override
        public void fence() {}
    }

    private static final class QuietStep implements Run.Step {
        @Override
        public void add(long count) {}

        @Override
        public void close() {}
    }
}
