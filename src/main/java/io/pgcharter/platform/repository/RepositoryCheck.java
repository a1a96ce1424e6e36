package io.pgcharter.platform.repository;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One check of a repository: keys, snapshots, index, packs as they lie there, on request the content of those that are
/// due, and last the directories of all snapshots. Goes on behind every damage. A pack of the wrong size, or with a
/// directory that cannot be read, is read in any case, so that what it costs is known.
///
/// Memory: packs under way 64 MiB, and the index.
final class RepositoryCheck {
    private final Repository repository;
    private final Vault vault;
    private final PackLedger ledger;
    private final CheckProgress progress;
    private final List<Fault> faults = new ArrayList<>();
    private final PackSweep sweep;

    RepositoryCheck(Repository repository, PackLedger ledger, CheckProgress progress) {
        this.repository = repository;
        this.vault = repository.vault();
        this.ledger = ledger;
        this.progress = progress;
        sweep = new PackSweep(vault, progress);
    }

    CheckResult run(Optional<Operation.Reading> reading, Instant now) {
        for (KeyFile.Stored key : KeyFile.list(vault.storage())) {
            key.trouble()
                    .ifPresent(trouble -> add(
                            Fault.Kind.KEY,
                            "the key file '" + Vault.KEYS + key.name() + "' opens nothing: " + trouble));
        }
        // Snapshots before the index: whatever a snapshot refers to was indexed before it was written.
        List<Snapshot> snapshots = repository.snapshots(damage -> damaged(Fault.Kind.SNAPSHOT, damage));
        BlobIndex index = repository.index(damage -> damaged(Fault.Kind.INDEX, damage));
        PackSurvey survey = PackSurvey.of(vault, index);
        Diagnosis diagnosis = new Diagnosis(vault, index, survey, sweep);
        Set<BlobId> unopened = openUnindexed(survey, diagnosis);
        Map<String, Instant> readAt = ledger.load();
        ReadingPlan plan = ReadingPlan.of(index, survey, reading, readAt, now);
        PackTally tally = read(plan, diagnosis, now);
        diagnosis.settle();
        try (DamageWalk walk = new DamageWalk(vault, index, diagnosis, progress)) {
            snapshots.forEach(walk::walk);
            conclude(new Survey(index, survey, diagnosis, unopened), walk);
        }
        forget(readAt.keySet(), survey, diagnosis);
        return new CheckResult(
                snapshots.size(),
                index.packCount(),
                index.blobCount(),
                tally.bytes(),
                tally.count(),
                plan.dueCount() - tally.dueCount(),
                plan.oldestAfter(tally.whole(), now),
                faults);
    }

    private record Survey(BlobIndex index, PackSurvey packs, Diagnosis diagnosis, Set<BlobId> unopened) {}

    private void add(Fault.Kind kind, String fact) {
        faults.add(new Fault(kind, fact, List.of()));
    }

    private void damaged(Fault.Kind kind, ProblemException damage) {
        if (!Damage.is(damage)) {
            throw damage;
        }
        add(kind, damage.problem().fact() + ": " + damage.problem().cause());
    }

    /// @return unindexed packs whose own list of blobs cannot be read
    private Set<BlobId> openUnindexed(PackSurvey survey, Diagnosis diagnosis) {
        Set<BlobId> unopened = new HashSet<>();
        for (BlobId pack : survey.unindexed()) {
            progress.pause();
            Optional<List<PackedBlob>> header = PackHeader.fetch(vault, survey.entry(pack));
            header.ifPresentOrElse(blobs -> diagnosis.addElsewhere(pack, blobs), () -> unopened.add(pack));
        }
        return unopened;
    }

    private PackTally read(ReadingPlan plan, Diagnosis diagnosis, Instant now) {
        PackTally tally = new PackTally(ledger, now, plan.due());
        if (!plan.packs().isEmpty()) {
            progress.reading(plan.bytes());
            try {
                sweep.read(
                        plan.packs().size(),
                        number -> diagnosis.target(plan.packs().get(number)),
                        reading -> {
                            diagnosis.note(reading);
                            tally.add(reading);
                        });
            } finally {
                // Also what was read before somebody stopped it.
                tally.flush();
            }
        }
        return tally;
    }

