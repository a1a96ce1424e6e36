package io.pgcharter.engine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.engine.engine.EngineScene.Node;
import io.pgcharter.engine.journal.Step;
import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaOperation.MigrateImport.Tool;
import io.pgcharter.model.operation.SchemaOperation.MigrateResolve.Standing;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Guard;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.guard.Roles;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing runs that was not asked, decided and begun in the journal, whatever the verb.
class CorridorIT {
    /// Whoever acts from nowhere reaches nothing, and needs to type the name of what is overwritten.
    private static final String CHARTER = """
            charter: 1
            environments:
              production: { protected: true, reaches: [production] }
              cold: { reaches: [production, cold] }
            databases:
              shop: { environment: production, url: "${env:A}" }
              copy: { environment: cold, url: "${env:B}" }
            repositories:
              vault: { path: /nowhere, password: "${env:P}" }
            backups:
              shop: { to: [vault] }
            flows:
              - { from: production, to: cold, what: data, rule: confirm }
            pools:
              main: { listen_port: 6432, pool_mode: session, databases: { shop: {} } }
            """;

    /// What the guard allows to everybody.
    private static final List<Class<?>> ALWAYS_ALLOWED = List.of(
            Operation.Cancel.class,
            Operation.JournalVerify.class,
            ServingOperation.Watch.class,
            SchemaOperation.MigrateNew.class,
            ServingOperation.Alert.class,
            ServingOperation.AlertAcknowledge.class,
            ServingOperation.AlertSilence.class,
            ServingOperation.AlertUnsilence.class,
            ServingOperation.AlertTry.class,
            AccessOperation.UserAdd.class,
            AccessOperation.UserRemove.class,
            AccessOperation.TokenCreate.class,
            AccessOperation.TokenRevoke.class,
            AccessOperation.Login.class);

    private static final Operation COPY = new Operation.Copy(EngineScene.SHOP, EngineScene.COPY, false);
    private static final Operation BACKUP = EngineScene.BACKUP;

    private final EngineScene scene = new EngineScene();
    private final AtomicInteger works = new AtomicInteger();
    private final Work counted = (permit, operation, _) -> {
        permit.consume(operation);
        works.incrementAndGet();
        return new Report.RepositoryList(EngineScene.VAULT, List.of());
    };

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    private static Asking asking(Optional<String> environment, Optional<String> confirmation) {
        return new Asking(new Actor("alice", environment.map(EnvironmentName::new)), confirmation);
    }

    private static final Asking FROM_NOWHERE = asking(Optional.empty(), Optional.empty());
    private static final Asking FROM_COLD = asking(Optional.of("cold"), Optional.empty());

