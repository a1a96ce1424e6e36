package io.pgcharter.policy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.guard.Context.Approval;
import io.pgcharter.policy.guard.Context.PendingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The finatrades plan (examples/finatrades), and charters that say what it does not.
class GuardTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final BackupId BACKUP = new BackupId("0123abcd");

    private static final String APPROVED = """
            charter: 1
            environments:
              production: { protected: true }
              development: {}
            databases:
              live: { environment: production, url: "${env:A}" }
              live-too: { environment: production, url: "${env:B}" }
              dev: { environment: development, url: "${env:C}" }
              dev-too: { environment: development, url: "${env:D}" }
            repositories:
              onsite: { path: /r, password: "${env:P}" }
              open: { path: /s, password: "${env:P}" }
              spare: { path: /t, password: "${env:P}" }
            backups:
              live: { to: [onsite] }
              dev: { to: [open] }
            flows:
              - { from: development, to: production, what: data, rule: { approvals: 2, role: admin, valid: 1h } }
              - { from: development, to: development, what: data, rule: allow }
              - { from: production, to: development, what: masked-data, rule: allow }
            approvers: { admin: [alice, bob, carol], other: [dave] }
            """;

    private static Guard guard(String text) {
        return switch (Charters.parse(text, "charter.yaml", Path.of("/"))) {
            case Charters.Parsed parsed -> new Guard(parsed.charter(), InstantSource.fixed(NOW));
            case Charters.Rejected rejected -> throw new AssertionError(rejected.errors());
        };
    }

    private static Guard finatrades() throws IOException {
        return guard(Files.readString(Path.of("examples/finatrades/charter.yaml")));
    }

    private static Context context(String environment, String confirmation, Approval... approvals) {
        return new Context(
                new Actor("alice", said(environment).map(EnvironmentName::new)),
                said(confirmation),
                List.of(approvals),
                Optional.empty(),
                NOW);
    }

    private static Optional<String> said(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(text);
    }

    private static Approval by(String person, Duration ago) {
        return new Approval(person, NOW.minus(ago));
    }

    /// `copy a b`, `replace a b`, `restore a b`, `backup a repository`, `status a`, …
    private static Operation operation(String words) {
        String[] word = words.split(" ", -1);
        return switch (word[0]) {
            case "status" -> new Operation.Status(new DatabaseName(word[1]));
            case "backup" -> new Operation.Backup(new DatabaseName(word[1]), new RepositoryName(word[2]));
            case "verify" -> new Operation.Verify(BACKUP, new RepositoryName(word[2]), new DatabaseName(word[1]));
            case "copy" -> new Operation.Copy(new DatabaseName(word[1]), new DatabaseName(word[2]), false);
            case "replace" -> new Operation.Copy(new DatabaseName(word[1]), new DatabaseName(word[2]), true);
            case "restore" ->
                new Operation.Restore(
                        BACKUP,
                        new RepositoryName("onsite"),
                        new DatabaseName(word[1]),
                        new DatabaseName(word[2]),
                        List.of(),
                        Optional.empty());
            case "backups" -> new Operation.Backups(new RepositoryName(word[1]));
            case "list" -> new Operation.RepositoryList(new RepositoryName(word[1]));
            case "check" -> new Operation.RepositoryCheck(new RepositoryName(word[1]), Optional.empty());
            case "stats" -> new Operation.RepositoryStats(new RepositoryName(word[1]));
            case "init" -> new Operation.RepositoryInit(new RepositoryName(word[1]));
            case "forget" -> new Operation.RepositoryForget(new RepositoryName(word[1]), BACKUP);
            case "cancel" -> new Operation.Cancel(new RunId("0123456789ab"));
            case "journal" -> new Operation.JournalVerify();
            default -> throw new AssertionError(words);
        };
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Allowed _ -> "allowed";
            case Decision.NeedsConfirmation needs -> "confirm:" + needs.name();
            case Decision.NeedsApproval needs -> "approve:" + needs.given() + "/" + needs.needed() + ":" + needs.role();
            case Decision.Denied denied -> denied.reasons().getFirst().rule();
        };
    }

    /// The plan's own sentences: F2 (who reaches what), F4 (what may travel), F5 (what is blocked).
    @ParameterizedTest
    @CsvSource({
        // F2: from development only development and backup, from production only production, backup scripts reach all
        "status development, development, -, allowed",
        "status backup, development, -, allowed",
        "status production, development, -, reach",
        "status production, production, -, allowed",
        "status development, production, -, reach",
        "status backup, production, -, reach",
        "status production, backup, -, allowed",
        "status development, backup, -, allowed",
        "status production, -, -, reach",
        "status production, prod, -, unknown-name",
        "status prodction, backup, -, unknown-name",
        "backup production onsite, development, -, reach",
        "backup production onsite, production, -, allowed",
        "backup production offsite, backup, -, allowed",
        "backup production onsite, -, -, reach",
        "backup development onsite, backup, -, default-deny",
        "verify production onsite, development, -, reach",
        "verify production onsite, backup, -, allowed",
        "verify development onsite, backup, -, default-deny",
        // F4: the cold copy is allowed, with both ends reached; development gets schema only, so no rows
        "copy production backup, backup, -, allowed",
        "copy production backup, production, -, reach",
        "copy production backup, development, -, reach",
        "replace production backup, backup, -, confirm:backup",
        "replace production backup, backup, production, confirm:backup",
        "replace production backup, backup, Backup, confirm:backup",
        "replace production backup, backup, backup, allowed",
        "copy production development, backup, development, default-deny",
        "restore production development, backup, development, default-deny",
        "restore production backup, backup, -, allowed",
        // F5: blocked, whatever is confirmed
        "copy development production, backup, production, flow",
        "copy development production, development, production, reach",
        "replace development production, backup, production, flow",
        "restore development production, backup, production, flow",
        "copy backup production, backup, production, flow",
        "restore backup production, backup, production, flow",
        // production from its own backup: its name must be typed
        "restore production production, production, -, confirm:production",
        "restore production production, production, production, allowed",
        "restore production production, development, production, reach",
        "copy production production, production, production, same-database",
        // repositories hold production's backups only
        "backups onsite, development, -, reach",
        "backups onsite, production, -, allowed",
        "list onsite, backup, -, allowed",
        "check onsite, -, -, reach",
        "stats onsite, development, -, reach",
        "init onsite, development, -, reach",
        "init onsite, backup, -, allowed",
        "forget onsite, development, onsite, reach",
        "forget onsite, backup, -, confirm:onsite",
        "forget onsite, backup, onsite, allowed",
        "cancel, -, -, allowed",
        "journal, -, -, allowed",
        "journal, nowhere, -, allowed",
    })
    void finatrades_is_carried_out_as_planned(String operation, String as, String confirm, String answer)
            throws IOException {
        assertThat(word(finatrades().decide(operation(operation), context(as, confirm))))
                .isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "status live, -, allowed",
        "status live, development, allowed",
        "status live, nowhere, unknown-name",
        "copy dev dev-too, -, allowed",
        "copy live live-too, -, default-deny",
        "copy live dev, -, default-deny",
        "restore live live-too, -, confirm:live-too",
        "restore dev dev-too, -, allowed",
        "restore dev dev, -, allowed",
        "forget onsite, -, confirm:onsite",
        "forget open, -, allowed",
        "forget spare, -, confirm:spare",
        "backup live open, -, default-deny",
        "verify live-too onsite, -, default-deny",
        "copy dev live, -, approve:0/2:admin",
        "restore dev live, -, approve:0/2:admin",
    })
    void a_charter_without_reaches_limits_only_what_travels(String operation, String as, String answer) {
        assertThat(word(guard(APPROVED).decide(operation(operation), context(as, "-"))))
                .isEqualTo(answer);
    }

    @Test
    void approvals_come_first_and_then_the_protected_name_must_still_be_typed() {
        Guard guard = guard(APPROVED);
        Approval bob = by("bob", Duration.ofMinutes(5));
        Approval carol = by("carol", Duration.ofMinutes(59));
        Operation copy = operation("copy dev live");
        assertThat(word(guard.decide(copy, context("-", "live")))).isEqualTo("approve:0/2:admin");
        assertThat(word(guard.decide(copy, context("-", "live", bob)))).isEqualTo("approve:1/2:admin");
        assertThat(word(guard.decide(copy, context("-", "-", bob, carol)))).isEqualTo("confirm:live");
        assertThat(word(guard.decide(copy, context("-", "live", bob, carol)))).isEqualTo("allowed");
    }

    @Test
    void approvals_that_do_not_count() {
        Guard guard = guard(APPROVED);
        Approval bob = by("bob", Duration.ofMinutes(5));
        for (Approval other : List.of(
                by("alice", Duration.ofMinutes(1)), // asked for it
                by("bob", Duration.ofMinutes(1)), // agreed already
                by("dave", Duration.ofMinutes(1)), // holds another role
                by("carol", Duration.ofMinutes(60)))) { // too long ago, by an instant
            assertThat(word(guard.decide(operation("copy dev live"), context("-", "live", bob, other))))
                    .as(other.toString())
                    .isEqualTo("approve:1/2:admin");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bob, 7f3a, alice, admin, 60, allowed",
        "alice, 7f3a, alice, admin, 60, approval",
        "dave, 7f3a, alice, admin, 60, approval",
        "bob, 7f3a, alice, admin, 0, approval",
        "bob, 7f3b, alice, admin, 60, approval",
        "bob, 7f3a, alice, nothing, 60, approval",
    })
    void only_another_person_who_holds_the_role_approves_in_time(
            String person, String id, String asker, String role, long secondsLeft, String answer) {
        PendingRequest request =
                new PendingRequest("7f3a", operation("copy dev live"), asker, role, NOW.plusSeconds(secondsLeft));
        Context context = new Context(
                new Actor(person, Optional.empty()), Optional.empty(), List.of(), Optional.of(request), NOW);
        assertThat(word(guard(APPROVED).decide(new Operation.Approve(id), context)))
                .isEqualTo(answer);
    }

    @Test
    void nobody_approves_what_was_not_asked() {
        assertThat(word(guard(APPROVED).decide(new Operation.Approve("7f3a"), context("-", "-"))))
                .isEqualTo("approval");
    }

    @Test
    void reasons_name_the_line_that_spoke() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("examples/finatrades/charter.yaml"));
        Reason flow = first(finatrades().decide(operation("copy backup production"), context("backup", "-")));
        assertThat(flow.text()).isEqualTo("data from backup to production is denied: manual only");
        assertThat(lines.get(line(flow) - 1)).contains("- from: backup");

        Reason reach = first(finatrades().decide(operation("status production"), context("development", "-")));
        assertThat(lines.get(line(reach) - 1)).contains("development:");
        assertThat(reach.text())
                .isEqualTo("from development only backup, development may be reached, and database 'production' is in"
                        + " production");

        Reason missing = first(finatrades().decide(operation("copy production development"), context("backup", "-")));
        assertThat(lines.get(line(missing) - 1)).isEqualTo("flows:");

        Reason whence = first(finatrades().decide(operation("status production"), context("-", "-")));
        assertThat(whence.text()).contains("--as production|development|backup");
    }

    private static Reason first(Decision decision) {
        return decision.reasons().getFirst();
    }

    private static int line(Reason reason) {
        assertThat(reason.where()).startsWith("charter.yaml:");
        return Integer.parseInt(reason.where().substring("charter.yaml:".length()));
    }

    @Test
    void of_two_flows_the_stricter_speaks() {
        Charter charter = switch (Charters.parse(APPROVED, "charter.yaml", Path.of("/"))) {
            case Charters.Parsed parsed -> parsed.charter();
            case Charters.Rejected rejected -> throw new AssertionError(rejected.errors());
        };
        EnvironmentName from = new EnvironmentName("development");
        Charter.Flow allow = flow(from, new Charter.Rule.Allow());
        Charter.Flow confirm = flow(from, new Charter.Rule.Confirm());
        Charter.Flow deny = flow(from, new Charter.Rule.Deny());
        assertThat(word(with(charter, allow, confirm).decide(operation("copy dev dev-too"), context("-", "-"))))
                .isEqualTo("confirm:dev-too");
        assertThat(word(with(charter, deny, allow).decide(operation("copy dev dev-too"), context("-", "dev-too"))))
                .isEqualTo("flow");
        assertThat(word(with(charter, deny).decide(operation("restore dev dev"), context("-", "dev"))))
                .isEqualTo("flow");
    }

    private static Charter.Flow flow(EnvironmentName within, Charter.Rule rule) {
        return new Charter.Flow(within, within, Charter.What.DATA, rule, Optional.empty(), 9);
    }

    private static Guard with(Charter charter, Charter.Flow... flows) {
        return new Guard(
                new Charter(
                        charter.file(),
                        charter.environments(),
                        charter.databases(),
                        charter.repositories(),
                        charter.backups(),
                        charter.verification(),
                        List.of(flows),
                        charter.approvers(),
                        charter.state()),
                InstantSource.fixed(NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "09:00, 13:00, -, true",
        "13:00, 18:00, -, false",
        "13:00, 18:00, live, true",
        "13:00, 18:00, dev, false"
    })
    void maintenance_outside_of_its_window_needs_the_name_typed(
            String from, String to, String confirmation, boolean allowed) {
        Guard guard = guard(APPROVED + """
                maintenance:
                  live: { window: { from: "%s", to: "%s" } }
                """.formatted(from, to));
        Operation operation = new Operation.Maintain(new DatabaseName("live"), Operation.Maintain.Task.VACUUM);

        Decision decision = guard.decide(operation, context("-", confirmation));

        if (allowed) {
            assertThat(decision).isInstanceOf(Decision.Allowed.class);
        } else {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.NeedsConfirmation.class,
                            needs -> assertThat(needs.name()).isEqualTo("live"));
            assertThat(decision.reasons().getFirst().text())
                    .isEqualTo(
                            "the window of 'live' is 13:00 to 18:00 every day (UTC); it opens at 2026-11-21T13:00:00Z");
        }
    }
}