    /// A pack that is not whole must not count as read; one that is gone need not be remembered.
    private void forget(Set<String> known, PackSurvey survey, Diagnosis diagnosis) {
        Set<String> gone = new HashSet<>(known);
        survey.stored().keySet().forEach(pack -> gone.remove(pack.toString()));
        diagnosis.unsound().forEach(reading -> gone.add(reading.pack().toString()));
        if (!gone.isEmpty()) {
            ledger.remove(gone);
        }
    }

    private void conclude(Survey survey, DamageWalk walk) {
        Map<DamageWalk.Cause, List<Fault.Loss>> losses = walk.losses();
        for (BlobId pack : survey.packs().missing()) {
            faults.add(new Fault(
                    Fault.Kind.PACK,
                    "the pack '" + pack + "' is missing: an index lists it",
                    losses.getOrDefault(new DamageWalk.Cause(Optional.of(pack), false), List.of())));
        }
        for (PackReading reading : survey.diagnosis().unsound()) {
            faults.add(new Fault(
                    reading.isWhole() ? Fault.Kind.INDEX : Fault.Kind.PACK,
                    reading.fact(
                            expectedBytes(survey.index(), reading.pack()),
                            survey.packs().stored()),
                    losses.getOrDefault(new DamageWalk.Cause(Optional.of(reading.pack()), false), List.of())));
        }
        walk.wrongSizes().forEach(fact -> add(Fault.Kind.BLOB, fact));
        concludeUnindexed(survey, losses);
        survey.packs().foreign().forEach(key -> add(Fault.Kind.LEFTOVER, "'" + key + "' is no file of a repository"));
    }

    private static long expectedBytes(BlobIndex index, BlobId pack) {
        for (int number = 0; number < index.packCount(); number++) {
            if (index.pack(number).equals(pack)) {
                return index.packBytes(number);
            }
        }
        return 0;
    }

    private void concludeUnindexed(Survey survey, Map<DamageWalk.Cause, List<Fault.Loss>> losses) {
        List<Fault.Loss> unindexed = losses.getOrDefault(new DamageWalk.Cause(Optional.empty(), true), List.of());
        List<Fault.Loss> nowhere = losses.getOrDefault(new DamageWalk.Cause(Optional.empty(), false), List.of());
        Collection<BlobId> packs = survey.packs().unindexed();
        if (!unindexed.isEmpty() && !giveToIndex(unindexed)) {
            faults.add(new Fault(
                    Fault.Kind.UNINDEXED, packs.size() + " packs that backups need are listed by no index", unindexed));
        }
        if (!nowhere.isEmpty()) {
            faults.add(new Fault(Fault.Kind.BLOB, "blobs that backups need are in no index and in no pack", nowhere));
        }
        for (BlobId pack : packs) {
            if (survey.unopened().contains(pack)) {
                PackSweep.Target target =
                        new PackSweep.Target(pack, survey.packs().entry(pack).sizeBytes(), List.of());
                sweep.read(target).ifPresent(reading -> {
                    boolean isHarmless = nowhere.isEmpty() || reading.isForeign();
                    add(
                            isHarmless ? Fault.Kind.LEFTOVER : Fault.Kind.PACK,
                            reading.fact(reading.bytes(), survey.packs().stored()) + "; no index lists it");
                });
            } else if (unindexed.isEmpty()) {
                add(Fault.Kind.LEFTOVER, "the pack '" + pack + "' is listed by no index");
            }
        }
    }

    /// What is unindexed because an index is damaged is that damage's cost.
    private boolean giveToIndex(List<Fault.Loss> losses) {
        for (int number = 0; number < faults.size(); number++) {
            Fault fault = faults.get(number);
            if (fault.kind() == Fault.Kind.INDEX && fault.losses().isEmpty()) {
                faults.set(number, new Fault(fault.kind(), fault.fact(), losses));
                return true;
            }
        }
        return false;
    }
}
