package io.pgcharter.platform.repository;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One repair, under an exclusive lock. Packs that the ledger does not know as whole are read. Then, in this order:
///
/// 1. what can still be read of damaged packs, and what another repository has of the rest, is written to new packs;
/// 2. index files are written for these, for packs that no index lists, and for those that one lists wrongly;
/// 3. each index file that names a damaged or missing pack is written anew without it;
/// 4. damaged files and index files that were replaced are moved to `pgcharter/damaged/`.
///
/// So every blob that could be read before can be read after each step; a repair that is killed is simply run again.
///
/// Memory: as a check, and 48 MiB of packs.
final class RepositoryRepair {
    private final Repository repository;
    private final Vault vault;
    private final PackLedger ledger;
    private final CheckProgress progress;
    private final RepositoryLock lock;
    private final Attic attic;
    private final PackSweep sweep;
    private final List<String> damagedSnapshots = new ArrayList<>();
    private final List<String> lostSnapshots = new ArrayList<>();
    private final List<String> damagedIndexes = new ArrayList<>();

    RepositoryRepair(Repository repository, PackLedger ledger, CheckProgress progress, RepositoryLock lock) {
        this.repository = repository;
        this.vault = repository.vault();
        this.ledger = ledger;
        this.progress = progress;
        this.lock = lock;
        attic = new Attic(vault.storage());
        sweep = new PackSweep(vault, progress);
    }

    /// What is wrong, and what can be listed anew.
    ///
    /// @param fresh packs that are whole and that no index lists, or lists wrongly
    /// @param dropped packs that no index may list as it does: missing, damaged, or listed wrongly
    /// @param damaged files of packs to be set aside
    private record Plan(
            Diagnosis diagnosis, List<IndexFile.PackContent> fresh, Set<BlobId> dropped, Set<BlobId> damaged) {}

    RepairResult run(Optional<Repository> other, Instant now) {
        List<String> damagedKeys = KeyFile.damaged(vault.storage());
        List<Snapshot> snapshots = snapshots();
        List<String> indexes = vault.names(Vault.INDEX);
        BlobIndex index = index();
        PackSurvey survey = PackSurvey.of(vault, index);
        Plan plan = plan(index, survey, now);

        BlobRescue rescue = new BlobRescue(vault, index, plan.diagnosis(), progress);
        rescue.run(plan.damaged(), snapshots, other);

        writeIndexes(plan.fresh());
        List<String> replaced = replaceIndexes(indexes, plan.dropped());
        lock.requireHeld();
        progress.pause();
        replaced.forEach(name -> attic.take(Vault.INDEX + name));
        damagedIndexes.forEach(attic::take);
        plan.damaged().forEach(pack -> attic.take(Vault.packKey(pack)));
        damagedSnapshots.forEach(attic::take);
        damagedKeys.forEach(attic::take);
        vault.storage().removeUnfinished();
        CheckResult after = new RepositoryCheck(repository, ledger, CheckProgress.none()).run(Optional.empty(), now);
        return new RepairResult(
                plan.fresh().size(),
                rescue.rescuedCount(),
                rescue.fetchedCount(),
                attic.setAside(),
                lostSnapshots,
                after);
    }

    private List<Snapshot> snapshots() {
        List<Snapshot> snapshots = new ArrayList<>();
        for (String name : vault.names(Vault.SNAPSHOTS)) {
            try {
                snapshots.add(SnapshotFile.read(name, vault.loadJson(Vault.SNAPSHOTS, name)));
            } catch (ProblemException e) {
                if (!Damage.is(e)) {
                    throw e;
                }
                damagedSnapshots.add(Vault.SNAPSHOTS + name);
                if (!vault.isWhole(Vault.SNAPSHOTS, name)) {
                    lostSnapshots.add(name);
                }
            }
        }
        return snapshots;
    }

    private BlobIndex index() {
        BlobIndex index = new BlobIndex();
        for (String name : vault.names(Vault.INDEX)) {
            IndexFile.readIfSound(vault, name)
                    .ifPresentOrElse(
                            packs -> IndexFile.add(packs, index), () -> damagedIndexes.add(Vault.INDEX + name));
        }
        return index;
    }

    private Plan plan(BlobIndex index, PackSurvey survey, Instant now) {
        Diagnosis diagnosis = new Diagnosis(vault, index, survey, sweep);
        Optional<Operation.Reading> reading = Optional.of(new Operation.Reading(Operation.Reading.DUE_DEFAULT, 100));
        ReadingPlan packs = ReadingPlan.of(index, survey, reading, ledger.load(), now);
        PackTally tally = new PackTally(ledger, now, packs.due());
        progress.reading(packs.bytes());
        sweep.read(
                packs.packs().size(), number -> diagnosis.target(packs.packs().get(number)), each -> {
                    diagnosis.note(each);
                    tally.add(each);
                });
        tally.flush();
        diagnosis.settle();
        List<IndexFile.PackContent> fresh = new ArrayList<>();
        Set<BlobId> dropped = new HashSet<>(survey.missing());
        Set<BlobId> damaged = new HashSet<>();
        for (PackReading each : diagnosis.unsound()) {
            dropped.add(each.pack());
            sort(each, diagnosis, fresh, damaged);
        }
        for (BlobId pack : survey.unindexed()) {
            sweep.read(new PackSweep.Target(pack, survey.entry(pack).sizeBytes(), List.of()))
                    .ifPresent(each -> sort(each, diagnosis, fresh, damaged));
        }
        return new Plan(diagnosis, fresh, dropped, damaged);
    }

    /// A pack of another repository stays where it is: it is not damaged.
    private static void sort(
            PackReading reading, Diagnosis diagnosis, List<IndexFile.PackContent> fresh, Set<BlobId> damaged) {
        if (reading.isWhole()) {
            List<PackedBlob> blobs = reading.header().orElseThrow();
            diagnosis.addElsewhere(reading.pack(), blobs);
            fresh.add(new IndexFile.PackContent(reading.pack(), blobs));
        } else if (!reading.isForeign()) {
            damaged.add(reading.pack());
        }
    }

    /// Lists the packs in new index files.
    private void writeIndexes(List<IndexFile.PackContent> packs) {
        List<IndexFile.PackContent> batch = new ArrayList<>();
        int count = 0;
        for (IndexFile.PackContent pack : packs) {
            batch.add(pack);
            count += pack.blobs().size();
            if (count >= IndexFile.BLOBS_MAX) {
                vault.save(Vault.INDEX, IndexFile.write(batch));
                batch.clear();
                count = 0;
            }
        }
        if (!batch.isEmpty()) {
            vault.save(Vault.INDEX, IndexFile.write(batch));
        }
    }

    /// Writes each index file anew that lists one of the packs, without them.
    ///
    /// @return names of the files that are replaced
    private List<String> replaceIndexes(List<String> indexes, Collection<BlobId> dropped) {
        List<String> replaced = new ArrayList<>();
        for (String name : indexes) {
            List<IndexFile.PackContent> packs =
                    IndexFile.readIfSound(vault, name).orElse(List.of());
            if (packs.stream().anyMatch(pack -> dropped.contains(pack.pack()))) {
                writeIndexes(packs.stream()
                        .filter(pack -> !dropped.contains(pack.pack()))
                        .toList());
                replaced.add(name);
            }
        }
        return replaced;
    }
}