    static List<Class<?>> everyVerb() {
        return Arrays.stream(Operation.class.getPermittedSubclasses())
                .flatMap(kind -> kind.isSealed() ? Arrays.stream(kind.getPermittedSubclasses()) : Stream.of(kind))
                .<Class<?>>map(kind -> kind)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everyVerb")
    void what_is_denied_is_asked_and_decided_and_never_begun(Class<?> verb) throws ReflectiveOperationException {
        Operation operation = sample(verb);
        try (Node node = scene.node("one", CHARTER, counted)) {
            Outcome outcome = node.engine().submit(operation, FROM_NOWHERE, Observer.none());

            if (ALWAYS_ALLOWED.contains(verb)) {
                assertThat(outcome).isInstanceOf(Outcome.Done.class);
                assertThat(node.steps(outcome.run())).containsExactly(Step.ASKED, Step.DECIDED, Step.BEGUN, Step.ENDED);
                return;
            }
            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(((Outcome.Refused) outcome).reasons()).isNotEmpty();
            assertThat(node.steps(outcome.run())).containsExactly(Step.ASKED, Step.DECIDED);
            assertThat(node.entries(outcome.run()).getLast().details()).contains("\"decision\":\"denied\"");
            assertThat(node.entries(outcome.run())).allSatisfy(entry -> {
                assertThat(entry.verb()).isEqualTo(operation.verb());
                if (operation instanceof AccessOperation.PasswordChange) {
                    assertThat(entry.operation()).contains("***").doesNotContain("correct horse");
                } else {
                    assertThat(OperationText.operation(entry.operation())).isEqualTo(operation);
                }
            });
            assertThat(node.engine().explain(operation, FROM_NOWHERE)).isInstanceOf(Decision.Denied.class);
            assertNothingBegun();
        }
    }

    private static final String REPOSITORIES = "java.util.List<io.pgcharter.model.id.RepositoryName>";
    private static final String FILES = "java.util.List<java.lang.String>";
    private static final String A_DATABASE = "java.util.Optional<io.pgcharter.model.id.DatabaseName>";

    /// An operation of that verb, whatever it is made of. A component of a new type is added to the list here.
    private static Operation sample(Class<?> verb) throws ReflectiveOperationException {
        Map<Class<?>, Object> samples = Map.ofEntries(
                Map.entry(DatabaseName.class, EngineScene.SHOP),
                Map.entry(RepositoryName.class, EngineScene.VAULT),
                Map.entry(BackupId.class, new BackupId("0123abcd")),
                Map.entry(RunId.class, new RunId("0f1e2d3c4b5a")),
                Map.entry(String.class, "0f1e2d3c"),
                Map.entry(boolean.class, true),
                Map.entry(int.class, 1),
                Map.entry(MigrationsName.class, new MigrationsName("app")),
                Map.entry(Standing.class, Standing.APPLIED),
                Map.entry(Tool.class, Tool.SQITCH),
                Map.entry(long.class, 42L),
                Map.entry(List.class, List.of()),
                Map.entry(Optional.class, Optional.empty()),
                Map.entry(Duration.class, Duration.ofHours(1)),
                Map.entry(Instant.class, Instant.EPOCH),
                Map.entry(Role.class, Role.OPERATOR),
                Map.entry(Operation.Maintain.Task.class, Operation.Maintain.Task.VACUUM),
                Map.entry(Secret.class, new Secret("correct horse battery")),
                Map.entry(SecretText.class, new SecretText("${env:NEW_PASSWORD}")));
        Class<?>[] types = Arrays.stream(verb.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Constructor<?> constructor = verb.getDeclaredConstructor(types);
        return (Operation) constructor.newInstance(Arrays.stream(verb.getRecordComponents())
                .map(component -> switch (component.getGenericType().getTypeName()) {
                    case REPOSITORIES -> List.of(EngineScene.VAULT);
                    case A_DATABASE -> Optional.of(EngineScene.SHOP);
                    case FILES -> List.of("a.sql");
                    default -> samples.get(component.getType());
                })
                .toArray());
    }

    @ParameterizedTest
    @MethodSource("everyVerb")
    void over_the_network_a_role_that_is_too_small_is_refused(Class<?> verb) throws ReflectiveOperationException {
        Operation operation = sample(verb);
        Role needed = Roles.needed(operation);
        try (Node node = scene.node("one", CHARTER, counted)) {
            for (Role role : Role.values()) {
                Actor actor = new Actor("eve", Optional.of(new EnvironmentName("cold")), Optional.of(role));
                Decision decision = node.engine().explain(operation, new Asking(actor, Optional.empty()));

                assertThat(decision.reasons().stream()
                                .filter(reason -> reason.rule().equals("role")))
                        .as("%s asks for %s", role, operation.verb())
                        .hasSize(1);
                if (!role.covers(needed)) {
                    assertThat(decision).isInstanceOf(Decision.Denied.class);
                    assertThat(decision.reasons())
                            .anyMatch(reason -> reason.rule().equals("role"));
                }
            }
        }
    }

    private void assertNothingBegun() {
        assertThat(works).hasValue(0);
        assertThat(scene.ask("select count(*)::text from pgcharter.run")).isEqualTo("0");
        assertThat(scene.ask("select count(*)::text from pgcharter.lease")).isEqualTo("0");
        assertThat(scene.ask("select count(*)::text from pgcharter.journal"
                        + " where convert_from(leaf, 'UTF8') like '%\"step\":\"BEGUN\"%'"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ASKED", "DECIDED", "BEGUN"})
    void work_whose_record_cannot_be_written_is_not_begun(String step) {
        try (Node node = scene.node("one", CHARTER, counted)) {
            scene.journalRefuses("%\"step\":\"" + step + "\"%");

            Problem problem = catchThrowableOfType(
                            ProblemException.class, () -> node.engine().submit(BACKUP, FROM_COLD, Observer.none()))
                    .problem();

            assertThat(problem.code()).isEqualTo(ProblemCode.STATE_UNAVAILABLE);
            assertThat(problem.fact()).isEqualTo("the control database failed");
            assertThat(problem.cause()).contains("the disk is full");
            assertNothingBegun();

            scene.journalAccepts();
            assertThat(node.engine().submit(BACKUP, FROM_COLD, Observer.none())).isInstanceOf(Outcome.Done.class);
            assertThat(works).hasValue(1);
        }
    }

    @Test
    void explaining_writes_nothing() {
        try (Node node = scene.node("one", CHARTER, counted)) {
            assertThat(node.engine().explain(BACKUP, FROM_COLD)).isInstanceOf(Decision.Allowed.class);
            assertThat(node.engine().explain(COPY, FROM_COLD)).isInstanceOf(Decision.NeedsConfirmation.class);

            assertThat(scene.ask("select count(*)::text from pgcharter.journal"))
                    .isEqualTo("0");
            assertNothingBegun();
        }
    }

    @Test
    void only_the_very_name_confirms() {
        try (Node node = scene.node("one", CHARTER, counted)) {
            for (String typed : List.of("", "shop", "Copy", "COPY", " copy", "copy\n", "y", "yes", "сopy")) {
                Outcome outcome =
                        node.engine().submit(COPY, asking(Optional.of("cold"), Optional.of(typed)), Observer.none());

                assertThat(outcome).as(typed).isInstanceOf(Outcome.Waiting.class);
                assertThat(((Outcome.Waiting) outcome).request()).isEmpty();
                assertThat(node.steps(outcome.run())).containsExactly(Step.ASKED, Step.DECIDED);
            }
            assertNothingBegun();

            assertThat(node.engine().submit(COPY, asking(Optional.of("cold"), Optional.of("copy")), Observer.none()))
                    .isInstanceOf(Outcome.Done.class);
            // It confirmed one run, not those to come.
            assertThat(node.engine().submit(COPY, FROM_COLD, Observer.none())).isInstanceOf(Outcome.Waiting.class);
        }
    }

    @Test
    void a_permit_is_used_once_soon_and_for_its_own_operation() {
        assertThat(invalid((permit, operation, _) -> {
                    permit.consume(operation);
                    permit.consume(operation);
                    throw new AssertionError("consumed twice");
                }))
                .isEqualTo("it was used before");
        assertThat(invalid((permit, operation, _) -> {
                    scene.passes(Guard.PERMIT_LIFETIME);
                    permit.consume(operation);
                    throw new AssertionError("consumed late");
                }))
                .startsWith("it expired at ");
        assertThat(invalid((permit, _, _) -> {
                    permit.consume(COPY);
                    throw new AssertionError("consumed for another");
                }))
                .startsWith("it was given for ");
    }

    /// The cause of the problem that such work ends with.
    private String invalid(Work work) {
        try (Node node = scene.node("one", CHARTER, work)) {
            Outcome outcome = node.engine().submit(BACKUP, FROM_COLD, Observer.none());
            assertThat(outcome).isInstanceOf(Outcome.Failed.class);
            Problem problem = ((Outcome.Failed) outcome).problem();
            assertThat(problem.code()).isEqualTo(ProblemCode.PERMIT_INVALID);
            return problem.cause();
        }
    }

    @Test
    void a_permit_of_an_earlier_run_does_not_serve_a_later_one() {
        Permit[] kept = new Permit[1];
        try (Node first = scene.node("one", CHARTER, (permit, operation, run) -> {
            kept[0] = permit;
            return counted.carryOut(permit, operation, run);
        })) {
            first.engine().submit(BACKUP, FROM_COLD, Observer.none());
        }
        try (Node second =
                scene.node("one", CHARTER, (_, operation, run) -> counted.carryOut(kept[0], operation, run))) {
            assertThat(second.engine().submit(BACKUP, FROM_COLD, Observer.none()))
                    .isInstanceOf(Outcome.Failed.class);
            assertThat(works).hasValue(1);
        }
    }
}
