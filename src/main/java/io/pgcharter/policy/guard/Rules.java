package io.pgcharter.policy.guard;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation.Copy;
import io.pgcharter.model.operation.Role;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.Database;
import io.pgcharter.policy.charter.Charter.Environment;
import io.pgcharter.policy.charter.Charter.Flow;
import io.pgcharter.policy.charter.Charter.RepositoryPlace;
import io.pgcharter.policy.charter.Charter.Rule;
import io.pgcharter.policy.charter.Charter.What;
import io.pgcharter.policy.charter.MaintenancePlan;
import io.pgcharter.policy.guard.Context.PendingRequest;
import io.pgcharter.policy.guard.Ruling.AsksApproval;
import io.pgcharter.policy.guard.Ruling.AsksConfirmation;
import io.pgcharter.policy.guard.Ruling.Forbids;
import io.pgcharter.policy.guard.Ruling.Passes;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules of one charter, each a method that says what it makes of an operation. Names are known to exist: the guard
/// asks [#unknownNames] first.
final class Rules {
    private final Charter charter;

    Rules(Charter charter) {
        this.charter = charter;
    }

    /// Forbids what names something the charter does not have; empty if all names are known.
    List<Ruling> unknownNames(Actor actor, List<DatabaseName> databases, List<RepositoryName> repositories) {
        List<Ruling> rulings = new ArrayList<>();
        for (DatabaseName name : databases) {
            unknown("database", name, charter.databases().keySet(), "databases").ifPresent(rulings::add);
        }
        for (RepositoryName name : repositories) {
            unknown("repository", name, charter.repositories().keySet(), "repositories")
                    .ifPresent(rulings::add);
        }
        actor.environment()
                .flatMap(name ->
                        unknown("environment", name, charter.environments().keySet(), "environments"))
                .ifPresent(rulings::add);
        return rulings;
    }

    private Optional<Ruling> unknown(String kind, Object name, Collection<?> known, String section) {
        return known.contains(name)
                ? Optional.empty()
                : Optional.of(new Forbids(new Reason(
                        "unknown-name",
                        "the charter knows no " + kind + " '" + name + "'" + Charter.suggestion(name, known),
                        charter.whereSection(section))));
    }

    /// Whether the actor's environment reaches the database's.
    Ruling reachesDatabase(Actor actor, DatabaseName name) {
        Database database = charter.database(name);
        Environment environment = charter.environment(database.environment());
        if (!limitsReach()) {
            return new Passes(new Reason(
                    "reach",
                    "no environment of the charter limits what is reached",
                    charter.whereSection("environments")));
        }
        if (actor.environment().isEmpty()) {
            return new Forbids(sayWhence());
        }
        Environment from = charter.environment(actor.environment().get());
        if (reached(from).contains(environment.name())) {
            return new Passes(new Reason(
                    "reach",
                    "from " + from.name() + ", '" + name + "' in " + environment.name() + " is reached",
                    charter.where(from.line())));
        }
        return new Forbids(new Reason(
                "reach",
                "from " + from.name() + " only " + listed(reached(from)) + " may be reached, and database '" + name
                        + "' is in " + environment.name(),
                charter.where(from.line())));
    }

    /// Whether the actor's environment reaches every database that the pooler serves; for all poolers, where none is
    /// named. Whether there is such a pooler, the work itself says.
    List<Ruling> reachesPooled(Actor actor, Optional<PoolerName> pooler) {
        List<DatabaseName> databases = charter.serving().pools().poolers().values().stream()
                .filter(each -> pooler.isEmpty() || pooler.get().equals(each.name()))
                .flatMap(each -> each.databases().keySet().stream())
                .distinct()
                .toList();
        if (databases.isEmpty()) {
            return List.of(new Passes(always("whoever can run pgcharter here may size pools")));
        }
        List<Ruling> unknown = unknownNames(actor, databases, List.of());
        return unknown.isEmpty()
                ? databases.stream().map(name -> reachesDatabase(actor, name)).toList()
                : unknown;
    }

