package io.pgcharter.capability.repository;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.dump.BackupTags;
import io.pgcharter.platform.dump.DumpFiles;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.repository.Fault;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What unreadable files mean for the backups they belong to: which tables, and how much of each. A backup's own
/// manifest says which table a file is a part of. Not thread-safe.
final class Costs {
    private static final int NAMED_MAX = 12;

    private final Repository repository;
    private final Map<String, Optional<Manifest>> manifests = new HashMap<>();

    Costs(Repository repository) {
        this.repository = repository;
    }

    /// One line a snapshot; one line that says so if it costs nothing.
    List<String> of(Fault fault) {
        return switch (fault.kind()) {
            case KEY ->
                List.of("the password that this key was made for does not open the repository; no backup is lost");
            case SNAPSHOT ->
                List.of(
                        "one snapshot: when it was taken and of what cannot be read; if it was a backup, 'pgcharter journal'"
                                + " shows it by these first digits. What it holds is not touched");
            case LEFTOVER -> List.of("nothing: no backup needs it");
            case INDEX, UNINDEXED, PACK, BLOB ->
                fault.losses().isEmpty()
                        ? List.of("nothing: no backup needs what cannot be read")
                        : fault.losses().stream().map(this::line).toList();
        };
    }

    private String line(Fault.Loss loss) {
        String name = name(loss.snapshot());
        if (loss.files().stream().allMatch(Fault.LostFile::isMendable)) {
            return name + ": cannot be read until the repair; nothing of it is lost";
        }
        List<Fault.LostFile> lost =
                loss.files().stream().filter(file -> !file.isMendable()).toList();
        if (!BackupTags.isBackup(loss.snapshot())) {
            return name + ": " + paths(lost);
        }
        Optional<Manifest> manifest = isManifestLost(lost) ? Optional.empty() : manifest(loss.snapshot());
        return name + ": "
                + manifest.map(found -> tables(found, lost))
                        .orElse("the whole backup: its manifest is lost, without which it cannot be restored");
    }

    private static boolean isManifestLost(List<Fault.LostFile> lost) {
        return lost.stream()
                .anyMatch(file -> file.path().equals("/") || file.path().equals(DumpFiles.MANIFEST));
    }

    /// `backup 1f2e3d4c of payments, 2026-11-20T02:00:00Z`.
    static String name(Snapshot snapshot) {
        String id = snapshot.id().substring(0, 8);
        String database =
                BackupTags.value(snapshot, "database").map(of -> " of " + of).orElse("");
        String time = ", " + snapshot.time().truncatedTo(ChronoUnit.SECONDS);
        if (BackupTags.isBackup(snapshot)) {
            return "backup " + id + database + time;
        }
        String proven = BackupTags.value(snapshot, "backup")
                .filter(backup -> backup.length() >= 8)
                .map(backup -> " for backup " + backup.substring(0, 8))
                .orElse("");
        String kind = snapshot.tags().stream()
                .filter(tag -> tag.startsWith("pgcharter-"))
                .findFirst()
                .map(tag -> switch (tag) {
                    case "pgcharter-journal" -> "journal anchor ";
                    case "pgcharter-proof" -> "record of a proof ";
                    case "pgcharter-pin" -> "pin ";
                    default -> "snapshot ";
                })
                .orElse("snapshot ");
        return kind + id + database + proven + time;
    }

    /// Empty if the manifest cannot be read.
    private Optional<Manifest> manifest(Snapshot snapshot) {
        return manifests.computeIfAbsent(snapshot.id(), _ -> {
            try {
                return Optional.of(Manifest.fromJson(repository
                        .readEach(List.of(snapshot), DumpFiles.MANIFEST)
                        .getFirst()));
            } catch (ProblemException e) {
                ProblemCode code = e.problem().code();
                if (code == ProblemCode.REPOSITORY_DAMAGED || code == ProblemCode.NOT_FOUND) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private static String tables(Manifest manifest, List<Fault.LostFile> lost) {
        Map<String, Fault.LostFile> byPath = new HashMap<>();
        lost.forEach(file -> byPath.put(file.path(), file));
        List<String> parts = new ArrayList<>();
        Set<String> told = new HashSet<>();
        Map<String, long[]> tables = new LinkedHashMap<>();
        for (Manifest.TableEntry table : manifest.tables()) {
            for (String file : table.files()) {
                Fault.LostFile found = byPath.get(file);
                boolean isGone = byPath.containsKey(file.substring(0, file.lastIndexOf('/') + 1));
                if (found != null || isGone) {
                    told.add(file);
                    long[] bytes = tables.computeIfAbsent(
                            table.label() + " (" + table.totals().rows() + " rows)",
                            _ -> new long[] {0, table.totals().bytes()});
                    bytes[0] = isGone || found == null ? bytes[1] : Math.min(bytes[1], bytes[0] + found.lostBytes());
                }
            }
        }
        tables.forEach((label, bytes) ->
                parts.add("table " + label + ": " + bytes[0] + " of its " + bytes[1] + " bytes lost"));
        lost.stream()
                .filter(file -> !told.contains(file.path()) && !file.path().endsWith("/"))
                .forEach(file -> parts.add(other(file.path())));
        return listed(parts);
    }

    private static String other(String path) {
        return switch (path) {
            case DumpFiles.PRE_DATA -> "the definitions of all tables ('" + path + "')";
            case DumpFiles.POST_DATA -> "indexes, constraints and triggers ('" + path + "')";
            case DumpFiles.LARGE_OBJECTS -> "large objects ('" + path + "')";
            default -> "'" + path + "'";
        };
    }

    private static String paths(List<Fault.LostFile> lost) {
        return listed(lost.stream().map(file -> "'" + file.path() + "'").toList());
    }

    private static String listed(List<String> parts) {
        int more = parts.size() - NAMED_MAX;
        return String.join("; ", parts.subList(0, Math.min(NAMED_MAX, parts.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }
}
