package io.pgcharter.platform.definition;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether what was made anew is what was read: by the catalog, which knows of kinds that are written by nobody,
/// and by the definitions, which know of what no catalog tells, such as the order of columns and who granted what.
final class Comparison {
    private static final int SHOWN_MAX = 8;

    private Comparison() {}

    /// @throws ProblemException `SCHEMA_UNPROVEN`
    static void require(Definitions wanted, Definitions made) {
        List<String> differing = new ArrayList<>();
        for (Difference.Change change : Difference.between(carried(made.catalog()), carried(wanted.catalog()))
                .changes()) {
            differing.add(change.name() + " ("
                    + change.attributes().stream()
                            .map(Difference.Attribute::name)
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        if (differing.isEmpty()) {
            Set<String> here = texts(made);
            wanted.all().stream()
                    .filter(each -> !here.contains(text(each)))
                    .forEach(each -> differing.add(each.label()));
            Set<String> there = texts(wanted);
            made.all().stream()
                    .filter(each -> !there.contains(text(each)))
                    .forEach(each -> differing.add(each.label()));
        }
        if (!differing.isEmpty()) {
            List<String> shown = differing.stream().distinct().limit(SHOWN_MAX).toList();
            throw new ProblemException(
                    ProblemCode.SCHEMA_UNPROVEN,
                    "the schema does not come out on a scratch server as it was",
                    "these differ there: " + String.join("; ", shown)
                            + (differing.size() > shown.size() ? "; and more" : ""),
                    "install the PostgreSQL client of the server's version, whose pg_dump is used then");
        }
    }

    private static Set<String> texts(Definitions definitions) {
        return definitions.all().stream().map(Comparison::text).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Definition definition) {
        return definition.label() + "\n"
                + definition
                        .sql()
                        .replaceFirst("^SET default_tablespace = .*;\n", "")
                        .replaceFirst("\nSET default_tablespace = '';$", "");
    }

    /// What a restore can give: the version of an extension is that of where it is restored, tablespaces are the
    /// server's, and an index that was never finished stays behind.
    private static Catalog carried(Catalog catalog) {
        SortedMap<ObjectName, SortedMap<String, String>> objects = new TreeMap<>();
        catalog.objects().forEach((name, attributes) -> {
            if (!isUnfinished(name, attributes)) {
                SortedMap<String, String> kept = new TreeMap<>(attributes);
                kept.remove("tablespace");
                if (name.kind() == ObjectKind.EXTENSION) {
                    kept.remove("version");
                }
                objects.put(name, kept);
            }
        });
        return new Catalog(catalog.serverMajor(), catalog.roles(), objects);
    }

    private static boolean isUnfinished(ObjectName name, SortedMap<String, String> attributes) {
        return name.kind() == ObjectKind.INDEX
                && attributes.containsKey("invalid")
                && !attributes.getOrDefault("definition", "").contains(" ON ONLY ");
    }

    /// What is not carried over.
    static List<String> notes(Definitions definitions, Definitions made) {
        List<String> unfinished = definitions.catalog().objects().entrySet().stream()
                .filter(object -> isUnfinished(object.getKey(), object.getValue()))
                .map(object -> "'" + object.getKey().text() + "'")
                .toList();
        List<String> bare = definitions.all().stream()
                .filter(each ->
                        each.type().equals("USER MAPPING") && !each.sql().contains(" OPTIONS ("))
                .map(each -> "'" + each.name() + "'")
                .toList();
        List<String> reordered = definitions.heirs().entrySet().stream()
                .filter(heir -> !heir.getValue().equals(made.heirs().get(heir.getKey())))
                .map(heir -> "'" + heir.getKey() + "'")
                .toList();
        List<String> notes = new ArrayList<>();
        if (!unfinished.isEmpty()) {
            notes.add("indexes that were never finished left out: " + String.join(", ", unfinished));
        }
        if (!bare.isEmpty()) {
            notes.add("user mappings without options, or with options that this role may not see: "
                    + String.join(", ", bare));
        }
        if (!reordered.isEmpty()) {
            notes.add("columns in another order, as inheritance gives them: " + String.join(", ", reordered));
        }
        return notes;
    }
}