    /// Whether the actor's environment reaches enough of the environments whose databases are backed up to the
    /// repository. A repository has one password and opens as a whole, so to change it takes reaching every one of
    /// them; to look into it, at least one. One that no plan names may hold anything: it takes reaching them all.
    Ruling reachesRepository(Actor actor, RepositoryName name, boolean changes) {
        if (!limitsReach()) {
            return new Passes(new Reason(
                    "reach",
                    "no environment of the charter limits what is reached",
                    charter.whereSection("environments")));
        }
        if (actor.environment().isEmpty()) {
            return new Forbids(sayWhence());
        }
        Environment from = charter.environment(actor.environment().get());
        Set<EnvironmentName> reached = reached(from);
        Set<EnvironmentName> planned = environmentsIn(name);
        boolean enough = planned.isEmpty()
                ? reached.containsAll(charter.environments().keySet())
                : changes ? reached.containsAll(planned) : planned.stream().anyMatch(reached::contains);
        String holds = planned.isEmpty()
                ? "no backup plan names repository '" + name + "', so it may hold anything"
                : "repository '" + name + "' holds backups of " + listed(planned);
        String verdict = enough
                ? ", which " + from.name() + " reaches"
                : ", and " + from.name() + " reaches only " + listed(reached)
                        + (changes && !planned.isEmpty() ? "; to change it takes reaching all of them" : "");
        Reason reason = new Reason("reach", holds + verdict, charter.where(from.line()));
        return enough ? new Passes(reason) : new Forbids(reason);
    }

    /// Forgetting a backup cannot be undone; where a protected database's may be among them, the name must be typed.
    Optional<Ruling> protectsRepository(RepositoryName name) {
        Set<EnvironmentName> planned = environmentsIn(name);
        return (planned.isEmpty() ? charter.environments().keySet() : planned)
                .stream()
                        .map(charter::environment)
                        .filter(Environment::isProtected)
                        .findFirst()
                        .map(environment -> new AsksConfirmation(
                                name.text(),
                                new Reason(
                                        "protected",
                                        "repository '" + name + "' may hold backups of the protected environment "
                                                + environment.name(),
                                        charter.where(environment.line()))));
    }

    /// A database is backed up only where its plan says.
    Ruling plannedBackup(DatabaseName database, RepositoryName repository) {
        BackupPlan plan = charter.backups().get(database);
        if (plan == null) {
            return new Forbids(new Reason(
                    "default-deny",
                    "no backup plan names database '" + database + "'",
                    charter.whereSection("backups")));
        }
        if (!plan.to().contains(repository)) {
            return new Forbids(new Reason(
                    "default-deny",
                    "the backup plan of '" + database + "' goes to " + listed(plan.to()) + ", not to '" + repository
                            + "'",
                    charter.where(plan.line())));
        }
        return new Passes(new Reason(
                "backup-plan",
                "the backup plan of '" + database + "' goes to '" + repository + "'",
                charter.where(plan.line())));
    }

    /// A backup travels from one repository to another only where a plan sends backups of one database to both.
    Ruling plannedCopy(RepositoryName from, RepositoryName to) {
        if (from.equals(to)) {
            return new Forbids(new Reason(
                    "same-repository",
                    "repository '" + from + "' cannot be copied onto itself",
                    charter.where(charter.repository(from).line())));
        }
        return charter.backups().values().stream()
                .filter(plan -> plan.to().containsAll(List.of(from, to)))
                .findFirst()
                .<Ruling>map(plan -> new Passes(new Reason(
                        "backup-plan",
                        "the backup plan of '" + plan.database() + "' goes to both '" + from + "' and '" + to + "'",
                        charter.where(plan.line()))))
                .orElseGet(() -> new Forbids(new Reason(
                        "default-deny",
                        "no backup plan goes to both '" + from + "' and '" + to + "'",
                        charter.whereSection("backups"))));
    }

    /// Only what the charter's retention does not keep is removed by it.
    Ruling plannedRetention(DatabaseName database, RepositoryName repository) {
        BackupPlan plan = charter.backups().get(database);
        if (plan == null || !plan.to().contains(repository)) {
            return plannedBackup(database, repository);
        }
        return plan.retention()
                .<Ruling>map(retention -> new Passes(new Reason(
                        "retention",
                        "the backup plan of '" + database + "' says what is kept",
                        charter.where(retention.line()))))
                .orElseGet(() -> new Forbids(new Reason(
                        "default-deny",
                        "the backup plan of '" + database + "' has no retention, so everything is kept",
                        charter.where(plan.line()))));
    }

    /// Nothing is removed from a repository that the charter calls append-only.
    Ruling mayRemove(RepositoryName name) {
        RepositoryPlace place = charter.repository(name);
        return place.isAppendOnly()
                ? new Forbids(new Reason(
                        "append-only",
                        "repository '" + name + "' is append-only: nothing is removed from it by this charter",
                        charter.where(place.line())))
                : new Passes(new Reason(
                        "append-only", "repository '" + name + "' is not append-only", charter.where(place.line())));
    }

    /// Only what is backed up by plan can be verified.
    Ruling plannedAtAll(DatabaseName database) {
        BackupPlan plan = charter.backups().get(database);
        return plan == null
                ? new Forbids(new Reason(
                        "default-deny",
                        "no backup plan names database '" + database + "'",
                        charter.whereSection("backups")))
                : new Passes(new Reason(
                        "backup-plan", "database '" + database + "' has a backup plan", charter.where(plan.line())));
    }

