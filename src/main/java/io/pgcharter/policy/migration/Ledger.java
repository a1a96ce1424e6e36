package io.pgcharter.policy.migration;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Migration.Kind;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Recorded.State;
import io.pgcharter.model.migration.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The migrations on disk beside a database's history of them.
///
/// @param entries first what the history has, in its order, then what is to come, in the order of carrying out
public record Ledger(List<Entry> entries) {
    public Ledger {
        entries = List.copyOf(entries);
    }

    /// How a migration stands.
    public enum Standing {
        /// In the database, as the file says.
        APPLIED,
        /// In the database by a baseline that stands for it.
        BASELINED,
        /// Not in the database; its turn comes.
        PENDING,
        /// Repeatable, and its file is another one than when it was carried out: its turn comes again.
        CHANGED,
        /// Begun and not ended.
        FAILED,
        /// In the database, but its file was changed since.
        EDITED,
        /// In the database, but there is no such file.
        MISSING,
        /// Not in the database, although a later one is.
        OUT_OF_ORDER;

        /// Whether nothing is carried out before a person has said what is to be done.
        public boolean isDivergence() {
            return switch (this) {
                case FAILED, EDITED, MISSING, OUT_OF_ORDER -> true;
                case APPLIED, BASELINED, PENDING, CHANGED -> false;
            };
        }

        public boolean isDue() {
            return this == PENDING || this == CHANGED;
        }
    }

    /// One migration: its file, its row, or both.
    public record Entry(Standing standing, Optional<Migration> migration, Optional<Recorded> recorded) {
        public Entry {
            if (migration.isEmpty() && recorded.isEmpty()) {
                throw new IllegalArgumentException("an entry is about something");
            }
        }

        public String name() {
            return migration
                    .map(Migration::name)
                    .or(() -> recorded.map(Recorded::name))
                    .orElseThrow();
        }

        public boolean isCalled(String word) {
            return name().equals(word)
                    || migration.filter(file -> file.isCalled(word)).isPresent();
        }
    }

