package io.pgcharter.policy.schema;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Indexes that are not valid, as a CREATE INDEX CONCURRENTLY leaves one that did not end: nothing reads them, every
/// write pays for them. They go before anything else, and those that are wanted are made by [Completion].
public final class Indexes {
    private static final String INVALID = "invalid";

    private Indexes() {}

    /// Drops them.
    public static List<String> outOfTheWay(Catalog catalog) {
        return catalog.objects().entrySet().stream()
                .filter(Indexes::isInvalid)
                .map(entry -> "drop index " + entry.getKey().text() + ";")
                .toList();
    }

    /// The same catalog, as if they were valid.
    public static Catalog valid(Catalog catalog) {
        SortedMap<ObjectName, SortedMap<String, String>> objects = new TreeMap<>(catalog.objects());
        objects.replaceAll((name, attributes) -> {
            SortedMap<String, String> others = new TreeMap<>(attributes);
            if (name.kind() == ObjectKind.INDEX) {
                others.remove(INVALID);
            }
            return others;
        });
        return new Catalog(catalog.serverMajor(), catalog.roles(), objects);
    }

    private static boolean isInvalid(Map.Entry<ObjectName, SortedMap<String, String>> object) {
        return object.getKey().kind() == ObjectKind.INDEX && object.getValue().containsKey(INVALID);
    }
}
