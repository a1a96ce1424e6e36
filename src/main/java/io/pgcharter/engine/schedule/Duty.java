package io.pgcharter.engine.schedule;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Operation.Reading;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.SchedulePlan.Job;
import io.pgcharter.policy.charter.SchedulePlan.What;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One job for one of its targets: what is due, and handled, by itself.
///
/// @param target as people know it: `shop`, `shop in vault`, `shop to copy`
record Duty(Job job, String target, Work work) {
    /// How long marked packs are spared, as `repository prune` does by default.
    private static final Duration PRUNE_GRACE = Duration.ofHours(1);

    /// What is submitted.
    sealed interface Work {
        record Known(Operation operation) implements Work {}

        /// The proof of whatever backup is the newest then.
        record NewestProof(DatabaseName database, RepositoryName repository) implements Work {}
    }

    /// All of a charter, also those that are switched off.
    static List<Duty> of(Charter charter) {
        return charter.serving().schedule().jobs().values().stream()
                .flatMap(job -> of(charter, job))
                .toList();
    }

    /// By key.
    static Map<String, Duty> byKey(List<Duty> duties) {
        return duties.stream().collect(Collectors.toMap(Duty::key, Function.identity()));
    }

    private static Stream<Duty> of(Charter charter, Job job) {
        return switch (job.what()) {
            case What.Backup(var databases) ->
                databases.stream()
                        .map(name -> known(job, name.text(), new Operation.Backup(name, places(charter, name))));
            case What.Verify(var databases) ->
                databases.stream()
                        .map(name -> new Duty(
                                job,
                                name.text(),
                                new Work.NewestProof(name, places(charter, name).getFirst())));
            case What.Retention(var databases) ->
                databases.stream()
                        .flatMap(name -> places(charter, name).stream()
                                .filter(place -> !charter.repository(place).isAppendOnly())
                                .map(place ->
                                        known(job, name + " in " + place, new Operation.RetentionApply(name, place))));
            case What.Prune(var repositories) ->
                repositories.stream()
                        .map(name -> known(job, name.text(), new Operation.RepositoryPrune(name, PRUNE_GRACE)));
            case What.Check(var repositories, var percent) -> {
                Optional<Reading> reading = percent.isPresent()
                        ? Optional.of(new Reading(Duration.ZERO, percent.getAsInt()))
                        : Optional.empty();
                yield repositories.stream()
                        .map(name -> known(job, name.text(), new Operation.RepositoryCheck(name, reading)));
            }
            case What.CopyRepository(var from, var to) ->
                Stream.of(known(job, from + " to " + to, new Operation.RepositoryCopy(from, to, Optional.empty())));
            case What.Copy(var from, var to, boolean replace) ->
                Stream.of(known(job, from + " to " + to, new Operation.Copy(from, to, replace)));
            case What.Maintain(var databases, var task) ->
                databases.stream().map(name -> known(job, name.text(), new Operation.Maintain(name, task)));
        };
    }

    private static Duty known(Job job, String target, Operation operation) {
        return new Duty(job, target, new Work.Known(operation));
    }

    private static List<RepositoryName> places(Charter charter, DatabaseName name) {
        var plan = charter.backups().get(name);
        if (plan == null) {
            throw new IllegalStateException("the charter let a job without a backup plan pass: " + name);
        }
        return plan.to();
    }

    String key() {
        return job.name() + "/" + target;
    }

    /// The verb it submits.
    String verb() {
        return switch (work) {
            case Work.Known(var operation) -> operation.verb();
            case Work.NewestProof _ -> "verify";
        };
    }

    /// What its operation asks to be confirmed by, if the charter's job confirms it.
    Optional<String> confirmation() {
        String name = job.what() instanceof What.Copy copy ? copy.to().text() : target;
        return job.confirms().stream().filter(name::equals).findFirst();
    }

    /// The database whose data it reads, if it reads one.
    Optional<DatabaseName> source() {
        return switch (work) {
            case Work.NewestProof proof -> Optional.of(proof.database());
            case Work.Known(Operation.Backup backup) -> Optional.of(backup.database());
            case Work.Known(Operation.Copy copy) -> Optional.of(copy.source());
            case Work.Known(Operation.Maintain maintain) -> Optional.of(maintain.database());
            case Work.Known _ -> Optional.empty();
        };
    }
}