    /// @param disk in the order of carrying out
    /// @param history in the order in which it was written
    public static Ledger of(List<Migration> disk, List<Recorded> history) {
        Map<String, Migration> files = new LinkedHashMap<>();
        disk.stream()
                .filter(migration -> migration.kind() != Kind.BASELINE)
                .forEach(migration -> files.put(migration.name(), migration));
        Optional<Version> baseline = history.stream()
                .filter(recorded -> recorded.state() == State.BASELINE)
                .map(Recorded::version)
                .max(Comparator.naturalOrder());
        List<Entry> entries = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Recorded recorded : newest(history)) {
            Optional<Migration> file = recorded.state() == State.BASELINE
                    ? baselineFile(disk, recorded)
                    : Optional.ofNullable(files.get(recorded.name()));
            entries.add(new Entry(standing(recorded, file, baseline), file, Optional.of(recorded)));
            if (recorded.state() != State.BASELINE) {
                known.add(recorded.name());
            }
        }
        boolean isFresh = history.isEmpty();
        Optional<Migration> start = isFresh ? newestBaseline(disk) : Optional.empty();
        start.ifPresent(file -> entries.add(new Entry(Standing.PENDING, start, Optional.empty())));
        Optional<Version> covered = start.map(Migration::version).or(() -> baseline);
        Optional<Version> reached = history.stream()
                .filter(recorded -> recorded.state() == State.APPLIED)
                .filter(recorded -> !isRepeatable(recorded, files))
                .map(Recorded::version)
                .max(Comparator.naturalOrder());
        files.values().stream()
                .filter(file -> !known.contains(file.name()))
                .forEach(file ->
                        entries.add(new Entry(due(file, covered, reached), Optional.of(file), Optional.empty())));
        return new Ledger(entries);
    }

    private static boolean isRepeatable(Recorded recorded, Map<String, Migration> files) {
        Migration file = files.get(recorded.name());
        return recorded.version().numbers().isEmpty()
                && (file == null ? recorded.name().startsWith("R__") : file.kind() == Kind.REPEATABLE);
    }

    /// A repeatable migration has a row for each time; the newest counts.
    private static List<Recorded> newest(List<Recorded> history) {
        Map<String, Recorded> newest = new LinkedHashMap<>();
        for (Recorded recorded : history) {
            String name = recorded.state() == State.BASELINE ? "baseline " + recorded.key() : recorded.name();
            Recorded before = newest.get(name);
            if (before == null || before.state() != State.FAILED) {
                newest.put(name, recorded);
            }
        }
        return List.copyOf(newest.values());
    }

    private static Optional<Migration> baselineFile(List<Migration> disk, Recorded recorded) {
        return disk.stream()
                .filter(file ->
                        file.kind() == Kind.BASELINE && recorded.checksum().isPresent())
                .filter(file -> file.version().compareTo(recorded.version()) == 0)
                .findFirst();
    }

    private static Optional<Migration> newestBaseline(List<Migration> disk) {
        return disk.stream().filter(file -> file.kind() == Kind.BASELINE).max(Comparator.comparing(Migration::version));
    }

    private static Standing standing(Recorded recorded, Optional<Migration> file, Optional<Version> baseline) {
        return switch (recorded.state()) {
            case FAILED -> Standing.FAILED;
            case BASELINE ->
                file.filter(present -> isChanged(present, recorded)).isPresent() ? Standing.EDITED : Standing.BASELINED;
            case APPLIED -> {
                // What stands below a baseline may be cleared away; nobody looks at it again.
                boolean isCovered = baseline.filter(
                                version -> recorded.version().compareTo(version) <= 0)
                        .isPresent();
                if (file.isEmpty()) {
                    yield isCovered ? Standing.BASELINED : Standing.MISSING;
                }
                if (!isChanged(file.get(), recorded)) {
                    yield Standing.APPLIED;
                }
                yield file.get().kind() == Kind.REPEATABLE ? Standing.CHANGED : Standing.EDITED;
            }
        };
    }

    private static boolean isChanged(Migration file, Recorded recorded) {
        return recorded.checksum().filter(file.accepted()::contains).isEmpty()
                || recorded.title().filter(title -> !title.equals(file.title())).isPresent();
    }

    private static Standing due(Migration file, Optional<Version> covered, Optional<Version> reached) {
        if (file.kind() == Kind.REPEATABLE) {
            return Standing.PENDING;
        }
        if (covered.filter(version -> file.version().compareTo(version) <= 0).isPresent()) {
            return Standing.BASELINED;
        }
        return reached.filter(version -> file.version().compareTo(version) < 0).isPresent()
                ? Standing.OUT_OF_ORDER
                : Standing.PENDING;
    }

    /// What is to be carried out, in order: baseline, versioned, repeatable ones.
    public List<Migration> due() {
        return entries.stream()
                .filter(entry -> entry.standing().isDue())
                .flatMap(entry -> entry.migration().stream())
                .sorted(Comparator.comparing(file -> switch (file.kind()) {
                    case BASELINE -> 0;
                    case VERSIONED -> 1;
                    case REPEATABLE -> 2;
                }))
                .toList();
    }

    public List<Entry> divergences() {
        return entries.stream().filter(entry -> entry.standing().isDivergence()).toList();
    }

    /// The entry that a person means, by its name or its file.
    public Optional<Entry> entry(String word) {
        return entries.stream().filter(entry -> entry.isCalled(word)).findFirst();
    }

    /// Whether the database has a migration just as its file is now.
    public boolean has(Migration migration) {
        return entries.stream()
                .filter(entry -> entry.name().equals(migration.name()))
                .anyMatch(entry -> entry.standing() == Standing.APPLIED || entry.standing() == Standing.BASELINED);
    }
}
