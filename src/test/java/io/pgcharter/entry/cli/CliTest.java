package io.pgcharter.entry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Reason;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CliTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final RunId RUN = new RunId("0123456789ab");
    private static final BackupId OLD = new BackupId("a".repeat(64));
    private static final BackupId NEW = new BackupId("b".repeat(64));
    private static final List<Reason> REASONS =
            List.of(new Reason("default-deny", "no flow allows it", "charter.yaml:13"));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private BiFunction<Operation, Asking, Outcome> answers = (operation, _) -> done(operation);
    private BiFunction<Operation, Asking, Decision> decisions =
            (operation, _) -> new Decision.Denied(operation, REASONS);
    private Optional<String> typed = Optional.empty();
    private Map<String, String> variables = Map.of();
    private FakeCorridor corridor = new FakeCorridor((_, _) -> refused(), (o, _) -> new Decision.Denied(o, REASONS));

    @Test
    void a_backup_without_a_place_goes_to_every_repository_of_the_plan() {
        int code = run("backup", "payments");

        assertThat(code).isZero();
        assertThat(corridor.submitted)
                .containsExactly(new Operation.Backup(
                        new DatabaseName("payments"),
                        List.of(new RepositoryName("onsite"), new RepositoryName("offsite"))));
        assertThat(text(out)).contains("✓ backup bbbbbbbb of payments is in onsite", "also    in offsite as aaaaaaaa");
    }

    @Test
    void a_backup_that_misses_a_place_says_which_and_how_to_mend_it_and_ends_with_1() {
        answers = (operation, _) -> {
            Report.Backup whole = (Report.Backup) report(operation);
            return new Outcome.Done(
                    RUN,
                    new Report.Backup(
                            whole.backup(),
                            whole.database(),
                            whole.repository(),
                            whole.takenAt(),
                            whole.lsn(),
                            whole.serverVersion(),
                            whole.tableCount(),
                            whole.rowCount(),
                            whole.contentBytes(),
                            whole.addedBytes(),
                            whole.fingerprint(),
                            whole.durationMillis(),
                            List.of(new Report.BackupCopy(
                                    new RepositoryName("offsite"), Optional.empty(), 0, Optional.of("it is down"))),
                            List.of()));
        };
        assertThat(run("backup", "payments")).isEqualTo(1);
        assertThat(text(out)).contains("missing in offsite: it is down", "pgcharter repository copy onsite offsite");
    }

    @Test
    void repositories_are_copied_and_made_alike() {
        RepositoryName onsite = new RepositoryName("onsite");
        RepositoryName offsite = new RepositoryName("offsite");

        assertSubmits(
                new Operation.RepositoryCopy(onsite, offsite, Optional.empty()),
                "repository copy onsite offsite".split(" ", -1));
        assertThat(text(out)).contains("✓ copied 1 backup from onsite into offsite, 1 there before");
        assertSubmits(
                new Operation.RepositoryCopy(onsite, offsite, Optional.of(new BackupId(NEW.abbreviated()))),
                ("repository copy onsite offsite --backup " + NEW.abbreviated()).split(" ", -1));
        assertSubmits(
                new Operation.RepositoryInit(offsite, Optional.of(onsite)),
                "repository init offsite --like onsite".split(" ", -1));
    }

    private void assertSubmits(Operation operation, String... words) {
        assertThat(run(words)).isZero();
        assertThat(corridor.submitted).containsExactly(operation);
    }

    @Test
    void a_password_is_named_by_a_reference_and_never_typed() {
        RepositoryName onsite = new RepositoryName("onsite");
        for (String reference : List.of("env:NEW", "${env:NEW}")) {
            assertSubmits(
                    new Operation.RepositoryKeyRotate(onsite, new SecretText("${env:NEW}")),
                    "repository",
                    "key",
                    "rotate",
                    "onsite",
                    "--password",
                    reference);
        }
        assertSubmits(
                new Operation.RepositoryKeyAdd(onsite, new SecretText("${file:/run/new}")),
                "repository key add onsite --password file:/run/new".split(" ", -1));

        for (String typed : List.of("hunter2", "env:", "x${env:NEW}", "${env:A}${env:B}", "vault:x", "")) {
            assertThat(run("repository", "key", "add", "onsite", "--password", typed))
                    .as(typed)
                    .isEqualTo(2);
            assertThat(text(err)).contains("USAGE").doesNotContain("hunter2");
        }
        assertThat(run("repository", "key", "add", "onsite", "--password", "hunter2"))
                .isEqualTo(2);
        assertThat(text(err)).contains("want env:NAME or file:PATH");
    }

    @Test
    void a_backup_of_a_database_without_a_plan_needs_a_place() {
        assertThat(run("backup", "payments-dev")).isEqualTo(2);
        assertThat(text(err)).startsWith("USAGE: the charter has no backup plan for 'payments-dev'\n  cause:  ");
        assertThat(corridor.submitted).isEmpty();

        assertThat(run("backup", "payments-dev", "--to", "onsite")).isZero();
    }

    @Test
    void damage_and_a_broken_journal_are_listed_and_end_with_1() {
        answers = (_, _) -> new Outcome.Done(
                RUN,
                new Report.RepositoryCheck(
                        new RepositoryName("onsite"),
                        1,
                        2,
                        3,
                        0,
                        0,
                        2,
                        Optional.empty(),
                        List.of(new Report.Finding("the pack 'x' is missing", List.of(), "repair it")),
                        List.of()));
        assertThat(run("repository", "check", "onsite")).isEqualTo(1);
        assertThat(text(out)).contains("repository onsite is damaged", "  the pack 'x' is missing");

        answers = (_, _) -> new Outcome.Done(
                RUN, new Report.JournalVerify(8, "0".repeat(64), 4, 4, 1, List.of("entry 5 is missing")));
        assertThat(run("journal", "verify")).isEqualTo(1);
        assertThat(text(out)).contains("the journal is broken:", "  entry 5 is missing");
    }

    @Test
    void a_refusal_shows_rule_and_charter_line_and_ends_with_3() {
        answers = (_, _) -> refused();

        assertThat(run("copy", "payments-dev", "payments")).isEqualTo(3);
        assertThat(text(out)).isEmpty();
        assertThat(text(err))
                .contains(
                        "refused: copy of payments-dev into payments\n  no flow allows it (default-deny, charter.yaml:13)\n");
    }

    @Test
    void a_failure_shows_three_lines_and_ends_with_1() {
        answers = (_, _) ->
                new Outcome.Failed(RUN, new Problem(ProblemCode.STORAGE_FULL, "full", "no room", "make room"));

        assertThat(run("repository", "check", "onsite")).isEqualTo(1);
        assertThat(text(err))
                .endsWith(
                        "failed: check of repository onsite (run 0123456789ab)\nSTORAGE_FULL: full\n  cause:  no room\n  remedy: make room\n");
    }

    @Test
    void an_operation_that_needs_confirmation_waits_with_4_when_nobody_can_be_asked() {
        answers = CliTest::confirmable;

        assertThat(run("copy", "payments", "payments-dev")).isEqualTo(4);
        assertThat(text(err)).contains("nothing was begun", "next: repeat it with --confirm payments-dev");
        assertThat(run("copy", "payments", "payments-dev", "--confirm", "payments-dev"))
                .isZero();
        assertThat(run("copy", "payments", "payments-dev", "--confirm", "payments"))
                .isEqualTo(4);
    }

    @Test
    void on_a_terminal_the_name_is_asked_for_and_the_operation_submitted_again() {
        answers = CliTest::confirmable;

        typed = Optional.of("payments-dev\n");
        assertThat(run("copy", "payments", "payments-dev")).isZero();
        assertThat(corridor.askings.getLast().confirmation()).contains("payments-dev");

        typed = Optional.of("no\n");
        assertThat(run("copy", "payments", "payments-dev")).isEqualTo(4);
    }

    @Test
    void an_operation_that_needs_approval_says_what_the_other_person_types() {
        answers = (operation, _) -> new Outcome.Waiting(
                RUN, new Decision.NeedsApproval(operation, 0, 2, "admin", REASONS), Optional.of("7f3a"));

        assertThat(run("copy", "payments", "payments-dev")).isEqualTo(4);
        assertThat(text(err)).contains("0 of 2 approvals by role 'admin'", "pgcharter approve 7f3a");
    }

    @Test
    void latest_is_found_through_the_engine_like_any_other_wish() {
        assertThat(run("restore", "latest", "--of", "payments", "--into", "payments-dev", "--only", "public.users"))
                .isZero();

        assertThat(corridor.submitted)
                .containsExactly(
                        new Operation.Backups(new RepositoryName("onsite")),
                        new Operation.Restore(
                                NEW,
                                new RepositoryName("onsite"),
                                new DatabaseName("payments"),
                                new DatabaseName("payments-dev"),
                                List.of("public.users"),
                                Optional.empty()));
    }

    @Test
    void when_the_list_is_refused_so_is_latest() {
        answers = (_, _) -> refused();

        assertThat(run("verify", "payments")).isEqualTo(3);
        assertThat(text(err)).contains("refused: list of the backups in onsite");
    }

    @Test
    void verify_takes_a_backup_by_the_first_digits_of_its_id() {
        assertThat(run("verify", "aaaaaaaa")).isZero();
        assertThat(corridor.submitted)
                .contains(new Operation.Verify(OLD, new RepositoryName("onsite"), new DatabaseName("payments")));

        assertThat(run("verify", "cccccccc")).isEqualTo(2);
        assertThat(text(err)).contains("NOT_FOUND: no backup begins with 'cccccccc'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "backup",
                "backup payments extra",
                "backup Payments",
                "backup payment",
                "backup payments --to nowhere",
                "restore latest --of payments",
                "restore xyz --of payments --into payments-dev",
                "verify ghost",
                "copy payments",
                "cancel 12",
                "repository",
                "repository init",
                "repository forget onsite zz",
                "journal --last none",
                "journal --last 0",
                "explain",
                "explain check",
                "explain nonsense",
                "status ghost",
                "--as Nowhere! status",
                "backup payments --frobnicate"
            })
    void what_cannot_be_understood_ends_with_2_and_nothing_is_submitted(String words) {
        assertThat(run(words.isEmpty() ? new String[0] : words.split(" ", -1))).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).isNotEmpty().doesNotContain("Exception", "\tat ");
        assertThat(corridor.submitted).isEmpty();
    }

    @Test
    void a_misspelled_name_is_met_with_the_right_one() {
        run("backup", "payment");
        assertThat(text(err)).contains("payments");

        run("bakcup", "payments");
        assertThat(text(err)).contains("did you mean backup");

        run("backups", "--repositry", "onsite");
        assertThat(text(err)).contains("did you mean --repository");

        run("backup", "payments", "--to", "onsit");
        assertThat(text(err)).contains("did you mean \"onsite\"?");
    }

    @Test
    void explain_reads_the_command_as_the_verb_itself_does_and_submits_nothing() {
        assertThat(run("explain", "copy", "payments", "payments-dev", "--as", "development", "--replace"))
                .isEqualTo(3);

        assertThat(corridor.submitted).isEmpty();
        assertThat(corridor.askings.getFirst().actor().environment()).contains(new EnvironmentName("development"));
        assertThat(text(out)).isEqualTo("""
                        denied: copy of payments into payments-dev, replacing what is there
                          no flow allows it (default-deny, charter.yaml:13)
                          next: change the charter
                        """);
        decisions = (operation, _) -> new Decision.NeedsConfirmation(operation, "payments-dev", REASONS);
        assertThat(run("explain", "copy", "payments", "payments-dev")).isEqualTo(4);
    }

    @Test
    void the_environment_comes_from_the_option_before_the_variable() {
        variables = Map.of("PGCHARTER_AS", "production");
        run("backups");
        assertThat(corridor.askings.getLast().actor().environment()).contains(new EnvironmentName("production"));

        run("--as", "development", "backups");
        assertThat(corridor.askings.getLast().actor().environment()).contains(new EnvironmentName("development"));
    }

    @Test
    void json_is_one_document_with_the_outcome() {
        JsonNode one = json("backup", "payments", "--to", "onsite", "--json");
        assertThat(one.path("outcome").stringValue()).isEqualTo("done");
        assertThat(one.path("run").stringValue()).isEqualTo("0123456789ab");
        assertThat(one.path("report").path("backup").stringValue()).isEqualTo(NEW.text());
        assertThat(one.path("report").path("takenAt").stringValue()).isEqualTo("2026-01-01T12:00:00Z");

        assertThat(json("backups", "--json").path("results")).hasSize(2);
        answers = (_, _) -> refused();
        assertThat(json("copy", "payments", "payments-dev", "--json")
                        .path("reasons")
                        .get(0)
                        .path("where")
                        .stringValue())
                .isEqualTo("charter.yaml:13");
        assertThat(json("backup", "ghost", "--json")
                        .path("problem")
                        .path("code")
                        .stringValue())
                .isEqualTo("NOT_FOUND");
        answers = CliTest::confirmable;
        JsonNode waiting = json("copy", "payments", "payments-dev", "--json");
        assertThat(waiting.path("outcome").stringValue()).isEqualTo("waiting");
        assertThat(waiting.path("name").stringValue()).isEqualTo("payments-dev");
        assertThat(json("explain", "copy", "payments", "payments-dev", "--json")
                        .path("decision")
                        .stringValue())
                .isEqualTo("denied");
        assertThat(json("check", "--json").path("errors")).isEmpty();
        assertThat(json("journal", "--json").path("entries")).hasSize(3);
        assertThat(json("bakcup", "--json").path("problem").path("code").stringValue())
                .isEqualTo("USAGE");
    }

    @Test
    void status_is_a_row_for_each_database_whatever_its_answer() {
        answers = (operation, _) -> operation instanceof Operation.Status(var database)
                        && database.text().endsWith("dev")
                ? refused()
                : done(operation);

        assertThat(run("status")).isEqualTo(3);
        assertThat(text(out).lines().map(String::stripTrailing).limit(4))
                .containsExactly(
                        "DATABASE      ENVIRONMENT  STATE          SERVER  ROLE    SIZE  TABLES  LAST BACKUP  LAST PROOF",
                        "────────────  ───────────  ─────────────  ──────  ────  ──────  ──────  ───────────  ──────────",
                        "payments      production   ok, protected  15.4    app   1.2 GB      12  now          –",
                        "payments-dev  development  refused        –       –          –       –  –            –");
        assertThat(text(out)).contains("schema to development: after confirmation (charter.yaml:14)");
        JsonNode json = json("status", "--json");
        assertThat(json.path("results").get(0).path("database").stringValue()).isEqualTo("payments");
        assertThat(json.path("results")
                        .get(0)
                        .path("report")
                        .path("isProtected")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void an_unreachable_database_is_a_row_and_exit_code_1() {
        answers = (operation, _) -> operation instanceof Operation.Status(var database)
                ? new Outcome.Done(RUN, status(database, false))
                : done(operation);

        assertThat(run("status", "payments")).isEqualTo(1);
        assertThat(text(out)).contains("unreachable");
        assertThat(text(err)).contains("unreachable: payments: connection refused");
    }

    @Test
    void the_journal_can_be_narrowed_to_a_database_or_a_run() {
        run("journal", "--database", "payments-dev");
        assertThat(text(out).lines().skip(2)).hasSize(1).allMatch(line -> line.contains("000000000002"));

        run("journal", "--database", "payments", "--last", "1");
        assertThat(text(out).lines().skip(2)).hasSize(1).allMatch(line -> line.contains("000000000003"));

        run("journal", "--run", "000000000002");
        assertThat(text(out).lines().skip(2)).hasSize(1).allMatch(line -> line.contains("copy"));
    }

    @Test
    void backups_can_be_narrowed_to_a_database() {
        assertThat(run("backups", "--repository", "onsite", "--database", "payments-dev"))
                .isZero();
        assertThat(text(out)).isEqualTo("no backups in onsite\n");
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        corridor = new FakeCorridor(answers, decisions);
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                typed.map(text -> new BufferedReader(new StringReader(text))),
                false,
                false,
                false,
                100);
        Shop shop = new Shop(
                (_, _) -> corridor,
                () -> NOON,
                () -> "ada",
                variables,
                Path.of(""),
                () -> {
                    throw new IllegalStateException("no servers here");
                },
                (_, _) -> {});
        return new Cli(shop, screen).run(words);
    }

    private JsonNode json(String... words) {
        run(words);
        return JsonMapper.builder().build().readTree(text(out));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private static Outcome refused() {
        return new Outcome.Refused(RUN, REASONS);
    }

    private static Outcome confirmable(Operation operation, Asking asking) {
        return asking.confirmation().equals(Optional.of("payments-dev"))
                ? done(operation)
                : new Outcome.Waiting(
                        RUN, new Decision.NeedsConfirmation(operation, "payments-dev", REASONS), Optional.empty());
    }

    private static Outcome done(Operation operation) {
        return new Outcome.Done(RUN, report(operation));
    }

    private static Report report(Operation operation) {
        return switch (operation) {
            case Operation.Status(var database) -> status(database, true);
            case Operation.Backup(var database, var repositories) ->
                new Report.Backup(
                        NEW,
                        database,
                        repositories.getFirst(),
                        NOON,
                        "0/16B3748",
                        "15.4",
                        3,
                        270_000,
                        40_000_000,
                        9_000_000,
                        "f".repeat(32),
                        2_000,
                        repositories.stream()
                                .skip(1)
                                .map(other ->
                                        new Report.BackupCopy(other, Optional.of(OLD), 9_000_000, Optional.empty()))
                                .toList(),
                        List.of());
            case Operation.Backups(var repository) ->
                new Report.Backups(repository, List.of(row(OLD, NOON.minusSeconds(86_400)), row(NEW, NOON)));
            case Operation.Restore restore ->
                new Report.Restore(restore.backup(), restore.target(), "pay", 3, 270_000, 40_000_000, 3_000, List.of());
            case Operation.Verify(var backup, var repository, var database) ->
                new Report.Verify(
                        backup,
                        database,
                        repository,
                        "15.4",
                        3,
                        270_000,
                        "f".repeat(32),
                        List.of(),
                        3_000,
                        4_000,
                        List.of());
            case Operation.Copy(var source, var target, boolean _) ->
                new Report.Copy(source, target, 3, 270_000, 40_000_000, "f".repeat(32), 3_000, List.of());
            case Operation.Approve(String request) -> new Report.Approve(request, "copy", 1, 1);
            case Operation.Cancel(var run) -> new Report.Cancel(run.text(), true);
            case Operation.BackupPin(var backup, var repository, String because) ->
                new Report.BackupPin(repository, backup, because);
            case Operation.BackupUnpin(var backup, var repository) -> new Report.BackupUnpin(repository, backup, true);
            case Operation.RetentionPlan(var database, var repository) ->
                new Report.RetentionPlan(database, repository, List.of());
            case Operation.RetentionApply(var database, var repository) ->
                new Report.RetentionApply(database, repository, List.of());
            case Operation.RepositoryRepair(var repository, var _) ->
                new Report.RepositoryRepair(repository, 1, 0, List.of(), List.of());
            case Operation.RepositoryPrune(var repository, var _) ->
                new Report.RepositoryPrune(repository, 2, 3, 0, 1, 4, Optional.of(NOON), 1, 5, Optional.empty());
            case Operation.RepositoryCopy(var from, var to, var _) ->
                new Report.RepositoryCopy(from, to, List.of(NEW), 1, 2, 3, 4);
            case Operation.RepositoryKeyList(var repository) -> new Report.RepositoryKeyList(repository, List.of());
            case Operation.RepositoryKeyAdd(var repository, var _) ->
                new Report.RepositoryKeyAdd(repository, "e".repeat(64));
            case Operation.RepositoryKeyRemove(var repository, String key) ->
                new Report.RepositoryKeyRemove(repository, key);
            case Operation.RepositoryKeyRotate(var repository, var _) ->
                new Report.RepositoryKeyRotate(repository, "e".repeat(64), List.of("f".repeat(64)), "name it");
            case Operation.RepositoryInit(var repository, var _) ->
                new Report.RepositoryInit(repository, "c".repeat(64), "/srv/" + repository);
            case Operation.RepositoryList(var repository) -> new Report.RepositoryList(repository, List.of());
            case Operation.RepositoryCheck(var repository, var _) ->
                new Report.RepositoryCheck(repository, 2, 3, 4, 0, 0, 3, Optional.empty(), List.of(), List.of());
            case Operation.RepositoryForget(var repository, var backup) ->
                new Report.RepositoryForget(repository, backup);
            case Operation.RepositoryStats(var repository) -> new Report.RepositoryStats(repository, 2, 3, 4, 5, 6);
            case Operation.Health(var database) ->
                new Report.Health(
                        database,
                        List.of(new Report.Checked(
                                database.isPresent() ? "xid-age" : "waivers",
                                "title",
                                database.map(name -> "database/" + name).orElse("installation"),
                                database.isPresent() ? Level.WARN : Level.OK,
                                "message",
                                List.of(),
                                OptionalDouble.empty(),
                                "do this")));
            case Operation.Maintain _,
                    Operation.SessionsList _,
                    Operation.SessionsEnd _,
                    Operation.Advice _,
                    Operation.Watch _,
                    Operation.Alert _,
                    Operation.AlertAcknowledge _,
                    Operation.AlertSilence _,
                    Operation.AlertUnsilence _,
                    Operation.AlertTry _,
                    Operation.UserAdd _,
                    Operation.UserRemove _,
                    Operation.TokenCreate _,
                    Operation.TokenRevoke _ -> throw new IllegalStateException("not shown here: " + operation.verb());
            case Operation.Queries(var database) ->
                new Report.Queries(
                        database,
                        Optional.of("no extension"),
                        Optional.empty(),
                        500,
                        0,
                        List.of(),
                        List.of(),
                        List.of());
            case Operation.JournalVerify() -> new Report.JournalVerify(9, "d".repeat(64), 9, 8, 1, List.of());
        };
    }

    private static Report.BackupRow row(BackupId id, Instant takenAt) {
        return new Report.BackupRow(
                id,
                new DatabaseName("payments"),
                takenAt,
                "15.4",
                3,
                270_000,
                40_000_000,
                Optional.empty(),
                Optional.empty());
    }

    private static Report.Status status(DatabaseName database, boolean reachable) {
        return new Report.Status(
                database,
                new EnvironmentName("production"),
                true,
                reachable,
                reachable ? Optional.empty() : Optional.of("connection refused"),
                Optional.of("15.4"),
                Optional.of("app"),
                false,
                1_200_000_000,
                12,
                false);
    }
}