    /// What the flows say to a copy. Also within one environment a copy needs a flow.
    List<Ruling> copies(Copy copy) {
        if (copy.source().equals(copy.target())) {
            return List.of(new Forbids(new Reason(
                    "same-database",
                    "database '" + copy.source() + "' cannot be copied onto itself",
                    charter.where(charter.database(copy.source()).line()))));
        }
        List<Ruling> rulings = new ArrayList<>(flows(What.DATA, copy.source(), copy.target()));
        if (rulings.isEmpty()) {
            rulings.add(noFlow(What.DATA, copy.source(), copy.target()));
        }
        if (copy.replace()) {
            rulings.add(new AsksConfirmation(
                    copy.target().text(),
                    new Reason(
                            "replace",
                            "what '" + copy.target() + "' holds now would be dropped",
                            charter.where(charter.database(copy.target()).line()))));
        }
        protectsDatabase(copy.target()).ifPresent(rulings::add);
        return rulings;
    }

    /// What the flows say to a restore. Within one environment a restore needs no flow, but heeds one that is there.
    List<Ruling> restores(DatabaseName source, DatabaseName target) {
        Environment from = environmentOf(source);
        Environment to = environmentOf(target);
        List<Ruling> rulings = new ArrayList<>(flows(What.DATA, source, target));
        if (rulings.isEmpty()) {
            rulings.add(
                    from.equals(to)
                            ? new Passes(new Reason(
                                    "same-environment", "the data stays within " + to.name(), charter.where(to.line())))
                            : noFlow(What.DATA, source, target));
        }
        protectsDatabase(target).ifPresent(rulings::add);
        return rulings;
    }

    /// What touches a protected database needs its name typed.
    Optional<Ruling> protectsDatabase(DatabaseName target) {
        Environment environment = environmentOf(target);
        return environment.isProtected()
                ? Optional.of(new AsksConfirmation(
                        target.text(),
                        new Reason(
                                "protected",
                                "'" + target + "' is in the protected environment " + environment.name(),
                                charter.where(environment.line()))))
                : Optional.empty();
    }

    /// Maintenance outside of its window needs the database's name typed. Nobody types it for the schedule, so what
    /// runs by itself waits for the window.
    Optional<Ruling> maintenanceWindow(DatabaseName database, Instant now) {
        MaintenancePlan.Plan plan = charter.serving().maintenance().of(database);
        return plan.window().map(window -> {
            String where = charter.where(plan.line());
            return window.contains(now)
                    ? new Passes(new Reason("window", "the window of '" + database + "' is open: " + window, where))
                    : new AsksConfirmation(
                            database.text(),
                            new Reason(
                                    "window",
                                    "the window of '" + database + "' is " + window + "; it opens at "
                                            + window.opensAfter(now),
                                    where));
        });
    }

    /// The strictest of the flows between the two environments; several where they are equally strict.
    private List<Ruling> flows(What what, DatabaseName source, DatabaseName target) {
        EnvironmentName from = environmentOf(source).name();
        EnvironmentName to = environmentOf(target).name();
        List<Flow> matching = charter.flows().stream()
                .filter(flow -> flow.what() == what
                        && flow.from().equals(from)
                        && flow.to().equals(to))
                .toList();
        int strictest = matching.stream()
                .mapToInt(flow -> strictness(flow.rule()))
                .max()
                .orElse(0);
        return matching.stream()
                .filter(flow -> strictness(flow.rule()) == strictest)
                .map(flow -> ruling(flow, target))
                .toList();
    }

    /// What the flows say to what travels; denied where there is none.
    List<Ruling> travels(What what, DatabaseName source, DatabaseName target) {
        List<Ruling> rulings = flows(what, source, target);
        return rulings.isEmpty() ? List.of(noFlow(what, source, target)) : rulings;
    }

    private static String spoken(What what) {
        return switch (what) {
            case DATA -> "data";
            case MASKED_DATA -> "masked data";
            case SCHEMA -> "schema";
            case MIGRATION -> "migrations";
        };
    }

    private static int strictness(Rule rule) {
        return switch (rule) {
            case Rule.Allow _ -> 0;
            case Rule.Confirm _ -> 1;
            case Rule.Approvals _ -> 2;
            case Rule.Deny _ -> 3;
        };
    }

    private Ruling ruling(Flow flow, DatabaseName target) {
        String travel = spoken(flow.what()) + " from " + flow.from() + " to " + flow.to() + " ";
        String because = flow.because().map(text -> ": " + text).orElse("");
        String where = charter.where(flow.line());
        return switch (flow.rule()) {
            case Rule.Allow _ -> new Passes(new Reason("flow", travel + "is allowed" + because, where));
            case Rule.Confirm _ ->
                new AsksConfirmation(target.text(), new Reason("flow", travel + "needs confirmation" + because, where));
            case Rule.Approvals approvals ->
                new AsksApproval(
                        approvals,
                        new Reason(
                                "flow",
                                travel + "needs " + approvals.count()
                                        + (approvals.count() == 1 ? " approval" : " approvals") + " by role "
                                        + approvals.role() + because,
                                where));
            case Rule.Deny _ -> new Forbids(new Reason("flow", travel + "is denied" + because, where));
        };
    }

