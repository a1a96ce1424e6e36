package io.pgcharter.engine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.Wait;
import io.pgcharter.engine.engine.EngineScene.Node;
import io.pgcharter.engine.journal.Step;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who may agree to what, for how long, and how often it counts.
class ApprovalsIT {
    private static final Operation COPY = new Operation.Copy(EngineScene.SHOP, EngineScene.COPY, false);
    private static final Operation RESTORE = restore("0123abcd", List.of(), Optional.empty());

    private final EngineScene scene = new EngineScene();
    private final AtomicInteger works = new AtomicInteger();
    private final Work counted = (permit, operation, _) -> {
        permit.consume(operation);
        works.incrementAndGet();
        return new Report.RepositoryList(EngineScene.VAULT, List.of());
    };
    private final Node node = scene.node("one", counted);

    @AfterEach
    void close() throws IOException {
        node.close();
        scene.close();
    }

    private static Operation restore(String backup, List<String> selection, Optional<String> newDatabase) {
        return new Operation.Restore(
                new BackupId(backup), EngineScene.VAULT, EngineScene.SHOP, EngineScene.COPY, selection, newDatabase);
    }

    /// Submits what must wait, and says under which id.
    private String request(Operation operation, String person) {
        return request(node.submit(operation, person));
    }

    private static String request(Outcome outcome) {
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Waiting.class);
        return ((Outcome.Waiting) outcome).request().orElseThrow();
    }

    private Report.Approve approve(String request, String person) {
        Outcome outcome = node.submit(new Operation.Approve(request), person);
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Done.class);
        return (Report.Approve) ((Outcome.Done) outcome).report();
    }

    /// Why `person` may not agree. Nothing is begun or kept.
    private String refusal(String request, String person) {
        String kept = scene.ask("select count(*)::text from pgcharter.approval");
        Outcome outcome = node.submit(new Operation.Approve(request), person);
        assertThat(outcome).as(() -> String.valueOf(outcome)).isInstanceOf(Outcome.Refused.class);
        assertThat(node.steps(outcome.run())).containsExactly(Step.ASKED, Step.DECIDED);
        assertThat(scene.ask("select count(*)::text from pgcharter.approval")).isEqualTo(kept);
        Reason reason = ((Outcome.Refused) outcome).reasons().getFirst();
        assertThat(reason.where()).isEqualTo("charter.yaml:14");
        return reason.text();
    }

    @Test
    void what_another_person_agreed_to_runs_once() {
        String request = request(COPY, "alice");
        assertThat(request(COPY, "alice"))
                .as("asked again, it is the same request")
                .isEqualTo(request);
        assertThat(works).hasValue(0);

        Report.Approve approval = approve(request, "bob");

        assertThat(approval).isEqualTo(new Report.Approve(request, OperationText.of(COPY), 1, 1));
        // It is stored: another process sees it.
        try (Node two = scene.node("two", counted)) {
            assertThat(two.submit(COPY, "alice")).isInstanceOf(Outcome.Done.class);
        }
        assertThat(works).hasValue(1);
        assertThat(request(COPY, "alice")).as("used up").isNotEqualTo(request);
        assertThat(refusal(request, "carol")).isEqualTo("no request '" + request + "' waits for approval");
        assertThat(works).hasValue(1);
    }

    @Test
    void nobody_approves_their_own_request_under_whatever_spelling() {
        String request = request(COPY, "alice");

        assertThat(refusal(request, "alice")).contains("'alice' asked for it", "nobody approves their own request");
        // Another account by the letter, and in the role, but hardly another person.
        assertThat(refusal(request, "Alice")).contains("'Alice' asked for it as 'alice'");
        assertThat(refusal(request, "ALICE")).contains("asked for it");
        assertThat(refusal(request, "\uff41lice")).contains("asked for it");
        // A Cyrillic а, or a space: no such person holds the role.
        assertThat(refusal(request, "\u0430lice")).contains("does not hold role admin");
        assertThat(refusal(request, "bob ")).contains("does not hold role admin");
        assertThat(refusal(request, "B\u043eb")).contains("does not hold role admin");
        assertThat(request(COPY, "alice")).isEqualTo(request);
        assertThat(works).hasValue(0);
    }

    @Test
    void an_agreement_is_to_one_person_s_wish() {
        approve(request(COPY, "alice"), "bob");

        assertThat(request(COPY, "carol")).isNotEmpty();
        // Nor does a person who asks profit from what they agreed to.
        assertThat(request(COPY, "bob")).isNotEmpty();
        assertThat(works).hasValue(0);
    }

    @Test
    void whoever_does_not_hold_the_role_cannot_agree() {
        assertThat(refusal(request(COPY, "alice"), "mallory")).isEqualTo("'mallory' does not hold role admin");
    }

    @Test
    void an_unknown_request_is_refused_clearly() {
        assertThat(refusal("00000000", "bob")).isEqualTo("no request '00000000' waits for approval");
        assertThat(refusal("' or true --", "bob")).startsWith("no request ");
        assertThat(refusal("", "bob")).startsWith("no request ");
    }

    @Test
    void every_field_of_the_operation_is_part_of_what_was_agreed_to() {
        approve(request(RESTORE, "alice"), "bob");

        List<Operation> others = List.of(
                restore("0123abce", List.of(), Optional.empty()),
                restore("0123abcd", List.of("public.a"), Optional.empty()),
                restore("0123abcd", List.of(""), Optional.empty()),
                restore("0123abcd", List.of(), Optional.of("aside")),
                COPY);
        assertThat(others)
                .allSatisfy(other -> assertThat(request(other, "alice")).isNotEmpty());
        assertThat(node.engine()
                        .explain(
                                new Operation.Copy(EngineScene.SHOP, EngineScene.COPY, true),
                                EngineScene.asking("alice")))
                .isInstanceOf(Decision.NeedsApproval.class);
        assertThat(works).hasValue(0);

        assertThat(node.submit(RESTORE, "alice")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void texts_of_different_operations_differ() {
        assertThat(OperationText.hash(restore("0123abcd", List.of("a", "b"), Optional.empty())))
                .isNotEqualTo(OperationText.hash(restore("0123abcd", List.of("a,b"), Optional.empty())))
                .isNotEqualTo(OperationText.hash(restore("0123abcd", List.of("a\",\"b"), Optional.empty())));
        assertThat(OperationText.hash(new Operation.Status(new DatabaseName("shop"))))
                .isNotEqualTo(OperationText.hash(
                        new Operation.RepositoryList(new io.pgcharter.model.id.RepositoryName("shop"))));
    }

    @Test
    void a_request_and_an_agreement_expire() {
        String old = request(COPY, "alice");
        scene.passes(Duration.ofDays(7));
        assertThat(refusal(old, "bob")).startsWith("request '" + old + "' expired at 2026-11-28");
        String young = request(COPY, "alice");
        assertThat(young).isNotEqualTo(old);

        approve(young, "bob");
        scene.passes(Duration.ofMinutes(60));
        assertThat(request(COPY, "alice")).as("agreed to an hour ago").isEqualTo(young);
        assertThat(works).hasValue(0);
        approve(young, "bob");
        scene.passes(Duration.ofMinutes(59));
        assertThat(node.submit(COPY, "alice")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void an_agreement_that_expires_between_decision_and_beginning_does_not_count() {
        String request = request(COPY, "alice");
        approve(request, "bob");
        scene.passes(Duration.ofMinutes(59));
        CompletableFuture<Outcome> waiting;
        try (Session other = scene.session()) {
            // Another run is just taking the target, so that the beginning waits for it.
            other.execute(
                    "begin; insert into pgcharter.run (id, verb, operation, person, node, process, process_started)"
                            + " values ('other', 'copy', '{}', 'carol', 'three', 1, now());"
                            + "insert into pgcharter.lease values ('database/copy', 1, 'other', now() + interval '1 minute')");
            waiting = EngineScene.beside(() -> node.submit(COPY, "alice"));
            Wait.until(
                    "the run waits for the lease",
                    () -> scene.ask("select count(*)::text from pg_locks where not granted")
                            .equals("1"));
            scene.passes(Duration.ofMinutes(2));
            other.execute("rollback");
        }

        Outcome outcome = waiting.join();

        assertThat(request(outcome)).isEqualTo(request);
        assertThat(works).hasValue(0);
        assertThat(node.steps(outcome.run())).containsExactly(Step.ASKED, Step.DECIDED, Step.DECIDED);
        assertThat(node.entries(outcome.run()).getLast().details()).contains("needs approval");
        assertThat(scene.ask("select count(*)::text from pgcharter.lease")).isEqualTo("0");
        assertThat(scene.ask("select count(*)::text from pgcharter.approval_request where used_at is not null"))
                .isEqualTo("0");
    }

    @Test
    void of_two_who_use_one_agreement_at_once_one_does() {
        approve(request(COPY, "alice"), "bob");
        try (Node two = scene.node("two", counted)) {
            List<CompletableFuture<Outcome>> both = List.of(node, two).stream()
                    .map(each -> EngineScene.beside(() -> each.submit(COPY, "alice")))
                    .toList();

            List<Outcome> outcomes = both.stream().map(CompletableFuture::join).toList();

            assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
            assertThat(works).hasValue(1);
        }
    }

    @Test
    void a_charter_that_changed_meanwhile_judges_the_agreement_again() {
        String request = request(COPY, "alice");
        approve(request, "bob");

        String denied = EngineScene.CHARTER.replaceAll("rule: \\{.*?}", "rule: deny");
        try (Node now = scene.node("two", denied, counted)) {
            assertThat(now.submit(COPY, "alice")).isInstanceOf(Outcome.Refused.class);
        }
        String withoutBob = EngineScene.CHARTER.replace("bob, ", "");
        try (Node now = scene.node("two", withoutBob, counted)) {
            assertThat(request(now.submit(COPY, "alice"))).isEqualTo(request);
        }
        String twoNeeded = EngineScene.CHARTER.replace("approvals: 1", "approvals: 2");
        try (Node now = scene.node("two", twoNeeded, counted)) {
            String second = request(now.submit(COPY, "alice"));
            assertThat(second).as("another request, of two").isNotEqualTo(request);
        }
        assertThat(works).hasValue(0);
        assertThat(node.submit(COPY, "alice")).as("as it was agreed to").isInstanceOf(Outcome.Done.class);
    }

    @Test
    void a_request_made_before_the_role_changed_does_not_stand_in_the_way() {
        String old = request(COPY, "alice");
        String otherRole = EngineScene.CHARTER
                .replace("role: admin", "role: keeper")
                .replace("approvers: {", "approvers: { keeper: [dave],");
        try (Node now = scene.node("two", otherRole, counted)) {
            String request = request(now.submit(COPY, "alice"));
            assertThat(request).isNotEqualTo(old);

            assertThat(now.submit(new Operation.Approve(request), "dave")).isInstanceOf(Outcome.Done.class);
            assertThat(now.submit(COPY, "alice")).isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void two_spellings_of_one_name_are_one_person() {
        String two = EngineScene.CHARTER
                .replace("approvals: 1", "approvals: 2")
                .replace("[alice, bob, Alice, carol]", "[alice, bob, Bob, carol]");
        try (Node now = scene.node("two", two, counted)) {
            String request = request(now.submit(COPY, "alice"));
            assertThat(now.submit(new Operation.Approve(request), "bob")).isInstanceOf(Outcome.Done.class);
            assertThat(now.submit(new Operation.Approve(request), "Bob")).isInstanceOf(Outcome.Done.class);
            assertThat(request(now.submit(COPY, "alice"))).isEqualTo(request);
            assertThat(works).hasValue(0);

            assertThat(now.submit(new Operation.Approve(request), "carol")).isInstanceOf(Outcome.Done.class);
            assertThat(now.submit(COPY, "alice")).isInstanceOf(Outcome.Done.class);
        }
    }
}
