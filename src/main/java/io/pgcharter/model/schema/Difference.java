package io.pgcharter.model.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// How two catalogs differ, from one to the other: sorted by kind and name, so that equal pairs give equal
/// differences.
public record Difference(List<Change> changes) {
    public Difference {
        changes = List.copyOf(changes);
    }

    /// What must become of `before` so that it is `after`.
    public static Difference between(Catalog before, Catalog after) {
        SortedSet<ObjectName> names = new TreeSet<>(before.objects().keySet());
        names.addAll(after.objects().keySet());
        List<Change> changes = new ArrayList<>();
        for (ObjectName name : names) {
            SortedMap<String, String> old = before.objects().get(name);
            SortedMap<String, String> wanted = after.objects().get(name);
            if (old == null && wanted != null) {
                changes.add(new Change(name, How.ADDED, attributes(new TreeMap<>(), wanted)));
            } else if (old != null && wanted == null) {
                changes.add(new Change(name, How.REMOVED, attributes(old, new TreeMap<>())));
            } else if (old != null && wanted != null && !old.equals(wanted)) {
                changes.add(new Change(name, How.CHANGED, attributes(old, wanted)));
            }
        }
        return new Difference(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    private static List<Attribute> attributes(SortedMap<String, String> before, SortedMap<String, String> after) {
        SortedSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream()
                .map(name -> new Attribute(
                        name, Optional.ofNullable(before.get(name)), Optional.ofNullable(after.get(name))))
                .filter(attribute -> !attribute.before().equals(attribute.after()))
                .toList();
    }

    /// One object that differs.
    ///
    /// @param attributes those that differ; of an object on one side only, all it has
    public record Change(ObjectName name, How how, List<Attribute> attributes) {
        public Change {
            attributes = List.copyOf(attributes);
        }
    }

    /// What becomes of an object.
    public enum How {
        ADDED,
        REMOVED,
        CHANGED
    }

    /// @param before, after empty where it has its default
    public record Attribute(String name, Optional<String> before, Optional<String> after) {}
}
