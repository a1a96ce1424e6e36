package io.pgcharter;

import static io.pgcharter.Facts.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The survival set (`everything.sql` and its neighbours) goes every way a database can go. What arrives is compared
/// with what left by `pg_dump` and `psql`, not by our own code.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurvivalIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /// What `restore.sh` may use; `grep` is no part of coreutils, but of every Debian.
    private static final List<String> STOCK_TOOLS = List.of("sh", "cat", "dirname", "grep");

    /// The way of a database.
    private enum Way {
        RESTORE_IN_PLACE,
        RESTORE_AS_NEW,
        COPY,
        SCRIPT;

        boolean carriesTheDatabaseItself() {
            return this == RESTORE_AS_NEW || this == SCRIPT;
        }
    }

    /// A loaded source, its facts, a backup of it, and empty databases that it may go to.
    private record Origin(Scene scene, Facts facts, Report.Backup backup, Map<DatabaseName, PostgresUrl> targets) {
        static Origin of(int major) {
            Map<DatabaseName, PostgresUrl> targets = new HashMap<>();
            StringBuilder lines = new StringBuilder();
            for (int to : List.of(14, 15, 18)) {
                for (Way way : Way.values()) {
                    PostgresUrl target = TestServers.fresh(to);
                    targets.put(name(to, way), target);
                    lines.append(
                            "  %s: { environment: cold, url: \"%s\" }\n".formatted(name(to, way), Scene.text(target)));
                }
            }
            Facts.psql(TestServers.server(18), """
                    SELECT 'CREATE ROLE ' || name FROM unnest(ARRAY['survival_owner', 'survival_reader', '"Odd ""Role"" it''s $1"']) name
                    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'survival_owner') \\gexec""");
            PostgresUrl source = TestServers.fresh(major);
            Scene scene = new Scene(source, TestServers.fresh(major), CHARTER.replace("TARGETS", lines));
            scene.done(new Operation.RepositoryInit(Scene.VAULT));
            Facts.load(source, "everything.sql", List.of());
            Facts.load(source, "hash-by-enum.sql", List.of());
            return new Origin(scene, Facts.of(source), scene.backup(), targets);
        }

        static DatabaseName name(int major, Way way) {
            return new DatabaseName("to_" + major + "_" + way.name().toLowerCase(Locale.ROOT));
        }
    }

    private static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true }
              cold: {}
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
            TARGETS
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
            flows:
              - { from: production, to: cold, what: data, rule: allow }
            """;

    private final Map<Integer, Origin> origins = new HashMap<>();

    private Origin origin(int major) {
        return origins.computeIfAbsent(major, Origin::of);
    }

    @AfterAll
    void close() {
        origins.values().forEach(origin -> origin.scene().close());
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @CsvSource({
        "14, 14, RESTORE_IN_PLACE",
        "14, 14, RESTORE_AS_NEW",
        "14, 14, COPY",
        "14, 14, SCRIPT",
        "15, 15, RESTORE_IN_PLACE",
        "15, 15, RESTORE_AS_NEW",
        "15, 15, COPY",
        "15, 15, SCRIPT",
        "14, 15, RESTORE_IN_PLACE",
        "14, 18, COPY",
    })
    void everything_survives(int from, int to, Way way) {
        Origin origin = origin(from);

        PostgresUrl target = send(origin, to, way);

        Facts before = origin.facts();
        Facts after = Facts.of(target);
        assertThat(before.rows()).hasSizeGreaterThan(65);
        assertSame(withoutEnumLeaves(before.rows()), withoutEnumLeaves(after.rows()));
        assertSame(before.sequences(), after.sequences());
        assertThat(before.sequences())
                .contains("tables.called|17|t", "tables.never_called|42|f", "tables.set_not_called|1000|f");
        assertThat(before.largeObjects()).hasSize(7);
        assertSame(before.largeObjects(), after.largeObjects());
        assertSame(tints(origin.scene().url(Scene.SHOP)), tints(target));
        if (from == to) {
            assertThat(before.schema()).hasSizeGreaterThan(2_000);
            assertSame(before.schema(), after.schema());
        }
        if (way.carriesTheDatabaseItself()) {
            assertThat(before.settings()).hasSizeGreaterThan(10);
            assertSame(before.settings(), after.settings());
            assertSame(before.itself(), after.itself());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15})
    void everything_is_proven(int major) {
        Origin origin = origin(major);

        Report.Verify proof = origin.scene().verify(origin.backup().backup());

        assertThat(proof.fingerprint()).isEqualTo(origin.backup().fingerprint());
        assertThat(proof.notes()).noneMatch(note -> note.contains("missing here"));
    }

    @Test
    void identity_columns_and_sequences_continue_where_they_were() {
        Origin origin = origin(14);
        PostgresUrl target = send(origin, 15, Way.COPY);

        // What comes next is the same on both sides; the source first, for it is the one that is right.
        String next = """
                INSERT INTO tables.identities (base) VALUES (7) RETURNING a, b, "double", label""";
        String more = """
                SELECT nextval('tables.called'), nextval('tables.never_called'), nextval('tables.set_not_called'),
                  nextval('tables.descending')""";
        PostgresUrl source = origin.scene().url(Scene.SHOP).withDatabase(cloneOf(origin.scene()));

        assertSame(Facts.psql(source, next), Facts.psql(target, next));
        assertSame(Facts.psql(source, more), Facts.psql(target, more));
    }

    /// So that the origin stays as it is.
    private static String cloneOf(Scene scene) {
        String source = scene.url(Scene.SHOP).database();
        Facts.psql(
                scene.url(Scene.SHOP).withDatabase("postgres"),
                "CREATE DATABASE %1$s_clone TEMPLATE %1$s".formatted(source));
        return source + "_clone";
    }

    @Test
    void the_set_holds_every_built_in_type_that_a_column_can_have() {
        List<String> missing = Facts.psql(origin(15).scene().url(Scene.SHOP), """
                SELECT typname FROM pg_type t WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
                  AND typcategory <> 'A' AND typname NOT IN ('gtsvector', 'pg_node_tree', 'pg_ndistinct',
                    'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary')
                  AND NOT EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
                    WHERE atttypid = t.oid AND relkind = 'r' AND attnum > 0 AND relnamespace::regnamespace::text !~ '^(pg_|information)')
                ORDER BY 1""");

        assertThat(missing).isEmpty();
    }

    // --- the ways
    // -------------------------------------------------------------------------------------------------------

    private static PostgresUrl send(Origin origin, int major, Way way) {
        DatabaseName name = Origin.name(major, way);
        PostgresUrl target = Objects.requireNonNull(origin.targets().get(name));
        switch (way) {
            case RESTORE_IN_PLACE -> origin.scene().done(restore(origin.backup(), name, Optional.empty()));
            case RESTORE_AS_NEW -> {
                target = target.withDatabase(target.database() + " \"new\"");
                origin.scene().done(restore(origin.backup(), name, Optional.of(target.database())));
            }
            case COPY -> origin.scene().done(new Operation.Copy(Scene.SHOP, name, false));
            case SCRIPT -> runScript(fetchByRestic(origin.scene(), origin.backup()), target);
        }
        return target;
    }

    private static Operation.Restore restore(Report.Backup backup, DatabaseName into, Optional<String> newDatabase) {
        return new Operation.Restore(backup.backup(), Scene.VAULT, Scene.SHOP, into, List.of(), newDatabase);
    }

    private static Path fetchByRestic(Scene scene, Report.Backup backup) {
        Path directory = TestServers.directory();
        List<String> words =
                List.of("restic", "--no-cache", "restore", backup.backup().text(), "--target", directory.toString());
        Map<String, String> environment = Map.of(
                "RESTIC_REPOSITORY",
                scene.directory.resolve("vault").toString(),
                "RESTIC_PASSWORD",
                "correct horse battery");
        new Program(words, environment, Optional.empty(), TIMEOUT).runOrThrow("read what it says");
        return directory;
    }

    /// With `psql` and [#STOCK_TOOLS] on the `PATH`, and nothing else.
    private static void runScript(Path dump, PostgresUrl target) {
        Path tools = TestServers.directory();
        STOCK_TOOLS.forEach(tool -> link(tools, tool, Path.of("/usr/bin"), Path.of("/bin")));
        link(tools, "psql", Path.of("/usr/lib/postgresql/15/bin"), Path.of("/usr/bin"));
        Map<String, String> environment = new HashMap<>(Facts.environment(target));
        environment.put("PATH", tools.toString());
        environment.put("LC_ALL", "C"); // psql would take its encoding from here
        environment.put("RESTORE_DATABASE_SETTINGS", "yes");
        String words = "dbname='" + target.database() + "'";
        Program.Ended ended = new Program(
                        List.of(dump.resolve("restore.sh").toString(), words), environment, Optional.empty(), TIMEOUT)
                .run();
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.errors()).doesNotContain("ERROR", "NOTICE");
        assertThat(ended.output()).startsWith("restored: ");
    }

    private static void link(Path tools, String tool, Path... places) {
        Path program = Stream.of(places)
                .map(place -> place.resolve(tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        try {
            Files.createSymbolicLink(tools.resolve(tool), program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- what only survives as a whole
    // ----------------------------------------------------------------------------------

    /// Where a row belongs depends on oids, which a restore gives anew: see `hash-by-enum.sql`.
    private static List<String> withoutEnumLeaves(List<String> rows) {
        return rows.stream().filter(line -> !line.startsWith("public.by_enum_")).toList();
    }

    /// Equality on the partition key looks only into the leaf the hash names: misplaced rows are not seen.
    private static List<String> tints(PostgresUrl url) {
        List<String> counts = Facts.psql(url, """
                SELECT t, (SELECT count(*) FROM public.by_enum WHERE tint = t) FROM unnest(enum_range(NULL::public.tint)) t""");
        assertThat(counts).hasSize(8).allMatch(line -> line.endsWith("|100"));
        return counts;
    }
}
