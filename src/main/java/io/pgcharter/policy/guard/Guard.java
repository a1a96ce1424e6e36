package io.pgcharter.policy.guard;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.operation.Subjects;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charter.Rule;
import io.pgcharter.policy.guard.Ruling.AsksApproval;
import io.pgcharter.policy.guard.Ruling.AsksConfirmation;
import io.pgcharter.policy.guard.Ruling.Forbids;
import io.pgcharter.policy.guard.Ruling.Passes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Judges operations by the charter. Stateless and thread-safe.
///
/// | operation | must reach | and |
/// |---|---|---|
/// | status | the database | |
/// | backup | the database | its plan names the repository |
/// | verify | the database | it has a plan |
/// | restore | source and target | between environments, a data flow; the target's name if protected |
/// | copy | source and target | always a data flow; the target's name if protected or replaced |
/// | backups, retention plan, repository list, check, stats, key list | one environment backed up there | |
/// | backups pin, repository init, repair, key add | every environment backed up there | |
/// | retention apply | every environment backed up there | the plan says what is kept; not append-only |
/// | repository prune | every environment backed up there | not append-only |
/// | repository copy | every environment backed up in both | one plan names both |
/// | backups unpin, repository forget, key remove, key rotate | every environment backed up there | not append-only;
/// the repository's name if one of them is protected |
/// | approve | | the request waits, another person asked, the approver holds the role |
/// | health, sessions list, advice, queries | the database | |
/// | maintain | the database | the database's name outside of its window |
/// | sessions end | the database | the database's name if protected |
/// | lint | the target, if one is named | files by path only at the machine |
/// | migrate status, plan, rehearse | the database | migrations are for it |
/// | migrate up, down, resolve, baseline, import | the database | migrations are for it; between
/// environments, a migration flow from where they come; the database's name if protected |
/// | release | the database | as migrate up; how they are released is said, the backup plan goes to its repository; and
/// as restore into the database itself where that is the way back |
/// | schema diff, drift | each database | |
/// | schema push | source and target | a schema flow; the target's name |
/// | seed | the database | it is not protected; its name if its environment is not disposable |
/// | reset | the database | it is not protected; its environment is disposable; its name |
/// | cancel, journal verify, watch, alert, alerts …, users …, tokens … | | |
///
/// Who comes over the network needs a role beside: see [Roles].
///
/// *Reach* counts only in a charter in which some environment declares `reaches`. Backup, verify and restore are judged
/// by the environment of the database, not by who else uses the repository.
///
/// The guard judges a restore or a verify by the database the operation *names* as the backup's; whoever carries it
/// out must refuse a backup whose manifest names another one.
public final class Guard {
    /// How long a permit can be used: from the decision to the first line of the work, not longer.
    public static final Duration PERMIT_LIFETIME = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Rules rules;
    private final SchemaRules schemas;

    /// @param clock what permits expire by
    public Guard(Charter charter, InstantSource clock) {
        this.clock = clock;
        this.rules = new Rules(charter);
        this.schemas = new SchemaRules(charter, rules);
    }

    /// Decides, without doing anything. What no rule of the charter allows is denied.
    ///
    /// Every rule speaks. One that forbids settles it; approvals that are asked for come before confirmation,
    /// and where both are asked for, both must be there. The reasons of the rules that decided stand first.
    public Decision decide(Operation operation, Context context) {
        List<DatabaseName> databases = Subjects.databases(operation);
        List<RepositoryName> repositories = Subjects.repositories(operation);
        // What touches neither database nor repository is asked from nowhere in particular.
        List<Ruling> unknown = databases.isEmpty() && repositories.isEmpty()
                ? List.of()
                : rules.unknownNames(context.actor(), databases, repositories);
        return settle(operation, context, unknown.isEmpty() ? judge(operation, context) : unknown);
    }

    private List<Ruling> judge(Operation operation, Context context) {
        List<Ruling> rulings = new ArrayList<>(judgeByCharter(operation, context));
        rules.roleMay(context.actor(), Roles.needed(operation)).ifPresent(rulings::add);
        return rulings;
    }

