package io.pgcharter.platform.repository;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of a snapshot ("Snapshots" in restic's design).
final class SnapshotFile {
    private SnapshotFile() {}

    /// @param snapshot its id is not part of the file: it is the file's name
    static byte[] write(Snapshot snapshot, Machine machine) {
        ObjectNode node = Json.object();
        node.put("time", snapshot.time().toString());
        node.put("tree", snapshot.tree());
        ArrayNode paths = node.putArray("paths");
        snapshot.paths().forEach(paths::add);
        node.put("hostname", snapshot.host());
        node.put("username", snapshot.user());
        node.put("uid", machine.uid());
        node.put("gid", machine.gid());
        if (!snapshot.tags().isEmpty()) {
            ArrayNode tags = node.putArray("tags");
            snapshot.tags().forEach(tags::add);
        }
        return Json.bytes(node);
    }

    /// The same snapshot as it stands in another repository, as restic's `copy` writes it: everything stays,
    /// but for the parent, which is not there, and `original`, which names the first of all its copies.
    static byte[] copy(Snapshot snapshot, JsonNode source) {
        ObjectNode node = Json.object();
        source.properties().forEach(property -> node.set(property.getKey(), property.getValue()));
        node.remove("parent");
        node.put("original", snapshot.identity());
        return Json.bytes(node);
    }

    /// @throws io.pgcharter.model.problem.ProblemException `REPOSITORY_DAMAGED`
    static Snapshot read(String id, JsonNode node) {
        String tree = node.path("tree").asString("");
        if (!BlobId.isHex(tree)) {
            throw Damage.of("the snapshot '" + id + "' is damaged", "it names no tree");
        }
        try {
            return new Snapshot(
                    id,
                    OffsetDateTime.parse(node.path("time").asString("")).toInstant(),
                    tree,
                    node.path("hostname").asString(""),
                    node.path("username").asString(""),
                    texts(node.path("paths")),
                    texts(node.path("tags")),
                    Optional.of(node.path("original").asString("")).filter(BlobId::isHex));
        } catch (DateTimeException e) {
            throw Damage.of("the snapshot '" + id + "' is damaged", "its time is no time: " + e.getMessage(), e);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asString("")));
        return texts;
    }
}
