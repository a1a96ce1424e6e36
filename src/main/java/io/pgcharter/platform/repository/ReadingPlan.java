package io.pgcharter.platform.repository;

import io.pgcharter.model.operation.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which packs a check reads, by when each was last read.
///
/// @param packs numbers in the index, in the order they are read: those first that were never read, or longest ago
/// @param bytes of them
/// @param due every pack that is due, whether it is read now or not
/// @param readAt of the packs there are
record ReadingPlan(List<Integer> packs, long bytes, Set<BlobId> due, List<Dated> readAt) {
    /// @param at [Instant#MIN] for a pack that was never read
    record Dated(int number, BlobId pack, Instant at) {}

    /// @param reading if empty, only packs of the wrong size are read
    static ReadingPlan of(
            BlobIndex index,
            PackSurvey survey,
            Optional<Operation.Reading> reading,
            Map<String, Instant> ledger,
            Instant now) {
        List<Dated> dated = new ArrayList<>();
        for (int number = 0; number < index.packCount(); number++) {
            BlobId pack = index.pack(number);
            if (survey.stored().containsKey(pack)) {
                dated.add(new Dated(number, pack, ledger.getOrDefault(pack.toString(), Instant.MIN)));
            }
        }
        dated.sort(Comparator.comparing(Dated::at)
                .thenComparing(each -> each.pack().toString()));
        Set<BlobId> due = new HashSet<>();
        Set<Integer> chosen = new java.util.LinkedHashSet<>();
        Set<BlobId> resized = Set.copyOf(survey.resized());
        long max = reading.map(asked -> (dated.size() * (long) asked.percent() + 99) / 100)
                .orElse(0L);
        for (Dated each : dated) {
            if (reading.isPresent() && !each.at().isAfter(latest(now, reading.get()))) {
                due.add(each.pack());
                if (chosen.size() < max) {
                    chosen.add(each.number());
                }
            }
        }
        dated.stream().filter(each -> resized.contains(each.pack())).forEach(each -> chosen.add(each.number()));
        long bytes = chosen.stream()
                .mapToLong(number -> survey.entry(index.pack(number)).sizeBytes())
                .sum();
        return new ReadingPlan(List.copyOf(chosen), bytes, due, dated);
    }

    private static Instant latest(Instant now, Operation.Reading reading) {
        return now.minus(reading.due());
    }

    int dueCount() {
        return due.size();
    }

    /// When the pack was read that was read longest ago; empty if one never was, or there is none.
    ///
    /// @param whole packs that were read now and found whole
    Optional<Instant> oldestAfter(Set<BlobId> whole, Instant now) {
        return readAt.stream()
                .map(each -> whole.contains(each.pack()) ? now : each.at())
                .min(Comparator.naturalOrder())
                .filter(oldest -> !oldest.equals(Instant.MIN));
    }
}
