package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.entry.cli.Cli;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every verb as a process: exit codes, what is on which stream, signals, terminals.
class VerbsIT {
    private static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true, reaches: [production, cold] }
              cold: { reaches: [cold] }
            databases:
              shop: { environment: production, url: "${env:SHOP_URL}" }
              copy: { environment: cold, url: "${env:COPY_URL}" }
              gone: { environment: cold, url: "postgres://nobody@127.0.0.1:1/gone?sslmode=disable" }
            repositories:
              vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" }
            backups:
              shop: { to: [vault], jobs: 2 }
            verification:
              shop: { smoke: ["select count(*) > 0 from item"] }
            flows:
              - { from: production, to: cold, what: data, rule: confirm }
            state: { url: "${env:STATE_URL}" }
            """;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Installation installation = Installation.shared();
    private final PostgresUrl shop = TestServers.fresh(15);
    private final PostgresUrl copy = TestServers.fresh(15);
    private final Path directory = TestServers.directory();

    @BeforeEach
    void write() throws IOException {
        execute(
                shop,
                "create table item (id int primary key, name text);"
                        + "insert into item select i, 'item ' || i from generate_series(1, 1000) i");
        Path charter = directory.resolve("charter.yaml");
        Files.writeString(charter, CHARTER);
        Map<String, String> variables = installation.variables();
        variables.put("PGCHARTER_CHARTER", charter.toString());
        variables.put("PGCHARTER_AS", "production");
        variables.put("PGCHARTER_STATE_DIRECTORY", directory.resolve("s").toString());
        variables.put("SHOP_URL", Scene.text(shop));
        variables.put("COPY_URL", Scene.text(copy));
        variables.put("STATE_URL", Scene.text(TestServers.fresh(15)));
        variables.put("VAULT", directory.resolve("vault").toString());
        variables.put("VAULT_PASSWORD", "canary horse battery");
    }

    private static void execute(PostgresUrl url, String sql) {
        try (Session session = Session.open(url, "test")) {
            session.execute(sql);
        }
    }

    /// Runs the command in this process, which is faster than starting one.
    private Installation.Ran here(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Optional.empty(),
                false,
                false,
                false,
                100);
        int code = new Cli(Wiring.shop(installation.variables()), screen).run(command.split(" ", -1));
        return new Installation.Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Runs the command with `--json` and sees that standard output is one document whose keys the manual names.
    private JsonNode json(int code, String command) throws IOException {
        Installation.Ran ran = here(command + " --json");
        assertThat(ran.code()).as(command + "\n" + ran.out() + ran.err()).isEqualTo(code);
        assertThat(ran.out() + ran.err()).doesNotContain("canary");
        JsonNode document = JSON.readTree(ran.out());
        assertThat(documented(command)).as(command).containsAll(keys("", document));
        if (document.path("outcome").asString("").equals("done") && document.has("report")) {
            assertThat(keys("", document)).as("the keys of " + command).containsAll(reportKeys(command, document));
        }
        return document;
    }

    /// `report.backups[].backup` and so on; the parts of a list of several outcomes count as one.
    private static Set<String> keys(String path, JsonNode node) {
        Set<String> keys = new TreeSet<>();
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            String key = path + property.getKey();
            JsonNode value = property.getValue();
            if (key.equals("results")) {
                value.forEach(result -> keys.addAll(keys("", result)));
            } else if (value.isArray()) {
                value.forEach(
                        element -> keys.addAll(element.isObject() ? keys(key + "[].", element) : Set.of(key + "[]")));
            } else if (value.isObject()) {
                keys.addAll(keys(key + ".", value));
            } else {
                keys.add(key);
            }
        }
        return keys;
    }

    /// Of the report, those that are there whatever the content: not in lists, which may be empty.
    private static Set<String> reportKeys(String command, JsonNode document) throws IOException {
        Set<String> keys = new TreeSet<>(documentedReport(command));
        keys.removeIf(key -> key.contains("[]"));
        assertThat(keys).as("the manual has no keys of " + command).isNotEmpty().doesNotContain("report");
        assertThat(document.path("run").asString("")).hasSize(12);
        return keys;
    }

    private static Set<String> documented(String command) throws IOException {
        Set<String> keys = documentedReport(command);
        keysOf("## Keys\n", "\\|.*\\|(.*)\\|").forEach(keys::add);
        return keys;
    }

    private static Set<String> documentedReport(String command) throws IOException {
        String[] words = command.split(" ", -1);
        String verb = words.length > 1 && Set.of("repository", "journal").contains(words[0])
                ? words[0] + " " + words[1]
                : words[0];
        return keysOf("## Keys of `report`\n", "\\| `" + verb + "` \\|(.*)\\|").stream()
                .map(key -> "report." + key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> keysOf(String heading, String row) throws IOException {
        String page = Files.readString(Path.of("docs/json.md"));
        String section =
                page.substring(page.indexOf(heading) + heading.length()).replaceFirst("(?s)\n## .*", "");
        return Pattern.compile(row)
                .matcher(section)
                .results()
                .flatMap(line ->
                        Pattern.compile("`([^`]+)`").matcher(line.group(1)).results())
                .map((MatchResult key) -> key.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_verb_ends_with_its_code_and_one_documented_json_document() throws IOException {
        json(0, "check");
        json(0, "status shop");
        assertThat(json(1, "status").path("results")).hasSize(3);
        assertThat(json(1, "backup shop").path("problem").path("code").stringValue())
                .isEqualTo("REPOSITORY_MISSING");
        json(0, "repository init vault");
        json(0, "backup shop");
        json(0, "backups");
        json(0, "verify shop");
        JsonNode waiting = json(4, "restore latest --of shop --into copy");
        assertThat(waiting.path("name").stringValue()).isEqualTo("copy");
        json(0, "restore latest --of shop --into copy --confirm copy");
        json(1, "restore latest --of shop --into copy --confirm copy");
        json(4, "explain copy shop copy");
        json(0, "explain backup shop");
        json(0, "copy shop copy --replace --confirm copy");
        json(3, "copy copy shop --confirm shop");
        json(3, "explain copy copy shop");
        json(3, "status shop --as cold");
        json(3, "approve 01234567");
        json(0, "cancel 0123456789ab");
        json(0, "repository list vault");
        json(0, "repository check vault --read-data");
        json(0, "repository stats vault");
        String backup = json(0, "backups").findValue("backup").stringValue();
        json(4, "repository forget vault " + backup);
        json(0, "repository forget vault " + backup + " --confirm vault");
        assertThat(json(0, "journal --last 500").path("entries").size()).isGreaterThan(50);
        json(0, "journal verify");
    }

    @Test
    void a_process_ends_with_the_code_and_keeps_results_and_the_rest_apart() {
        Installation.Ran done = installation.run("check");
        assertThat(done.code()).isZero();
        assertThat(done.out()).contains("✓ " + directory + "/charter.yaml is sound: ");
        assertThat(done.err()).isEmpty();
        for (Map.Entry<Integer, String> ending : Map.of(
                        1, "backup shop",
                        2, "bakcup shop",
                        3, "copy copy shop --confirm shop",
                        4, "copy shop copy")
                .entrySet()) {
            Installation.Ran ran = installation.run(ending.getValue().split(" ", -1));
            assertThat(ran.code()).as(ran.err()).isEqualTo(ending.getKey());
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).isNotEmpty().doesNotContain("Exception", "\tat ");
        }
        Installation.Ran json = installation.run("status", "shop", "--json");
        assertThat(JSON.readTree(json.out()).path("results")).hasSize(1);
        assertThat(json.err()).isEmpty();
    }

    @Test
    void what_cannot_be_understood_ends_with_2_also_as_json() throws IOException {
        for (String command : List.of("bakcup shop", "backup ship", "status --frobnicate", "demo", "completion")) {
            JsonNode document = json(2, command);
            assertThat(document.path("outcome").stringValue()).isEqualTo("failed");
            assertThat(document.path("problem").path("code").stringValue()).isIn("USAGE", "NOT_FOUND");
        }
        Files.writeString(directory.resolve("charter.yaml"), CHARTER.replace("to: [vault]", "to: [vaut]"));
        assertThat(json(2, "check").path("errors").get(0).path("message").stringValue())
                .contains("did you mean \"vault\"?");
        for (String command :
                List.of("status", "backup shop", "journal", "approve 01234567", "repository list vault")) {
            assertThat(json(2, command).path("problem").path("code").stringValue())
                    .isEqualTo("CHARTER_INVALID");
        }
        installation
                .variables()
                .put("PGCHARTER_CHARTER", directory.resolve("none.yaml").toString());
        json(2, "status");
    }

    @Test
    void tables_align_and_colours_and_bars_are_for_terminals_only() {
        here("repository init vault");
        Installation.Ran backup = here("backup shop");
        assertThat(backup.out()).startsWith("✓ backup ").doesNotContain("\u001b");
        assertThat(backup.err()).contains("copying rows: ").doesNotContain("\u001b", "━", "…");
        for (String command :
                List.of("status", "backups", "journal", "repository stats vault", "repository list vault")) {
            String plain = here(command).out();
            assertThat(plain).doesNotContain("\u001b");
            assertAligned(plain);
        }
        Installation.Ran shown = installation.runOnTerminal(120, "journal");
        assertThat(shown.out()).contains("\u001b[1m", "…");
        assertThat(withoutEscapes(shown.out()).lines())
                .allMatch(line -> line.length() < 120)
                .anyMatch(line -> line.length() == 119);
        assertAligned(withoutEscapes(shown.out()));
        assertThat(withoutEscapes(
                                installation.runOnTerminal(80, "status", "shop").out())
                        .lines()
                        .limit(5))
                .allMatch(line -> line.length() < 80);
        assertThat(installation.runOnTerminal(90, "backups", "--no-color").out())
                .doesNotContain("\u001b");
        installation.variables().put("NO_COLOR", "1");
        assertThat(installation.runOnTerminal(90, "backups").out()).doesNotContain("\u001b");
    }

    /// Under each gap of the line of dashes there are only blanks, whatever the row.
    private static void assertAligned(String out) {
        List<String> lines = out.lines().toList();
        int rule = IntStream.range(0, lines.size())
                .filter(index -> lines.get(index).startsWith("──"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no table in:\n" + out));
        int[] gaps = IntStream.range(0, lines.get(rule).length())
                .filter(column -> lines.get(rule).charAt(column) == ' ')
                .toArray();
        for (int row = rule - 1; row < lines.size() && !lines.get(row).isBlank(); row++) {
            String line = lines.get(row);
            if (!line.endsWith(" in vault")) {
                assertThat(IntStream.of(gaps).filter(gap -> gap < line.length()))
                        .as(out)
                        .allMatch(gap -> line.charAt(gap) == ' ');
            }
        }
    }

    private static String withoutEscapes(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "");
    }

    @Test
    void a_terminal_shows_part_rate_and_time_left() {
        enlarge();
        here("repository init vault");
        Installation.Ran shown = installation.runOnTerminal(120, "backup", "shop");
        assertThat(shown.code()).isZero();
        assertThat(withoutEscapes(shown.out()))
                .containsPattern("copying rows  ━+─* +\\d+ %  [0-9.]+ MB of [0-9.]+ MB  [0-9.]+ MB/s  .* left")
                .containsPattern("copying rows: [0-9.]+ MB in ")
                .contains("✓ backup ");
    }

    /// Enough rows for a backup to take a second or more.
    private void enlarge() {
        execute(shop, "create table large as select i, repeat(md5(i::text), 10) from generate_series(1, 500000) i");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void a_signal_cancels_a_backup_cleanly(String signal) throws IOException, InterruptedException {
        enlarge();
        here("repository init vault");
        Path log = directory.resolve("log");
        Process process = installation.start(log, "backup", "shop");
        try (Session watcher = Session.open(shop, "watcher")) {
            String copying = "select 1 from pg_stat_activity where datname = current_database()"
                    + " and query ilike '%copy%large%' and state = 'active' and pid <> pg_backend_pid()";
            await(() -> !process.isAlive() || !watcher.query(copying).isEmpty());
            if (signal.equals("INT")) {
                Installation.interrupt(process);
            } else {
                process.destroy();
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(log))
                    .contains("failed: backup of shop into vault", "CANCELLED: ", "remedy: ")
                    .doesNotContain("Exception", "\tat ", "✓");
            await(() -> watcher.query("select 1 from pg_stat_activity where datname = current_database()"
                            + " and pid <> pg_backend_pid()")
                    .isEmpty());
        }
        assertThat(here("journal").out().lines().toList().getLast()).containsPattern("ENDED +backup .*CANCELLED");
        assertThat(here("backups").out()).isEqualTo("no backups in vault\n");
        assertThat(here("backup shop").code()).isZero();
        assertThat(here("repository check vault --read-data").out()).contains("is whole");
    }

    private static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited for a minute").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void the_completion_script_is_bash_and_completes_verbs_and_options() throws IOException {
        Path script = directory.resolve("completion");
        Files.writeString(script, here("completion").out());
        Program.Ended ended = bash("bash -n " + script);
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(completed(script, "pgcharter", "ver")).containsExactly("verify");
        assertThat(completed(script, "pgcharter", "repository", "in")).containsExactly("init");
        assertThat(completed(script, "pgcharter", "restore", "--in")).containsExactly("--into");
    }

    private static List<String> completed(Path script, String... words) {
        Program.Ended ended = bash("source " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                // Called by hand and not by bash, its compopt complains.
                + (words.length - 1) + "; _complete_pgcharter 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(ended.errors()).isEmpty();
        return ended.output().lines().map(String::strip).toList();
    }

    private static Program.Ended bash(String command) {
        return new Program(List.of("bash", "-c", command), Map.of(), Optional.empty(), Duration.ofMinutes(1)).run();
    }
}
