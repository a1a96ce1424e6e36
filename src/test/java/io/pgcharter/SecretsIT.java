package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.storage.S3Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Every secret is a word found nowhere else, every verb is run so that it succeeds and so that it fails, and then the
/// words are looked for in all that was printed, stored, or could be seen of other processes.
class SecretsIT {
    private static final String CANARY = "canary7d1f";
    private static final List<String> SECRETS = List.of(CANARY, S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
    private static final String CHARTER = """
            charter: 1
            environments:
              production: {}
              cold: {}
            databases:
              shop: { environment: production, url: "${env:SHOP}" }
              copy: { environment: cold, url: "postgres://${env:COPY_USER}:${env:COPY_PASSWORD}@/${env:COPY_NAME}?host=${env:HOST}&sslmode=disable" }
              locked: { environment: production, url: "${env:LOCKED}" }
              gone: { environment: production, url: "postgres://keeper:${env:GONE_PASSWORD}@127.0.0.1:1/gone?sslmode=disable" }
              unnamed: { environment: production, url: "postgres://keeper:${env:NOT_SET}@127.0.0.1:1/gone?sslmode=disable" }
            repositories:
              vault: { path: repository, password: "${env:VAULT_PASSWORD}" }
              shut: { path: repository, password: "${env:WRONG_PASSWORD}" }
              bucket:
                s3: { bucket: vault, prefix: b, endpoint: "${env:ENDPOINT}", access-key: "${env:KEY}", secret-key: "${env:SECRET}" }
                password: "${env:VAULT_PASSWORD}"
              barred:
                s3: { bucket: vault, prefix: b, endpoint: "${env:ENDPOINT}", access-key: "${env:KEY}", secret-key: "${env:WRONG_PASSWORD}" }
                password: "${env:VAULT_PASSWORD}"
            backups:
              shop: { to: [vault, shut, bucket, barred], retention: { daily: 1 }, jobs: 2 }
              locked: { to: [vault] }
              gone: { to: [vault] }
              unnamed: { to: [vault] }
            verification:
              shop: { smoke: ["select count(*) = 1000 from item"] }
            flows:
              - { from: production, to: cold, what: data, rule: allow }
              - { from: production, to: production, what: data, rule: { approvals: 1, role: admin } }
            approvers: { admin: [nobody1, nobody2] }
            state: { url: "${env:STATE}" }
            """;

    private final Path directory = TestServers.directory();
    private final S3Server bucket = S3Server.start();
    private final PostgresUrl shop = TestServers.withPassword(15, CANARY + "-shop");
    private final PostgresUrl copy = TestServers.withPassword(15, CANARY + "-copy");
    private final PostgresUrl state = TestServers.withPassword(15, CANARY + "-state");
    private final Map<String, String> variables = new HashMap<>(Map.of(
            "SHOP", TestServers.text(shop).reveal(),
            "COPY_USER", copy.user(),
            "COPY_PASSWORD", CANARY + "-copy",
            "COPY_NAME", copy.database(),
            "HOST", copy.host(),
            "LOCKED", TestServers.text(shop).reveal().replace(CANARY + "-shop", CANARY + "-wrong"),
            "GONE_PASSWORD", CANARY + "-gone",
            "VAULT_PASSWORD", CANARY + "-vault",
            "WRONG_PASSWORD", CANARY + "-shut",
            "STATE", TestServers.text(state).reveal()));
    private final StringBuilder printed = new StringBuilder();
    private final List<String> surprises = new ArrayList<>();
    private final Set<String> programs = ConcurrentHashMap.newKeySet();

    @AfterEach
    void remove_everything() throws IOException {
        bucket.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void no_secret_is_printed_stored_or_passed_where_others_can_read_it() throws IOException {
        Files.writeString(directory.resolve("charter.yaml"), CHARTER);
        variables.put("PGCHARTER_CHARTER", directory.resolve("charter.yaml").toString());
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString());
        variables.put("ENDPOINT", "http://127.0.0.1:" + bucket.port());
        variables.put("KEY", S3Server.ACCESS_KEY);
        variables.put("SECRET", S3Server.SECRET_KEY);
        variables.put("SECOND_PASSWORD", CANARY + "-second");
        try (Session session = Session.open(shop, "test")) {
            session.execute("create table item (id int); insert into item select generate_series(1, 1000)");
        }
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream err = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        Thread watcher = Thread.ofPlatform().start(this::watchPrograms);
        try {
            runEveryVerb();
        } finally {
            watcher.interrupt();
            System.setErr(err);
        }

        assertThat(surprises).isEmpty();
        assertThat(printed.toString()).doesNotContain(SECRETS).contains("SECRET_UNRESOLVED", "LOGIN_REFUSED");
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain(SECRETS);
        assertThat(programs).anyMatch(program -> program.contains("pg_dump"));
        assertThat(programs).noneMatch(SecretsIT::holdsSecret);
        assertThat(files()).noneMatch(file -> holdsSecret(content(file)));
        assertThat(stored()).isEqualTo("0 0 0 0 0");
    }

    private void runEveryVerb() {
        commands(0, "repository init vault", "check", "backup shop --to vault", "backups --repository vault");
        commands(0, "verify shop --from vault", "restore latest --of shop --from vault --into copy");
        commands(0, "repository list vault", "repository check vault", "repository stats vault");
        commands(0, "cancel 0f1e2d3c4b5a", "journal", "explain backup shop", "completion");
        commands(1, "copy shop copy", "status", "status shop locked gone", "backup locked", "backup gone");
        commands(1, "backup unnamed", "copy locked copy", "copy gone copy", "backup shop --to shut");
        commands(1, "backups --repository shut", "repository check shut", "repository init shut", "journal verify");
        commands(4, "copy shop locked");
        commands(3, "approve 00000000", "copy copy shop");
        commands(0, "repository init bucket --like vault", "repository copy vault bucket", "backup shop --to bucket");
        commands(0, "repository check bucket --read-data", "repository repair bucket --from vault");
        commands(0, "backups pin latest --database shop --repository bucket --because test");
        commands(0, "backups unpin latest --database shop --repository bucket");
        commands(0, "repository key add vault --password env:SECOND_PASSWORD", "repository key list vault");
        commands(0, "repository prune bucket");
        commands(1, "retention plan shop", "retention apply shop --confirm shop");
        commands(1, "repository check barred", "repository init barred", "repository copy barred bucket");
        commands(0, "repository forget vault " + backup());
        for (String wrong : List.of("STATE", "STATE_GONE")) {
            variables.put(
                    "STATE",
                    wrong.equals("STATE")
                            ? TestServers.text(state).reveal().replace(CANARY + "-state", CANARY + "-nope")
                            : "postgres://keeper:" + CANARY + "-state@127.0.0.1:1/state?sslmode=disable");
            commands(1, "backup shop");
            assertThat(printed.toString()).contains("STATE_UNAVAILABLE");
        }
    }

    private String backup() {
        return new Commands(variables)
                .json("backups", "--repository", "vault", "--json")
                .at("/report/backups/0/backup")
                .asString();
    }

    /// Runs commands, for people and with `--json`; the first time each ends with `code`.
    private void commands(int code, String... lines) {
        for (String line : lines) {
            Commands commands = new Commands(variables);
            int ended = commands.run(line.split(" "));
            printed.append(commands.printed());
            if (ended != code) {
                surprises.add(line + " ended with " + ended + "\n" + commands.printed());
            }
            boolean isAskedAgain = code == 1 && !commands.printed().contains("STATE_UNAVAILABLE");
            if (isAskedAgain || line.startsWith("journal") || line.startsWith("backups")) {
                commands.run((line + " --json").split(" "));
                printed.append(commands.printed());
            }
        }
    }

    /// Notes the arguments of every process of this machine, as any user could.
    private void watchPrograms() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                processes
                        .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                        .forEach(process -> programs.add(arguments(process)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String arguments(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            // It has ended.
            return "";
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            assertThat(regular).anyMatch(file -> file.endsWith("journal.key"));
            return regular;
        }
    }

    private static boolean holdsSecret(String text) {
        return SECRETS.stream().anyMatch(text::contains);
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many rows of the control database hold a secret, table by table.
    private String stored() {
        try (Session session = Session.open(state, "test")) {
            assertThat(session.query("select count(*) from pgcharter.journal")
                            .getFirst()
                            .number(0))
                    .isGreaterThan(50);
            return session.query("""
                            select (select count(*) from pgcharter.journal where convert_from(leaf, 'UTF8') ~ $1) || ' '
                              || (select count(*) from pgcharter.run r where r::text ~ $1) || ' '
                              || (select count(*) from pgcharter.checkpoint c where c::text ~ $1) || ' '
                              || (select count(*) from pgcharter.pack_reading p where p::text ~ $1) || ' '
                              || (select count(*) from pgcharter.approval_request a where a::text ~ $1)""", String.join("|", SECRETS)).getFirst().string(0);
        }
    }
}