    private List<Ruling> judgeByCharter(Operation operation, Context context) {
        Actor actor = context.actor();
        return switch (operation) {
            case Operation.Status(var database) -> List.of(rules.reachesDatabase(actor, database));
            case Operation.Backup(var database, var repositories) ->
                Stream.concat(
                                Stream.of(rules.reachesDatabase(actor, database)),
                                repositories.stream().map(repository -> rules.plannedBackup(database, repository)))
                        .toList();
            case Operation.Verify verify ->
                List.of(rules.reachesDatabase(actor, verify.database()), rules.plannedAtAll(verify.database()));
            case Operation.Restore restore ->
                withBothEnds(
                        actor, restore.source(), restore.target(), rules.restores(restore.source(), restore.target()));
            case Operation.Copy copy -> withBothEnds(actor, copy.source(), copy.target(), rules.copies(copy));
            case Operation.Backups(var repository) -> List.of(rules.reachesRepository(actor, repository, false));
            case Operation.RepositoryList(var repository) -> List.of(rules.reachesRepository(actor, repository, false));
            case Operation.RepositoryCheck check -> List.of(rules.reachesRepository(actor, check.repository(), false));
            case Operation.RepositoryStats(var repository) ->
                List.of(rules.reachesRepository(actor, repository, false));
            case Operation.RepositoryKeyList(var repository) ->
                List.of(rules.reachesRepository(actor, repository, false));
            case Operation.RetentionPlan(var database, var repository) ->
                List.of(rules.reachesRepository(actor, repository, false), rules.plannedBackup(database, repository));
            case Operation.BackupPin pin -> List.of(rules.reachesRepository(actor, pin.repository(), true));
            case Operation.RepositoryInit init ->
                init.like().isEmpty()
                        ? List.of(rules.reachesRepository(actor, init.repository(), true))
                        : List.of(
                                rules.reachesRepository(actor, init.repository(), true),
                                rules.reachesRepository(actor, init.like().get(), false));
            case Operation.RepositoryKeyAdd add -> List.of(rules.reachesRepository(actor, add.repository(), true));
            case Operation.RepositoryRepair(var repository, var from) ->
                Stream.concat(
                                Stream.of(rules.reachesRepository(actor, repository, true)),
                                from.stream().map(source -> rules.plannedCopy(source, repository)))
                        .toList();
            case Operation.RepositoryCopy copy ->
                List.of(
                        rules.reachesRepository(actor, copy.from(), true),
                        rules.reachesRepository(actor, copy.to(), true),
                        rules.plannedCopy(copy.from(), copy.to()));
            case Operation.RetentionApply(var database, var repository) ->
                List.of(
                        rules.reachesRepository(actor, repository, true),
                        rules.plannedRetention(database, repository),
                        rules.mayRemove(repository));
            case Operation.RepositoryPrune(var repository, var _) ->
                List.of(rules.reachesRepository(actor, repository, true), rules.mayRemove(repository));
            case Operation.BackupUnpin unpin -> removal(actor, unpin.repository());
            case Operation.RepositoryForget forget -> removal(actor, forget.repository());
            case Operation.RepositoryKeyRemove remove -> removal(actor, remove.repository());
            case Operation.RepositoryKeyRotate rotate -> removal(actor, rotate.repository());
            case Operation.Approve(var request) -> List.of(rules.approves(actor.person(), request, context));
            case Operation.Cancel _ ->
                List.of(new Passes(rules.always("whoever can run pgcharter here may stop a run")));
            case Operation.JournalVerify _ ->
                List.of(new Passes(rules.always("whoever can run pgcharter here may check its journal")));
            case Operation.Health(var database) ->
                List.of(database.map(name -> rules.reachesDatabase(actor, name))
                        .orElseGet(() -> new Passes(rules.always("whoever can run pgcharter here may check it"))));
            case Operation.Maintain maintain ->
                Stream.concat(
                                Stream.of(rules.reachesDatabase(actor, maintain.database())),
                                rules.maintenanceWindow(maintain.database(), context.now()).stream())
                        .toList();
            case Operation.SessionsList(var database) -> List.of(rules.reachesDatabase(actor, database));
            case Operation.SessionsEnd end ->
                Stream.concat(
                                Stream.of(rules.reachesDatabase(actor, end.database())),
                                rules.protectsDatabase(end.database()).stream())
                        .toList();
            case Operation.Advice(var database) -> List.of(rules.reachesDatabase(actor, database));
            case Operation.Queries(var database) -> List.of(rules.reachesDatabase(actor, database));
            case SchemaOperation schema -> schemas.judge(actor, schema);
            case Operation.Pools(var pooler) -> rules.reachesPooled(actor, pooler);
            case ServingOperation.Watch _, ServingOperation.Alert _ ->
                List.of(new Passes(rules.always("whoever can run pgcharter here may let it serve the charter")));
            case ServingOperation.AlertAcknowledge _,
                    ServingOperation.AlertSilence _,
                    ServingOperation.AlertUnsilence _,
                    ServingOperation.AlertTry _ ->
                List.of(new Passes(rules.always("whoever can run pgcharter here may see to its alerts")));
            case AccessOperation.UserAdd _,
                    AccessOperation.UserRemove _,
                    AccessOperation.TokenCreate _,
                    AccessOperation.TokenRevoke _ ->
                List.of(new Passes(rules.always("whoever can run pgcharter here may say who uses it")));
            case AccessOperation.Login _ -> List.of(new Passes(rules.always("whoever proves who they are is let in")));
            case AccessOperation.Logout(var user, var _) -> List.of(rules.isOwn(actor, user));
            case AccessOperation.PasswordChange change -> List.of(rules.isOwn(actor, change.user()));
        };
    }