    private Ruling noFlow(What what, DatabaseName source, DatabaseName target) {
        return new Forbids(new Reason(
                "default-deny",
                "no flow lets " + spoken(what) + " travel from "
                        + environmentOf(source).name() + " to "
                        + environmentOf(target).name(),
                charter.whereSection("flows")));
    }

    /// Whether `person` may agree to the request at all.
    Ruling approves(String person, String id, Context context) {
        String where = charter.whereSection("approvers");
        Optional<PendingRequest> found =
                context.request().filter(request -> request.id().equals(id));
        if (found.isEmpty()) {
            return new Forbids(new Reason("approval", "no request '" + id + "' waits for approval", where));
        }
        PendingRequest request = found.get();
        String refusal = !context.now().isBefore(request.expiresAt())
                ? "request '" + id + "' expired at " + request.expiresAt()
                : samePerson(person, request.asker())
                        ? "'" + person + "' asked for it"
                                + (person.equals(request.asker()) ? "" : " as '" + request.asker() + "'")
                                + ", and nobody approves their own request"
                        : holds(person, request.role()) ? "" : "'" + person + "' does not hold role " + request.role();
        return refusal.isEmpty()
                ? new Passes(new Reason("approval", "'" + person + "' holds role " + request.role(), where))
                : new Forbids(new Reason("approval", refusal, where));
    }

    /// How many people have agreed in a way that counts now.
    int approvalsGiven(Rule.Approvals rule, Context context) {
        return (int) context.approvals().stream()
                .filter(approval -> approval.givenAt().plus(rule.validFor()).isAfter(context.now()))
                .map(Context.Approval::person)
                .filter(person -> !samePerson(person, context.actor().person()))
                .filter(person -> holds(person, rule.role()))
                .map(Rules::spelledPlainly)
                .distinct()
                .count();
    }

    /// Whether the role of whoever comes over the network is enough. Whoever runs pgcharter on its machine has none
    /// and needs none.
    Optional<Ruling> roleMay(Actor actor, Role needed) {
        return actor.role().map(role -> {
            Reason reason = new Reason(
                    "role",
                    "'" + actor.person() + "' is " + spoken(role) + ", and this takes " + spoken(needed),
                    charter.whereSection("web"));
            return role.covers(needed) ? new Passes(reason) : new Forbids(reason);
        });
    }

    private static String spoken(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /// Nobody, of whatever role, does this for somebody else.
    Ruling isOwn(Actor actor, String user) {
        return actor.person().equals(user)
                ? new Passes(always("one's own logins and password are one's own affair"))
                : new Forbids(always("logins and password of '" + user + "' are nobody else's affair"));
    }

    Reason always(String text) {
        return new Reason("always", text, charter.file());
    }

    private boolean holds(String person, String role) {
        return charter.approvers().getOrDefault(role, Set.of()).contains(person);
    }

    /// Accounts whose names differ in case or in forms of letters only are taken for one person's.
    private static boolean samePerson(String one, String other) {
        return spelledPlainly(one).equals(spelledPlainly(other));
    }

    private static String spelledPlainly(String person) {
        return Normalizer.normalize(person, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    private boolean limitsReach() {
        return charter.environments().values().stream()
                .anyMatch(environment -> environment.reaches().isPresent());
    }

    private static Set<EnvironmentName> reached(Environment from) {
        return from.reaches().orElse(Set.of(from.name()));
    }

    private Reason sayWhence() {
        return new Reason(
                "reach",
                "the charter limits what each environment reaches; say which environment you act from: --as "
                        + charter.environments().keySet().stream()
                                .map(EnvironmentName::text)
                                .collect(Collectors.joining("|")),
                charter.whereSection("environments"));
    }

    private Environment environmentOf(DatabaseName database) {
        return charter.environment(charter.database(database).environment());
    }

    private Set<EnvironmentName> environmentsIn(RepositoryName repository) {
        return charter.backups().values().stream()
                .filter(plan -> plan.to().contains(repository))
                .map(plan -> charter.database(plan.database()).environment())
                .collect(Collectors.toSet());
    }

    private static String listed(Collection<?> names) {
        Stream<String> sorted = names.stream().map(Object::toString).sorted();
        return names.isEmpty() ? "nothing" : sorted.collect(Collectors.joining(", "));
    }
}
