package io.pgcharter.policy.charter;

import io.pgcharter.policy.charter.ClassificationPlan.Classified;
import io.pgcharter.policy.charter.ClassificationPlan.DataClass;
import io.pgcharter.policy.charter.RolePlan.Allowance;
import io.pgcharter.policy.charter.RolePlan.DatabaseRole;
import io.pgcharter.policy.charter.RolePlan.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Turns the sections `classification` and `roles` of a tree without errors into their plans.
final class RoleReader {
    /// Below its database a column has a schema, a table and itself.
    static final int NAMES_OF_COLUMN = 3;

    private final YamlDocument document;

    RoleReader(YamlDocument document) {
        this.document = document;
    }

    ClassificationPlan classification() {
        List<Classified> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                document.tree().path("classification").properties()) {
            all.add(new Classified(
                    NamePattern.of(entry.getKey(), NAMES_OF_COLUMN),
                    DataClass.valueOf(
                            entry.getValue().path("class").stringValue().toUpperCase(Locale.ROOT)),
                    document.keyAt(YamlDocument.child("/classification", entry.getKey()))
                            .line()));
        }
        return new ClassificationPlan(all);
    }

    RolePlan roles() {
        Map<String, DatabaseRole> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : document.tree().path("roles").properties()) {
            JsonNode role = entry.getValue();
            List<Allowance> grants = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                role.path("grants")
                        .path(kind.name().toLowerCase(Locale.ROOT))
                        .properties()
                        .forEach(grant -> grants.add(new Allowance(
                                kind, NamePattern.of(grant.getKey(), kind.names()), texts(grant.getValue()))));
            }
            all.put(
                    entry.getKey(),
                    new DatabaseRole(
                            entry.getKey(),
                            texts(role.path("member-of")),
                            grants,
                            document.keyAt(YamlDocument.child("/roles", entry.getKey()))
                                    .line()));
        }
        return new RolePlan(all);
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new LinkedHashSet<>();
        list.forEach(text -> texts.add(text.stringValue()));
        return texts;
    }
}
