package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.JournalTail;
import io.pgcharter.model.estate.RunEnd;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether the journal could be cut off or altered without anybody seeing it.
final class JournalChecks {
    private JournalChecks() {}

    /// How long the oldest entry has waited that no repository holds a copy of. A listing that is stale can only make
    /// this look worse than it is.
    static Answer anchored(InstallationEstate estate) {
        if (estate.listings().isEmpty()) {
            return new Answer.Moot("no repository was listed yet, so there is no place to anchor it in");
        }
        JournalTail journal = estate.journal();
        if (journal.unanchoredSince().isEmpty()) {
            return new Answer.Seen(
                    List.of(Observation.of("journal", 0, "all " + journal.size() + " entries are anchored")));
        }
        Instant since = journal.unanchoredSince().get();
        String text = journal.unanchored() + " of " + journal.size() + " entries are not anchored, the oldest of "
                + Figures.age(since, estate.now());
        boolean isAnyStale = estate.listings().stream().anyMatch(listing -> !listing.isFresh(estate.now()));
        Observation row = Observation.of("journal", Figures.seconds(since, estate.now()), text);
        Observation doubt = new Observation(
                "listing",
                Optional.empty(),
                "not all repositories were listed within the last hour; newer anchors may lie there",
                Optional.empty(),
                Optional.empty());
        return new Answer.Seen(isAnyStale ? List.of(row, doubt) : List.of(row));
    }

    /// What the last verification found, or how long ago it was.
    static Answer verified(InstallationEstate estate) {
        Optional<RunEnd> verification = estate.lastVerification();
        Optional<List<String>> breaks = verification.flatMap(RunEnd::damage).filter(lines -> !lines.isEmpty());
        if (breaks.isPresent()) {
            return new Answer.Seen(breaks.get().stream()
                    .map(line -> Observation.of("break", Level.CRIT, line))
                    .toList());
        }
        Optional<Instant> since =
                verification.map(RunEnd::endedAt).or(() -> estate.journal().beganAt());
        if (since.isEmpty()) {
            return new Answer.Moot("the journal is empty");
        }
        String age = Figures.age(since.get(), estate.now());
        return new Answer.Seen(List.of(Observation.of(
                "verification",
                Figures.seconds(since.get(), estate.now()),
                verification.isPresent()
                        ? "it was verified " + age + " and held"
                        : "it was never verified; it began " + age)));
    }
}
