package io.pgcharter.policy.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.Flow;
import io.pgcharter.policy.charter.Charter.Rule;
import io.pgcharter.policy.charter.Charter.What;
import io.pgcharter.policy.charter.Serving;
import io.pgcharter.policy.guard.Context.Approval;
import io.pgcharter.policy.guard.Context.PendingRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Random charters, operations and contexts, held against an oracle that is written as plainly as the manual page and
/// shares no line with the guard.
class GuardPropertyTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final List<String> ENVIRONMENTS = List.of("red", "green", "blue");
    private static final List<String> DATABASES = List.of("alpha", "beta", "gamma", "delta");
    private static final List<String> REPOSITORIES = List.of("near", "far");
    private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave");
    private static final Duration VALID = Duration.ofHours(1);

    private record Scene(Charter charter, Operation operation, Context context) {
        static Scene of(long seed) {
            Random random = new Random(seed);
            return new Scene(
                    GuardPropertyTest.charter(random),
                    GuardPropertyTest.operation(random),
                    GuardPropertyTest.context(random));
        }

        Decision decide() {
            return new Guard(charter, InstantSource.fixed(NOW)).decide(operation, context);
        }
    }

    @Property(tries = 20_000)
    void allowed_is_what_a_naive_reading_of_the_charter_allows_and_nothing_else(@ForAll long seed) {
        Scene scene = Scene.of(seed);
        boolean mayRun = mayRun(scene.charter(), scene.operation(), scene.context());
        assertThat(scene.decide() instanceof Decision.Allowed).as("%s", scene).isEqualTo(mayRun);
    }

    @Property(tries = 10_000)
    void a_denied_flow_never_runs_whatever_is_confirmed_approved_or_claimed(@ForAll long seed) {
        Scene scene = Scene.of(seed);
        for (Operation moved : List.of(copy(seed, false), copy(seed, true), restore(seed))) {
            DatabaseName source =
                    moved instanceof Operation.Copy copy ? copy.source() : ((Operation.Restore) moved).source();
            DatabaseName target =
                    moved instanceof Operation.Copy copy ? copy.target() : ((Operation.Restore) moved).target();
            Charter denied = withDenial(scene.charter(), source, target, new Random(seed));
            for (Context context : everything(target)) {
                Decision decision = new Guard(denied, InstantSource.fixed(NOW)).decide(moved, context);
                assertThat(decision).as("%s by %s", moved, denied).isInstanceOf(Decision.Denied.class);
            }
        }
    }

    @Property(tries = 10_000)
    void every_decision_has_reasons_that_name_the_charter(@ForAll long seed) {
        Scene scene = Scene.of(seed);
        assertThat(scene.decide().reasons())
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(reason.where()).startsWith("charter.yaml"))
                .allSatisfy(reason -> assertThat(reason.text()).isNotBlank().doesNotEndWith("."));
    }

    @Property(tries = 10_000)
    void the_askers_own_approval_changes_nothing(@ForAll long seed) {
        Scene scene = Scene.of(seed);
        Context context = scene.context();
        List<Approval> more = new ArrayList<>(context.approvals());
        more.add(new Approval(context.actor().person(), NOW));
        Context own = new Context(context.actor(), context.confirmation(), more, context.request(), NOW);
        Decision without = scene.decide();
        Decision with = new Scene(scene.charter(), scene.operation(), own).decide();
        assertThat(with.getClass()).isEqualTo(without.getClass());
        assertThat(with.reasons()).isEqualTo(without.reasons());
    }

    @Property(tries = 5_000)
    void a_permit_serves_its_own_operation_once(@ForAll long seed) {
        Scene scene = Scene.of(seed);
        if (scene.decide() instanceof Decision.Allowed allowed) {
            Operation other = operation(new Random(seed + 1));
            if (!other.equals(scene.operation())) {
                assertThatThrownBy(() -> allowed.permit().consume(other)).hasMessageContaining("PERMIT_INVALID");
            }
            allowed.permit().consume(scene.operation());
            assertThatThrownBy(() -> allowed.permit().consume(scene.operation()))
                    .hasMessageContaining("PERMIT_INVALID");
        }
    }

    // ---- the oracle -------------------------------------------------------------------------------------------------

    private static boolean mayRun(Charter charter, Operation operation, Context context) {
        boolean confirmed;
        return switch (operation) {
            case Operation.Cancel _,
                    Operation.JournalVerify _,
                    ServingOperation.Watch _,
                    ServingOperation.Alert _,
                    ServingOperation.AlertAcknowledge _,
                    ServingOperation.AlertSilence _,
                    ServingOperation.AlertUnsilence _,
                    ServingOperation.AlertTry _,
                    AccessOperation.UserAdd _,
                    AccessOperation.UserRemove _,
                    AccessOperation.TokenCreate _,
                    AccessOperation.TokenRevoke _,
                    AccessOperation.Login _ -> true;
            case AccessOperation.Logout logout ->
                logout.user().equals(context.actor().person());
            case AccessOperation.PasswordChange change ->
                change.user().equals(context.actor().person());
            case Operation.Health health ->
                health.database()
                        .map(database -> reaches(charter, context, database))
                        .orElse(true);
            case Operation.Maintain maintain -> reaches(charter, context, maintain.database());
            case Operation.SessionsList list -> reaches(charter, context, list.database());
            case Operation.Advice advice -> reaches(charter, context, advice.database());
            case SchemaOperation schema -> SchemaOracle.mayRun(charter, schema, context);
            case Operation.Pools _ -> true;
            case Operation.Queries queries -> reaches(charter, context, queries.database());
            case Operation.SessionsEnd end ->
                reaches(charter, context, end.database())
                        && (context.confirmation()
                                        .equals(Optional.of(end.database().text()))
                                || !isProtected(charter, end.database()));
            case Operation.Status status -> reaches(charter, context, status.database());
            case Operation.Backup backup ->
                reaches(charter, context, backup.database())
                        && charter.backups().containsKey(backup.database())
                        && charter.backups().get(backup.database()).to().containsAll(backup.repositories());
            case Operation.Verify verify ->
                reaches(charter, context, verify.database())
                        && charter.backups().containsKey(verify.database());
            case Operation.Copy copy -> {
                confirmed =
                        context.confirmation().equals(Optional.of(copy.target().text()));
                yield !copy.source().equals(copy.target())
                        && reaches(charter, context, copy.source())
                        && reaches(charter, context, copy.target())
                        && flowLets(charter, context, What.DATA, List.of(copy.source(), copy.target()), false)
                        && (confirmed || !(copy.replace() || isProtected(charter, copy.target())));
            }
            case Operation.Restore restore -> {
                confirmed = context.confirmation()
                        .equals(Optional.of(restore.target().text()));
                boolean within = environment(charter, restore.source()).equals(environment(charter, restore.target()));
                yield reaches(charter, context, restore.source())
                        && reaches(charter, context, restore.target())
                        && flowLets(charter, context, What.DATA, List.of(restore.source(), restore.target()), within)
                        && (confirmed || !isProtected(charter, restore.target()));
            }
            case Operation.Backups read -> reachesAny(charter, context, read.repository());
            case Operation.RepositoryList read -> reachesAny(charter, context, read.repository());
            case Operation.RepositoryCheck read -> reachesAny(charter, context, read.repository());
            case Operation.RepositoryStats read -> reachesAny(charter, context, read.repository());
            case Operation.RepositoryKeyList read -> reachesAny(charter, context, read.repository());
            case Operation.RetentionPlan plan ->
                reachesAny(charter, context, plan.repository())
                        && isPlanned(charter, plan.database(), plan.repository());
            case Operation.RetentionApply apply ->
                reachesAll(charter, context, apply.repository())
                        && isPlanned(charter, apply.database(), apply.repository())
                        && hasRetention(charter, apply.database())
                        && !isAppendOnly(charter, apply.repository());
            case Operation.BackupPin pin -> reachesAll(charter, context, pin.repository());
            case Operation.RepositoryInit init ->
                reachesAll(charter, context, init.repository())
                        && init.like()
                                .map(like -> reachesAny(charter, context, like))
                                .orElse(true);
            case Operation.RepositoryKeyAdd add -> reachesAll(charter, context, add.repository());
            case Operation.RepositoryRepair repair ->
                reachesAll(charter, context, repair.repository())
                        && repair.from()
                                .map(from -> mayTravel(charter, from, repair.repository()))
                                .orElse(true);
            case Operation.RepositoryCopy copy ->
                reachesAll(charter, context, copy.from())
                        && reachesAll(charter, context, copy.to())
                        && mayTravel(charter, copy.from(), copy.to());
            case Operation.RepositoryPrune prune ->
                reachesAll(charter, context, prune.repository()) && !isAppendOnly(charter, prune.repository());
            case Operation.BackupUnpin unpin -> mayRemove(charter, context, unpin.repository());
            case Operation.RepositoryKeyRemove remove -> mayRemove(charter, context, remove.repository());
            case Operation.RepositoryKeyRotate rotate -> mayRemove(charter, context, rotate.repository());
            case Operation.RepositoryForget forget -> mayRemove(charter, context, forget.repository());
            case Operation.Approve approve ->
                context.request().isPresent()
                        && context.request().get().id().equals(approve.request())
                        && NOW.isBefore(context.request().get().expiresAt())
                        && !context.request()
                                .get()
                                .asker()
                                .equals(context.actor().person())
                        && charter.approvers()
                                .getOrDefault(context.request().get().role(), Set.of())
                                .contains(context.actor().person());
        };
    }

    static boolean isPlanned(Charter charter, DatabaseName database, RepositoryName repository) {
        return charter.backups().containsKey(database)
                && charter.backups().get(database).to().contains(repository);
    }

    private static boolean hasRetention(Charter charter, DatabaseName database) {
        return charter.backups().values().stream()
                .anyMatch(plan ->
                        plan.database().equals(database) && plan.retention().isPresent());
    }

    private static boolean isAppendOnly(Charter charter, RepositoryName repository) {
        return charter.repository(repository).isAppendOnly();
    }

    private static boolean mayTravel(Charter charter, RepositoryName from, RepositoryName to) {
        return !from.equals(to)
                && charter.backups().keySet().stream()
                        .anyMatch(database -> isPlanned(charter, database, from) && isPlanned(charter, database, to));
    }

    private static boolean mayRemove(Charter charter, Context context, RepositoryName repository) {
        Set<EnvironmentName> held = held(charter, repository);
        boolean guarded = charter.environments().values().stream()
                .anyMatch(environment ->
                        environment.isProtected() && (held.isEmpty() || held.contains(environment.name())));
        boolean confirmed = context.confirmation().equals(Optional.of(repository.text()));
        return reachesAll(charter, context, repository)
                && !isAppendOnly(charter, repository)
                && (confirmed || !guarded);
    }

    static boolean flowLets(Charter charter, Context context, What what, List<DatabaseName> ends, boolean free) {
        DatabaseName source = ends.getFirst();
        DatabaseName target = ends.getLast();
        boolean confirmed = context.confirmation().equals(Optional.of(target.text()));
        boolean any = false;
        boolean approvals = false;
        boolean approved = true;
        boolean confirm = false;
        for (Flow flow : charter.flows()) {
            if (flow.what() != what
                    || !flow.from().equals(environment(charter, source))
                    || !flow.to().equals(environment(charter, target))) {
                continue;
            }
            any = true;
            if (flow.rule() instanceof Rule.Deny) {
                return false;
            }
            confirm |= flow.rule() instanceof Rule.Confirm;
            if (flow.rule() instanceof Rule.Approvals rule) {
                approvals = true;
                Set<String> agreed = new HashSet<>();
                for (Approval approval : context.approvals()) {
                    boolean fresh = approval.givenAt().plus(rule.validFor()).compareTo(NOW) > 0;
                    boolean other = !approval.person().equals(context.actor().person());
                    if (fresh
                            && other
                            && charter.approvers()
                                    .getOrDefault(rule.role(), Set.of())
                                    .contains(approval.person())) {
                        agreed.add(approval.person());
                    }
                }
                approved &= agreed.size() >= rule.count();
            }
        }
        return any ? (approvals ? approved : !confirm || confirmed) : free;
    }

    static boolean reaches(Charter charter, Context context, DatabaseName database) {
        return reachesSome(charter, context, Set.of(environment(charter, database)), true);
    }

    private static boolean reachesAny(Charter charter, Context context, RepositoryName repository) {
        Set<EnvironmentName> held = held(charter, repository);
        return held.isEmpty()
                ? reachesSome(charter, context, charter.environments().keySet(), true)
                : reachesSome(charter, context, held, false);
    }

    private static boolean reachesAll(Charter charter, Context context, RepositoryName repository) {
        Set<EnvironmentName> held = held(charter, repository);
        return reachesSome(
                charter, context, held.isEmpty() ? charter.environments().keySet() : held, true);
    }

    private static boolean reachesSome(Charter charter, Context context, Set<EnvironmentName> wanted, boolean all) {
        Optional<EnvironmentName> from = context.actor().environment();
        if (from.isPresent() && !charter.environments().containsKey(from.get())) {
            return false;
        }
        if (charter.environments().values().stream()
                .allMatch(one -> one.reaches().isEmpty())) {
            return true;
        }
        if (from.isEmpty()) {
            return false;
        }
        Set<EnvironmentName> reached = charter.environment(from.get()).reaches().orElse(Set.of(from.get()));
        return all ? reached.containsAll(wanted) : wanted.stream().anyMatch(reached::contains);
    }

    private static Set<EnvironmentName> held(Charter charter, RepositoryName repository) {
        Set<EnvironmentName> held = new HashSet<>();
        charter.backups().forEach((database, plan) -> {
            if (plan.to().contains(repository)) {
                held.add(environment(charter, database));
            }
        });
        return held;
    }

    static boolean isProtected(Charter charter, DatabaseName database) {
        return charter.environment(environment(charter, database)).isProtected();
    }

    static EnvironmentName environment(Charter charter, DatabaseName database) {
        return charter.database(database).environment();
    }

    // ---- what is judged ---------------------------------------------------------------------------------------------

    private static Charter charter(Random random) {
        boolean limits = random.nextBoolean();
        Map<EnvironmentName, Charter.Environment> environments = new LinkedHashMap<>();
        for (String name : ENVIRONMENTS) {
            Set<EnvironmentName> reaches = new HashSet<>();
            ENVIRONMENTS.stream()
                    .filter(_ -> random.nextInt(3) > 0)
                    .map(EnvironmentName::new)
                    .forEach(reaches::add);
            environments.put(
                    new EnvironmentName(name),
                    new Charter.Environment(
                            new EnvironmentName(name),
                            random.nextInt(3) == 0,
                            random.nextBoolean(),
                            limits && random.nextInt(4) > 0 ? Optional.of(reaches) : Optional.empty(),
                            random.nextInt(90) + 1));
        }
        Map<DatabaseName, Charter.Database> databases = new LinkedHashMap<>();
        Map<DatabaseName, Charter.BackupPlan> backups = new LinkedHashMap<>();
        for (String text : DATABASES) {
            DatabaseName name = new DatabaseName(text);
            EnvironmentName environment = new EnvironmentName(any(random, ENVIRONMENTS));
            databases.put(name, new Charter.Database(name, environment, new SecretText("${env:A}"), 7));
            List<RepositoryName> to = REPOSITORIES.stream()
                    .filter(_ -> random.nextBoolean())
                    .map(RepositoryName::new)
                    .toList();
            if (!to.isEmpty()) {
                backups.put(name, new Charter.BackupPlan(name, to, 2, retention(random), 8));
            }
        }
        Map<RepositoryName, Charter.RepositoryPlace> repositories = new LinkedHashMap<>();
        for (String text : REPOSITORIES) {
            RepositoryName name = new RepositoryName(text);
            repositories.put(
                    name,
                    new Charter.RepositoryPlace(
                            name,
                            new StoragePlace.Directory(new SecretText("/r")),
                            new SecretText("${env:P}"),
                            random.nextInt(4) == 0,
                            9));
        }
        List<Flow> flows = new ArrayList<>();
        for (int flow = random.nextInt(12); flow > 0; flow--) {
            flows.add(new Flow(
                    new EnvironmentName(any(random, ENVIRONMENTS)),
                    new EnvironmentName(any(random, ENVIRONMENTS)),
                    random.nextInt(2) == 0 ? any(random, List.of(What.values())) : What.DATA,
                    rule(random),
                    Optional.empty(),
                    20 + flow));
        }
        return new Charter(
                "charter.yaml",
                environments,
                databases,
                repositories,
                backups,
                Map.of(),
                flows,
                Map.of("admin", Set.of("alice", "bob", "carol"), "owner", Set.of("carol", "dave")),
                new Charter.StatePlace(Optional.empty(), Optional.empty()),
                Serving.NONE,
                SchemaOracle.shaping(random, DATABASES),
                Map.of());
    }

    private static Rule rule(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Rule.Deny();
            case 1 -> new Rule.Confirm();
            case 2 ->
                new Rule.Approvals(1 + random.nextInt(3), any(random, List.of("admin", "owner", "nobody")), VALID);
            default -> new Rule.Allow();
        };
    }

    private static Operation operation(Random random) {
        DatabaseName database = new DatabaseName(any(random, DATABASES));
        RepositoryName repository = new RepositoryName(any(random, REPOSITORIES));
        return switch (random.nextInt(47)) {
            case 0 -> new Operation.Status(database);
            case 1 -> new Operation.Backup(database, repository);
            case 2 -> new Operation.Verify(new BackupId("0123abcd"), repository, database);
            case 3 -> new Operation.Backups(repository);
            case 4 -> new Operation.RepositoryInit(repository);
            case 5 -> new Operation.RepositoryList(repository);
            case 6 -> new Operation.RepositoryCheck(repository, Optional.empty());
            case 7 -> new Operation.RepositoryForget(repository, new BackupId("0123abcd"));
            case 8 -> new Operation.RepositoryStats(repository);
            case 9 -> new Operation.Approve(any(random, List.of("1111", "2222")));
            case 10 -> new Operation.Cancel(new RunId("0123456789ab"));
            case 11 -> new Operation.JournalVerify();
            case 12, 13 -> restore(random.nextLong());
            case 14 -> new Operation.BackupPin(new BackupId("0123abcd"), repository, "audit");
            case 15 -> new Operation.BackupUnpin(new BackupId("0123abcd"), repository);
            case 16 -> new Operation.RetentionPlan(database, repository);
            case 17 -> new Operation.RetentionApply(database, repository);
            case 18 -> new Operation.RepositoryPrune(repository, Duration.ZERO);
            case 19 -> new Operation.RepositoryRepair(repository, other(random));
            case 20 ->
                new Operation.RepositoryCopy(
                        repository, new RepositoryName(any(random, REPOSITORIES)), Optional.empty());
            case 21 -> new Operation.RepositoryKeyList(repository);
            case 22 -> new Operation.RepositoryKeyAdd(repository, new SecretText("${env:N}"));
            case 23 -> new Operation.RepositoryKeyRemove(repository, "0123abcd");
            case 24 -> new Operation.RepositoryKeyRotate(repository, new SecretText("${env:N}"));
            case 25 -> new Operation.RepositoryInit(repository, other(random));
            case 26 -> new Operation.Health(random.nextBoolean() ? Optional.empty() : Optional.of(database));
            case 27 -> new Operation.Maintain(database, Operation.Maintain.Task.VACUUM);
            case 28 -> new Operation.SessionsEnd(database, 42, NOW, random.nextBoolean());
            case 29 -> new Operation.SessionsList(database);
            case 30 -> new Operation.Advice(database);
            case 31 -> new Operation.Queries(database);
            case 32 -> new ServingOperation.Watch();
            case 33 -> new AccessOperation.UserAdd("eve", Role.ADMIN);
            case 34 -> new Operation.Pools(Optional.empty());
            case 35, 36, 37 -> copy(random.nextLong(), random.nextBoolean());
            default -> SchemaOracle.operation(random, database, new DatabaseName(any(random, DATABASES)));
        };
    }

    private static Optional<RepositoryName> other(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(new RepositoryName(any(random, REPOSITORIES)));
    }

    private static Optional<Charter.Retention> retention(Random random) {
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(
                        new Charter.Retention(0, 7, 4, 12, 0, Duration.ZERO, Duration.ZERO, 1, ZoneOffset.UTC, 9));
    }

    private static Operation copy(long seed, boolean replace) {
        Random random = new Random(seed);
        return new Operation.Copy(
                new DatabaseName(any(random, DATABASES)), new DatabaseName(any(random, DATABASES)), replace);
    }

    private static Operation restore(long seed) {
        Random random = new Random(seed);
        return new Operation.Restore(
                new BackupId("0123abcd"),
                new RepositoryName(any(random, REPOSITORIES)),
                new DatabaseName(any(random, DATABASES)),
                new DatabaseName(any(random, DATABASES)),
                List.of(),
                random.nextBoolean() ? Optional.of("fresh") : Optional.empty());
    }

    private static Context context(Random random) {
        List<Approval> approvals = new ArrayList<>();
        for (int approval = random.nextInt(5); approval > 0; approval--) {
            approvals.add(new Approval(any(random, PEOPLE), NOW.minus(Duration.ofMinutes(random.nextInt(5) * 20L))));
        }
        List<String> names = new ArrayList<>(DATABASES);
        names.addAll(REPOSITORIES);
        String as = any(random, List.of("red", "green", "blue", "red", "green", "blue", "", "nowhere"));
        PendingRequest request = new PendingRequest(
                any(random, List.of("1111", "2222")),
                new Operation.JournalVerify(),
                any(random, PEOPLE),
                any(random, List.of("admin", "owner", "nobody")),
                NOW.plusSeconds(random.nextInt(4) - 1));
        return new Context(
                new Actor(any(random, PEOPLE), as.isEmpty() ? Optional.empty() : Optional.of(new EnvironmentName(as))),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(any(random, names)),
                approvals,
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(request),
                NOW);
    }

    /// Confirmed, approved by everybody, and asked from everywhere.
    private static List<Context> everything(DatabaseName target) {
        List<Approval> all =
                PEOPLE.stream().map(person -> new Approval(person, NOW)).toList();
        List<Context> contexts = new ArrayList<>();
        contexts.add(new Context(
                new Actor("mallory", Optional.empty()), Optional.of(target.text()), all, Optional.empty(), NOW));
        for (String environment : ENVIRONMENTS) {
            Actor actor = new Actor("mallory", Optional.of(new EnvironmentName(environment)));
            contexts.add(new Context(actor, Optional.of(target.text()), all, Optional.empty(), NOW));
        }
        return contexts;
    }

    private static Charter withDenial(Charter charter, DatabaseName source, DatabaseName target, Random random) {
        List<Flow> flows = new ArrayList<>(charter.flows());
        Flow denial = new Flow(
                environment(charter, source),
                environment(charter, target),
                What.DATA,
                new Rule.Deny(),
                Optional.empty(),
                99);
        flows.add(random.nextInt(flows.size() + 1), denial);
        return new Charter(
                charter.file(),
                charter.environments(),
                charter.databases(),
                charter.repositories(),
                charter.backups(),
                charter.verification(),
                flows,
                charter.approvers(),
                charter.state());
    }

    private static <T> T any(Random random, List<T> things) {
        return things.get(random.nextInt(things.size()));
    }
}
