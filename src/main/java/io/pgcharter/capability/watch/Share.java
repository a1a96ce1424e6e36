package io.pgcharter.capability.watch;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.pgcharter.model.id.DatabaseName;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/// Divides databases among the runs that watch, without a word between them: rendezvous hashing (Thaler and
/// Ravishankar 1998). When a run comes or goes, only the databases it gets or had change hands.
final class Share {
    private static final Hasher64 HASHER = Hashing.xxh3_64();

    private Share() {}

    /// The databases that `own` watches.
    ///
    /// @param runs all that watch; `own` counts as one of them in any case
    static Set<DatabaseName> of(String own, Collection<String> runs, Collection<DatabaseName> databases) {
        Set<String> all = new LinkedHashSet<>(runs);
        all.add(own);
        Set<DatabaseName> mine = new LinkedHashSet<>();
        for (DatabaseName database : databases) {
            String owner = all.stream()
                    .max(Comparator.comparingLong((String run) -> weight(run, database))
                            .thenComparing(Comparator.naturalOrder()))
                    .orElseThrow();
            if (owner.equals(own)) {
                mine.add(database);
            }
        }
        return mine;
    }

    /// The one that does what is to be done once for the installation.
    static boolean isFirst(String own, Collection<String> runs) {
        return runs.stream().allMatch(run -> own.compareTo(run) <= 0);
    }

    /// Where within a rhythm a database's turn is, 0 to 1, so that not all are asked at once.
    static double offset(DatabaseName database) {
        return (HASHER.hashCharsToLong(database.text()) >>> 11) * 0x1.0p-53;
    }

    private static long weight(String run, DatabaseName database) {
        return HASHER.hashCharsToLong(run + "/" + database);
    }
}
