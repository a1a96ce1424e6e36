package io.pgcharter.platform.repository;

import io.pgcharter.model.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Packs that a prune means to remove, and since when. Kept in the repository itself, below `pgcharter/marks/`, where
/// restic never looks: sealed JSON, `{"marks":[{"since":"2026-11-21T02:00:00Z","packs":["…",…]}]}`, one file that each
/// prune writes anew. Whoever writes meanwhile stores again what only a marked pack holds.
///
/// Marks are advice: one that is lost costs time, one too many costs nothing, as nothing is removed by a mark alone.
///
/// @param since pack to the time it was marked
/// @param files names of the files this was read from
record PackMarks(Map<BlobId, Instant> since, List<String> files) {
    static final String DIRECTORY = "pgcharter/marks/";

    PackMarks {
        since = Map.copyOf(since);
        files = List.copyOf(files);
    }

    /// What all files say; where they differ, the later time. A file that cannot be read counts as empty.
    static PackMarks load(Vault vault) {
        Map<BlobId, Instant> since = new LinkedHashMap<>();
        List<String> files = vault.names(DIRECTORY);
        for (String name : files) {
            try {
                read(vault.loadJson(DIRECTORY, name), since);
            } catch (ProblemException | DateTimeException | IllegalArgumentException e) {
                System.getLogger(PackMarks.class.getName())
                        .log(System.Logger.Level.DEBUG, "the marks in '" + name + "' are not readable", e);
            }
        }
        return new PackMarks(since, files);
    }

    private static void read(JsonNode node, Map<BlobId, Instant> since) {
        for (JsonNode mark : node.path("marks")) {
            Instant time = Instant.parse(mark.path("since").asString(""));
            for (JsonNode pack : mark.path("packs")) {
                since.merge(BlobId.parse(pack.asString("")), time, (one, other) -> one.isAfter(other) ? one : other);
            }
        }
    }

    Set<BlobId> packs() {
        return since.keySet();
    }

    /// Puts other marks in the place of these: the new file first, then the old ones go.
    void replace(Vault vault, Map<BlobId, Instant> marks) {
        if (marks.equals(since) && files.size() == (marks.isEmpty() ? 0 : 1)) {
            return;
        }
        String written = marks.isEmpty() ? "" : vault.save(DIRECTORY, json(marks));
        for (String name : files) {
            if (!name.equals(written)) {
                vault.storage().delete(DIRECTORY + name);
            }
        }
    }

    private static byte[] json(Map<BlobId, Instant> marks) {
        Map<Instant, List<BlobId>> byTime = new LinkedHashMap<>();
        marks.forEach((pack, time) ->
                byTime.computeIfAbsent(time, _ -> new ArrayList<>()).add(pack));
        ObjectNode node = Json.object();
        ArrayNode array = node.putArray("marks");
        byTime.forEach((time, packs) -> {
            ObjectNode mark = array.addObject();
            mark.put("since", time.toString());
            ArrayNode ids = mark.putArray("packs");
            packs.forEach(pack -> ids.add(pack.toString()));
        });
        return Json.bytes(node);
    }
}
