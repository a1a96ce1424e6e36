package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.entry.cli.Cli;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.PostgresBinaries;
import io.pgcharter.platform.sandbox.Sandboxes;
import io.pgcharter.platform.sandbox.Sandboxes.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole program, from arguments to exit code, against real servers.
class CliIT {
    private static final String CHARTER =
            """
            charter: 1
            environments:
              production: { protected: true, reaches: [production] }
              development: { reaches: [development] }
              scripts: { reaches: [production, development, scripts] }
            databases:
              shop: { environment: production, url: "${env:SHOP}" }
              copy: { environment: development, url: "${env:COPY}" }
              gone: { environment: development, url: "postgres://nobody@127.0.0.1:1/gone?sslmode=disable" }
            repositories:
              onsite: { path: repository, password: "${env:PASSWORD}" }
            backups:
              shop: { to: [onsite] }
            flows:
              - { from: production, to: development, what: data, rule: confirm }
            """;
    private static final String CANARY = "canary-7d1f";

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Optional<Sandbox> server = Optional.empty();
    private Map<String, String> variables = Map.of();

    @BeforeEach
    void start_a_server_with_a_shop() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        PostgresBinaries binaries =
                new PostgresBinaries(Path.of("/usr/lib/postgresql"), directory.resolve("none"), directory.resolve("none"));
        Sandbox sandbox = new Sandboxes(binaries, directory.resolve("s")).start(15);
        server = Optional.of(sandbox);
        try (Session session = Session.open(sandbox.url(), "test")) {
            session.execute("create database shop");
            session.execute("create database copy");
        }
        try (Session session = Session.open(sandbox.url().withDatabase("shop"), "test")) {
            session.execute("create table item (id int primary key, name text);"
                    + "insert into item select i, 'item ' || i from generate_series(1, 1000) i");
        }
        Files.writeString(directory.resolve("charter.yaml"), CHARTER);
        variables = Map.of(
                "SHOP", text(sandbox.url(), "shop"),
                "COPY", text(sandbox.url(), "copy"),
                "PASSWORD", CANARY,
                "PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString(),
                "PGCHARTER_STATE_DIRECTORY", directory.resolve("state").toString());
    }

    @AfterEach
    void stop_it() {
        server.ifPresent(Sandbox::close);
    }

    @Test
    void a_backup_is_taken_listed_proven_restored_and_journaled() {
        assertThat(run("backup", "shop", "--as", "scripts")).isEqualTo(1);
        assertThat(text(err)).contains("REPOSITORY_MISSING", "remedy: ");
        assertThat(run("repository", "init", "onsite", "--as", "scripts")).isZero();
        assertThat(run("backup", "shop", "--as", "scripts")).isZero();

        JsonNode backups = json("backups", "--as", "scripts", "--json").path("report").path("backups");
        assertThat(backups).hasSize(1);
        assertThat(backups.get(0).path("rowCount").longValue()).isEqualTo(1000);
        assertThat(run("verify", "shop", "--as", "scripts")).isZero();
        assertThat(text(out)).contains("✓ proven: backup ", "1,000 rows");
        assertThat(json("backups", "--as", "scripts", "--json").path("report").path("backups").get(0).path("provenAt").stringValue())
                .isNotEmpty();

        assertThat(run("restore", "latest", "--of", "shop", "--into", "copy", "--as", "scripts")).isEqualTo(4);
        String name = json("restore", "latest", "--of", "shop", "--into", "copy", "--as", "scripts", "--json").path("name").stringValue();
        assertThat(run("restore", "latest", "--of", "shop", "--into", "copy", "--as", "scripts", "--confirm", name)).isZero();
        assertThat(run("restore", "latest", "--of", "shop", "--into", "copy", "--as", "scripts", "--confirm", name)).isEqualTo(1);
        assertThat(text(err)).contains("TARGET_NOT_EMPTY");

        assertThat(json("journal", "--json").path("entries").size()).isGreaterThan(20);
        assertThat(run("journal", "verify")).isZero();
        assertThat(text(out)).contains("the journal holds");
    }

    @Test
    void what_the_charter_does_not_allow_is_refused_with_rule_and_line() {
        assertThat(run("status", "shop", "--as", "development")).isEqualTo(3);
        assertThat(text(err)).contains("refused: status of shop").containsPattern("charter\\.yaml:\\d+\\)");
        assertThat(run("copy", "copy", "shop", "--as", "scripts", "--confirm", "shop")).isEqualTo(3);
        assertThat(run("explain", "copy", "copy", "shop", "--as", "scripts")).isEqualTo(3);
        assertThat(json("copy", "copy", "shop", "--as", "scripts", "--json").path("outcome").stringValue()).isEqualTo("refused");
    }

    @Test
    void status_shows_a_database_that_answers_beside_one_that_does_not() {
        assertThat(run("status", "--as", "scripts")).isEqualTo(1);

        assertThat(text(out)).containsPattern("shop +production +ok, protected +15\\.").containsPattern("gone +development +unreachable");
        assertThat(text(err)).contains("unreachable: gone: SERVER_UNREACHABLE");
    }

    @Test
    void no_output_ever_shows_a_password() {
        run("repository", "init", "onsite", "--as", "scripts");
        for (String[] words : new String[][] {
            {"check"}, {"status", "--as", "scripts"}, {"backup", "shop", "--as", "scripts"}, {"repository", "stats", "onsite", "--as", "scripts"},
            {"journal"}, {"journal", "--json"}, {"explain", "backup", "shop", "--as", "scripts"}
        }) {
            run(words);
            assertThat(text(out) + text(err)).doesNotContain(CANARY);
        }
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Optional.empty(),
                false,
                false,
                false,
                100);
        return new Cli(Wiring.shop(variables), screen).run(words);
    }

    private JsonNode json(String... words) {
        run(words);
        return JsonMapper.builder().build().readTree(text(out));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private static String text(PostgresUrl url, String database) {
        return "postgres://" + url.user() + "@/" + database + "?sslmode=disable&host=" + url.host();
    }
}