    /// What cannot be undone.
    private List<Ruling> removal(Actor actor, RepositoryName repository) {
        return Stream.concat(
                        Stream.of(rules.reachesRepository(actor, repository, true), rules.mayRemove(repository)),
                        rules.protectsRepository(repository).stream())
                .toList();
    }

    private List<Ruling> withBothEnds(Actor actor, DatabaseName source, DatabaseName target, List<Ruling> more) {
        List<Ruling> rulings = new ArrayList<>();
        rulings.add(rules.reachesDatabase(actor, source));
        if (!source.equals(target)) {
            rulings.add(rules.reachesDatabase(actor, target));
        }
        rulings.addAll(more);
        return rulings;
    }

    private Decision settle(Operation operation, Context context, List<Ruling> rulings) {
        if (rulings.isEmpty()) {
            throw new IllegalStateException("no rule spoke on " + operation.verb());
        }
        if (rulings.stream().anyMatch(Forbids.class::isInstance)) {
            return new Decision.Denied(operation, reasons(rulings, Forbids.class));
        }
        for (Ruling ruling : rulings) {
            if (ruling instanceof AsksApproval(Rule.Approvals rule, Reason _)) {
                int given = rules.approvalsGiven(rule, context);
                if (given < rule.count()) {
                    List<Reason> reasons = reasons(rulings, AsksApproval.class);
                    return new Decision.NeedsApproval(operation, given, rule.count(), rule.role(), reasons);
                }
            }
        }
        Optional<String> unconfirmed = rulings.stream()
                .filter(AsksConfirmation.class::isInstance)
                .map(ruling -> ((AsksConfirmation) ruling).name())
                .filter(name -> !context.confirmation().equals(Optional.of(name)))
                .findFirst();
        if (unconfirmed.isPresent()) {
            return new Decision.NeedsConfirmation(
                    operation, unconfirmed.get(), reasons(rulings, AsksConfirmation.class));
        }
        Permit permit = new Permit(operation, clock.instant().plus(PERMIT_LIFETIME), clock);
        return new Decision.Allowed(permit, reasons(rulings, Passes.class));
    }

    /// All reasons, those of the rulings that decided first.
    private static List<Reason> reasons(List<Ruling> rulings, Class<? extends Ruling> deciding) {
        return Stream.concat(
                        rulings.stream().filter(deciding::isInstance),
                        rulings.stream().filter(ruling -> !deciding.isInstance(ruling)))
                .map(Ruling::reason)
                .distinct()
                .toList();
    }
}
