package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.web.page.DatabasePage;
import io.pgcharter.entry.web.page.Ending;
import io.pgcharter.entry.web.page.Recovery;
import io.pgcharter.entry.web.page.Trouble;
import io.pgcharter.model.estate.ListedBackup;
import io.pgcharter.model.estate.Listing;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The backups of one database: those that the repositories showed when they were last listed, and those that were
/// taken since.
final class HoldingsView {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<RepositoryName, Listing> listings;
    private final Map<String, Instant> failed = new HashMap<>();
    private final Map<String, Duration> took = new HashMap<>();

    /// @param runs of the database
    private HoldingsView(Map<RepositoryName, Listing> listings, List<RunRow> runs) {
        this.listings = listings;
        for (RunRow run : runs) {
            if (run.operation() instanceof Operation.Verify(var backup, var _, var _) && isProofOfDamage(run)) {
                failed.merge(backup.text(), run.begunAt(), (one, other) -> one.isAfter(other) ? one : other);
            }
            if (run.operation() instanceof Operation.Backup && isDone(run)) {
                run.endedAt().ifPresent(end -> took.put(made(run), Duration.between(run.begunAt(), end)));
            }
        }
    }

    /// @param plan the repositories that the charter names for it
    /// @param seen its backups in every repository @param runs of it, the newest of them
    static DatabasePage.Holdings of(
            List<RepositoryName> plan,
            Map<RepositoryName, Listing> listings,
            List<ListedBackup> seen,
            List<RunRow> runs) {
        HoldingsView view = new HoldingsView(listings, runs);
        Map<String, List<ListedBackup>> copies = new LinkedHashMap<>();
        seen.forEach(backup -> copies.computeIfAbsent(backup.identity(), _ -> new ArrayList<>())
                .add(backup));
        Stream<DatabasePage.BackupRow> listed = copies.values().stream().map(view::row);
        Stream<DatabasePage.BackupRow> fresh = runs.stream()
                .filter(run -> run.operation() instanceof Operation.Backup && isDone(run))
                .filter(run -> seen.stream().noneMatch(backup -> isNamed(backup, made(run))))
                .flatMap(run -> view.fresh(run).stream());
        return new DatabasePage.Holdings(
                Stream.concat(listed, fresh)
                        .sorted(Comparator.comparing(DatabasePage.BackupRow::at).reversed())
                        .toList(),
                plan.stream().map(view::listed).toList());
    }

    private DatabasePage.Listed listed(RepositoryName repository) {
        Optional<Listing> listing = Optional.ofNullable(listings.get(repository));
        return new DatabasePage.Listed(
                repository.text(),
                listing.flatMap(Listing::listedAt),
                listing.flatMap(Listing::trouble).map(Listing.Trouble::text));
    }

    /// @param copies of one backup, at least one
    private DatabasePage.BackupRow row(List<ListedBackup> copies) {
        ListedBackup first = copies.getFirst();
        Optional<Instant> proven =
                copies.stream().flatMap(copy -> copy.provenAt().stream()).max(Comparator.naturalOrder());
        Optional<Instant> broken = failed.entrySet().stream()
                .filter(entry -> copies.stream().anyMatch(copy -> isNamed(copy, entry.getKey())))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder());
        boolean isBroken =
                broken.isPresent() && proven.map(broken.get()::isAfter).orElse(true);
        return new DatabasePage.BackupRow(
                first.id().text(),
                first.takenAt(),
                first.repository().text(),
                copies.stream().map(copy -> copy.repository().text()).toList(),
                isBroken ? Recovery.Proof.FAILED : proven.isPresent() ? Recovery.Proof.PROVEN : Recovery.Proof.UNPROVEN,
                proven,
                OptionalLong.of(first.bytes()),
                Optional.ofNullable(took.get(first.id().text()))
                        .or(() -> Optional.ofNullable(took.get(first.identity()))),
                copies.stream().flatMap(copy -> copy.pinned().stream()).findFirst());
    }

    /// A backup that was taken after its repositories were listed; empty if a listing since then does not show it.
    private Optional<DatabasePage.BackupRow> fresh(RunRow run) {
        List<String> places = ((Operation.Backup) run.operation())
                .repositories().stream()
                        .filter(repository ->
                                !isListedSince(repository, run.endedAt().orElse(run.begunAt())))
                        .map(RepositoryName::text)
                        .toList();
        String id = made(run);
        return places.isEmpty() || id.isEmpty()
                ? Optional.empty()
                : Optional.of(new DatabasePage.BackupRow(
                        id,
                        run.begunAt(),
                        places.getFirst(),
                        places,
                        Recovery.Proof.UNPROVEN,
                        Optional.empty(),
                        OptionalLong.empty(),
                        Optional.ofNullable(took.get(id)),
                        Optional.empty()));
    }

    private boolean isListedSince(RepositoryName repository, Instant end) {
        return Optional.ofNullable(listings.get(repository))
                .flatMap(Listing::listedAt)
                .filter(end::isBefore)
                .isPresent();
    }

    private static boolean isNamed(ListedBackup backup, String id) {
        return !id.isEmpty()
                && (backup.id().text().startsWith(id) || backup.identity().startsWith(id));
    }

    private static boolean isDone(RunRow run) {
        return run.outcome().orElse("").equals("done");
    }

    /// That a proof could not be tried says nothing of the backup.
    private static boolean isProofOfDamage(RunRow run) {
        return Ending.of(run.ending())
                .trouble()
                .map(Trouble::code)
                .filter(code -> code.equals("PROOF_FAILED") || code.equals("REPOSITORY_DAMAGED"))
                .isPresent();
    }

    /// Id of the backup that a run made; empty text if its report does not say.
    private static String made(RunRow run) {
        try {
            JsonNode ending = JSON.readTree(run.ending().orElse("{}"));
            return ending.path("report").path("backup").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
