package io.pgcharter.platform.repository;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What is known of the blobs that cannot be read where the index places them: which pack is at fault, and whether they
/// are still somewhere. Holds only what is wrong. Not thread-safe, but for [#note].
final class Diagnosis {
    private final Vault vault;
    private final BlobIndex index;
    private final PackSurvey survey;
    private final PackSweep sweep;
    private final Map<BlobId, PackReading> unsound = new TreeMap<>(java.util.Comparator.comparing(BlobId::toString));
    private final Set<BlobId> read = new HashSet<>();
    private final Set<Blob> unreadable = new HashSet<>();
    private final BlobIndex elsewhere = new BlobIndex();
    private final Map<BlobId, Integer> elsewherePacks = new HashMap<>();
    private Optional<List<int[]>> entries = Optional.empty();

    /// A blob's name: two blobs of different types may hold the same bytes.
    record Blob(BlobId id, BlobType type) {
        static Blob of(PackedBlob blob) {
            return new Blob(blob.id(), blob.type());
        }
    }

    /// Why a blob cannot be read.
    ///
    /// @param pack where the index places it; empty if no index lists it
    /// @param isMendable whether it lies somewhere else too
    record Verdict(Optional<BlobId> pack, boolean isMendable) {}

    Diagnosis(Vault vault, BlobIndex index, PackSurvey survey, PackSweep sweep) {
        this.vault = vault;
        this.index = index;
        this.survey = survey;
        this.sweep = sweep;
    }

    /// What to read of the pack with that number in the index.
    PackSweep.Target target(int number) {
        BlobId pack = index.pack(number);
        List<PackedBlob> expected =
                IntStream.of(entries().get(number)).mapToObj(index::entry).toList();
        return new PackSweep.Target(pack, survey.entry(pack).sizeBytes(), expected);
    }

    /// The blobs that the index places in the pack.
    List<PackedBlob> expected(BlobId pack) {
        for (int number = 0; number < index.packCount(); number++) {
            if (index.pack(number).equals(pack)) {
                return target(number).expected();
            }
        }
        return List.of();
    }

    private synchronized List<int[]> entries() {
        if (entries.isEmpty()) {
            entries = Optional.of(index.entriesByPack());
        }
        return entries.get();
    }

    /// Takes in what reading a pack showed. Thread-safe.
    synchronized void note(PackReading reading) {
        read.add(reading.pack());
        if (!reading.isSound()) {
            unsound.put(reading.pack(), reading);
            reading.unreadable().forEach(blob -> unreadable.add(Blob.of(blob)));
            if (reading.isWhole()) {
                addElsewhere(reading.pack(), reading.header().orElseThrow());
            }
        }
    }

    /// Blobs of an unindexed pack, by its own header.
    synchronized void addElsewhere(BlobId pack, List<PackedBlob> blobs) {
        int number = elsewherePacks.computeIfAbsent(pack, elsewhere::addPack);
        blobs.forEach(blob -> elsewhere.add(number, blob));
    }

    /// Notes that all blobs of the missing packs cannot be read, and looks for other places of all that cannot.
    void settle() {
        for (int number = 0; number < index.packCount(); number++) {
            if (survey.missing().contains(index.pack(number))) {
                for (int entry : entries().get(number)) {
                    unreadable.add(Blob.of(index.entry(entry)));
                }
            }
        }
        findDuplicates(unreadable);
    }

    /// The index names one place of a blob; another index file may list a second one.
    private void findDuplicates(Collection<Blob> blobs) {
        if (blobs.isEmpty()) {
            return;
        }
        Set<Blob> wanted = Set.copyOf(blobs);
        for (String name : vault.names(Vault.INDEX)) {
            for (IndexFile.PackContent pack : IndexFile.readIfSound(vault, name).orElse(List.of())) {
                if (survey.stored().containsKey(pack.pack()) && !isUnsound(pack.pack())) {
                    pack.blobs().stream()
                            .filter(blob -> wanted.contains(Blob.of(blob)))
                            .forEach(blob -> addElsewhere(pack.pack(), List.of(blob)));
                }
            }
        }
    }

    boolean isUnsound(BlobId pack) {
        return unsound.containsKey(pack);
    }

    /// Packs that were read and are not sound, by their ids.
    Collection<PackReading> unsound() {
        return unsound.values();
    }

    /// Where else the blob lies.
    Optional<BlobIndex.Place> elsewhere(BlobId id, BlobType type) {
        return Optional.ofNullable(elsewhere.find(id, type));
    }

    BlobIndex elsewhere() {
        return elsewhere;
    }

    /// Empty if the blob can be read where the index places it, as far as is known.
    Optional<Verdict> verdict(BlobId id, BlobType type) {
        BlobIndex.Place place = index.find(id, type);
        if (place != null && !unreadable.contains(new Blob(id, type))) {
            return Optional.empty();
        }
        Optional<BlobId> pack = Optional.ofNullable(place).map(BlobIndex.Place::pack);
        return Optional.of(new Verdict(pack, elsewhere.find(id, type) != null));
    }

    /// Reads the pack that the blob lies in, because the blob could not be read there.
    ///
    /// @return false if that was done before
    boolean suspect(BlobId id, BlobType type) {
        BlobIndex.Place place = index.find(id, type);
        if (place == null || !read.add(place.pack())) {
            return false;
        }
        for (int number = 0; number < index.packCount(); number++) {
            if (index.pack(number).equals(place.pack())) {
                Optional<PackReading> reading = sweep.read(target(number));
                reading.ifPresent(this::note);
                reading.map(PackReading::unreadable)
                        .ifPresent(blobs ->
                                findDuplicates(blobs.stream().map(Blob::of).toList()));
                return reading.isPresent();
            }
        }
        return false;
    }
}
