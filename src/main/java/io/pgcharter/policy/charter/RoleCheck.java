package io.pgcharter.policy.charter;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the schema cannot say of the sections `classification` and `roles`: databases and roles that must be there.
/// Works on trees that break the schema.
final class RoleCheck {
    /// Roles that PostgreSQL has by itself, such as `pg_monitor`.
    private static final String PREDEFINED = "pg_";

    private final YamlDocument document;
    private final Complaints complaints;
    private final CrossCheck names;

    RoleCheck(YamlDocument document, Complaints complaints, CrossCheck names) {
        this.document = document;
        this.complaints = complaints;
        this.names = names;
    }

    void check(Set<String> databases) {
        database("/classification", databases);
        Set<String> roles = names.names("roles");
        for (String role : roles) {
            String pointer = YamlDocument.child("/roles", role);
            for (String kind : document.tree().at(pointer).path("grants").propertyNames()) {
                database(pointer + "/grants/" + kind, databases);
            }
            JsonNode others = document.tree().at(pointer).path("member-of");
            for (int index = 0; others.isArray() && index < others.size(); index++) {
                member(pointer + "/member-of/" + index, others.get(index).asString(""), roles);
            }
        }
    }

    /// The first part of each key must be a database, or stand for one at least.
    private void database(String pointer, Set<String> databases) {
        for (String key : document.tree().at(pointer).propertyNames()) {
            int dot = key.indexOf('.');
            String database = dot < 0 ? key : key.substring(0, dot);
            if (databases.stream().noneMatch(known -> NamePattern.matches(database, known))) {
                names.unknown(document.keyAt(YamlDocument.child(pointer, key)), "database", database, databases);
            }
        }
    }

    private void member(String pointer, String role, Set<String> roles) {
        if (!role.isEmpty() && !role.startsWith(PREDEFINED) && !roles.contains(role)) {
            complaints.add(
                    document.valueAt(pointer),
                    "unknown role " + Wording.quoted(role) + Wording.instead(role, roles),
                    "name it in roles; of others, only PostgreSQL's own (pg_…) are known");
        }
    }
}
