package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.process.Program;
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

/// What PostgreSQL's own programs say of a database: the yardstick for what was restored, independent of our code.
///
/// @param schema `pg_dump --schema-only`, with owners, privileges and comments; empty for servers newer than the
///     machine's `pg_dump`
/// @param rows of each table and populated materialized view: name, count, digest of the rows' text in order
/// @param sequences `last_value` and `is_called` of each
/// @param largeObjects oid, owner, privileges, digest of the comment, length, digest of the content
/// @param settings of the database, and of roles in it
/// @param itself encoding, locale, comment and privileges of the database
record Facts(
        List<String> schema,
        List<String> rows,
        List<String> sequences,
        List<String> largeObjects,
        List<String> settings,
        List<String> itself) {
    private static final Duration TIMEOUT = Duration.ofMinutes(20);

    /// So that both databases write values alike: the survival set gives its database settings that change them.
    private static final String PINNED =
            "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c xmloption=content"
                    + " -c extra_float_digits=3 -c bytea_output=hex -c standard_conforming_strings=on -c search_path=pg_catalog"
                    + " -c client_min_messages=error";

    private static final int PG_DUMP_MAJOR_MAX = 15;

    static Facts of(PostgresUrl url) {
        return new Facts(schema(url), rows(url), sequences(url), largeObjects(url), settings(url), itself(url));
    }

    static List<String> schema(PostgresUrl url) {
        if (major(url) > PG_DUMP_MAJOR_MAX) {
            return List.of();
        }
        return output(List.of("pg_dump", "--schema-only"), url, PINNED)
                .lines()
                .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
                .toList();
    }

    /// Values of `reg*` types are written with their schema, whatever is in the search path; see [#PINNED].
    static List<String> rows(PostgresUrl url) {
        return psql(url, """
                SELECT format('SELECT %L, count(*), md5(coalesce(string_agg(line, E''\\n'' ORDER BY line COLLATE "C"), ''''))
                  FROM (SELECT textin(record_out("the row")) AS line FROM ONLY %I.%I AS "the row") AS lines',
                  replace(nspname || '.' || relname, E'\\n', ' '), nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE (relkind = 'r' OR relkind = 'm' AND relispopulated) AND nspname !~ '^(pg_|information_schema$)'
                ORDER BY nspname COLLATE "C", relname COLLATE "C" \\gexec""");
    }

    static List<String> sequences(PostgresUrl url) {
        return psql(url, """
                SELECT format('SELECT %L, last_value, is_called FROM %I.%I', replace(nspname || '.' || relname, E'\\n', ' '), nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'S'
                ORDER BY nspname COLLATE "C", relname COLLATE "C" \\gexec""");
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

    private static List<String> itself(PostgresUrl url) {
        return psql(url, """
                SELECT pg_encoding_to_char(encoding), datcollate, datctype, to_jsonb(d) ->> 'datlocprovider',
                  coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'), datdba::regrole,
                  shobj_description(oid, 'pg_database'), (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a)
                FROM pg_database d WHERE datname = current_database()""");
    }

    /// Equal lines; a failure shows only some of the differing ones, for there are thousands.
    static void assertSame(List<String> before, List<String> after) {
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

    static int major(PostgresUrl url) {
        return Integer.parseInt(psql(url, "SHOW server_version_num").getFirst()) / 10_000;
    }

    /// Loads one of the scripts beside the survival set.
    ///
    /// @param variables of psql, `name=value`
    static void load(PostgresUrl url, String file, List<String> variables) {
        List<String> words = new ArrayList<>(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"));
        variables.forEach(variable -> words.addAll(List.of("-v", variable)));
        words.addAll(List.of("-f", resource(file).toString()));
        output(words, url, "-c client_min_messages=error");
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Facts.class.getResource("survival/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> psql(PostgresUrl url, String sql) {
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
        Map<String, String> environment = new HashMap<>(environment(url));
        environment.put("PGOPTIONS", options);
        return new Program(words, environment, Optional.empty(), TIMEOUT)
                .runOrThrow("read what it says")
                .output();
    }

    /// How libpq finds the database.
    static Map<String, String> environment(PostgresUrl url) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PGHOST", url.host(),
                "PGPORT", Integer.toString(url.port()),
                "PGDATABASE", url.database(),
                "PGUSER", url.user()));
        url.password().ifPresent(password -> environment.put("PGPASSWORD", password.reveal()));
        return environment;
    }
}
