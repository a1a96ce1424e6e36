package io.pgcharter;

import static io.pgcharter.Facts.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What must survive by its size, in the memory that the launcher gives (`heavy` in `./pgcharter`): a JVM of its own
/// for each command.
class SizeIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    private static final List<String> HEAVY =
            List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx320m", "-XX:MaxDirectMemorySize=96m");

    @Test
    void a_long_row_and_500_tables_survive() {
        assertSurvives("table_mb=5", "row_mb=15", "tables=500");
    }

    @Test
    @Tag("soak")
    void a_table_over_1_gb_survives() {
        assertSurvives("table_mb=1100");
    }

    @Test
    @Tag("soak")
    void a_row_over_100_mb_survives() {
        assertSurvives("row_mb=110");
    }

    @Test
    @Tag("soak")
    void a_row_of_300_mb_survives() {
        assertSurvives("row_mb=300");
    }

    @Test
    @Tag("soak")
    void ten_thousand_tables_survive() {
        assertSurvives("tables=10000");
    }

    /// PostgreSQL sends a row of COPY text as one message of less than 1 GiB, and `bytea` takes two digits a byte: no
    /// program can read such a row by COPY as text. That is said, and nothing is left that looks like a backup.
    @Test
    @Tag("soak")
    void a_row_beyond_what_copy_can_send_ends_the_backup() {
        try (Scene scene = Scene.on(15)) {
            scene.execute(Scene.SHOP, """
                    create table too_long (a bytea, b bytea);
                    insert into too_long select string_agg(decode(md5(i::text), 'hex'), ''), null from generate_series(1, 300 * 65536) i;
                    update too_long set b = a""");

            Program.Ended ended = command(scene, "backup", "shop");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.errors()).contains("STATEMENT_FAILED", "COPY \"public\".\"too_long\"", "out of memory");
            assertThat(scene.backups()).isEmpty();
        }
    }

    private static void assertSurvives(String... sizes) {
        PostgresUrl source = TestServers.fresh(15);
        Facts.load(source, "big.sql", List.of(sizes));
        try (Scene scene = new Scene(source, TestServers.fresh(15))) {
            scene.done(new Operation.RepositoryInit(Scene.VAULT));
            List<String> content = content(source);
            List<String> sequences = Facts.sequences(source);

            done(scene, "backup", "shop");
            done(scene, "verify", "shop");
            done(scene, "restore", "latest", "--of", "shop", "--into", "copy");

            assertSame(content, content(scene.url(Scene.COPY)));
            assertSame(sequences, Facts.sequences(scene.url(Scene.COPY)));

            PostgresUrl copy = scene.url(Scene.COPY);
            Facts.psql(copy.withDatabase("postgres"), "DROP DATABASE " + copy.database());
            Facts.psql(copy.withDatabase("postgres"), "CREATE DATABASE " + copy.database());
            done(scene, "copy", "shop", "copy");
            assertSame(content, content(copy));
        }
    }

    private static List<String> content(PostgresUrl url) {
        return Facts.psql(url, """
                SELECT 'table', count(*), sum(hashtextextended(payload, 0)) FROM public.big_table
                UNION ALL SELECT 'row ' || id, length(t), hashtextextended(t, 0) FROM public.big_row
                UNION ALL SELECT 'bytes ' || id, length(b), hashtextextended(md5(b), 0) FROM public.big_row
                UNION ALL SELECT 'relations', count(*), 0 FROM pg_class WHERE relnamespace = 'small'::regnamespace
                ORDER BY 1""");
    }

    private static void done(Scene scene, String... arguments) {
        Program.Ended ended = command(scene, arguments);
        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        assertThat(ended.errors()).doesNotContain("OutOfMemory", "Exception");
    }

    private static Program.Ended command(Scene scene, String... arguments) {
        Path target = Path.of("target").toAbsolutePath();
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(HEAVY);
        words.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Dpgcharter.home=" + System.getProperty("pgcharter.home", "."),
                "-cp",
                target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                "io.pgcharter.Main"));
        words.addAll(List.of(arguments));
        Map<String, String> environment = new java.util.HashMap<>(scene.variables);
        environment.put(
                "PGCHARTER_CHARTER", scene.directory.resolve("charter.yaml").toString());
        // The corridor of the scene and the child share one state: that is what it is made for.
        return new Program(words, environment, Optional.empty(), TIMEOUT).run();
    }
}
