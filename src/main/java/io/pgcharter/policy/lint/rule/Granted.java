package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.charter.NamePattern;
import io.pgcharter.policy.charter.RolePlan;
import io.pgcharter.policy.charter.RolePlan.Kind;
import io.pgcharter.policy.lint.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Holds what a statement grants in a database against what the charter says that roles may hold there.
///
/// Who is meant by `CURRENT_USER` and the like is whoever runs the migration, and not judged.
final class Granted {
    private static final Set<String> EVERYTHING = Set.of(RolePlan.EVERY);

    private final RolePlan roles;
    private final DatabaseName database;

    Granted(RolePlan roles, DatabaseName database) {
        this.roles = roles;
        this.database = database;
    }

    /// What is too wide, for people.
    List<String> tooWide(Node statement) {
        return switch (statement.kind()) {
            case "GrantStmt" -> statement.flag("is_grant") ? privileges(statement, List.of()) : List.of();
            case "AlterDefaultPrivilegesStmt" -> {
                Node action = statement.child("action");
                yield action.flag("is_grant") ? privileges(action, schemas(statement)) : List.of();
            }
            case "GrantRoleStmt" -> statement.flag("is_grant") ? memberships(statement) : List.of();
            case "CreateRoleStmt" -> members(statement.text("role"), statement);
            case "AlterRoleStmt" ->
                statement.number("action") > 0
                        ? members(statement.child("role").text("rolename"), statement)
                        : List.of();
            default -> List.of();
        };
    }

    /// An object, or all that there are of a kind in a schema, or in all schemas.
    private record Thing(List<String> names, String spoken) {}

    private List<String> privileges(Node grant, List<String> schemas) {
        Optional<Kind> kind = kind(grant.text("objtype"));
        List<Thing> things = kind.map(known -> things(grant, known, schemas)).orElse(List.of());
        Set<String> asked = asked(grant);
        List<String> wide = new ArrayList<>();
        for (String role : people(grant.list("grantees"))) {
            if (!roles.knows(role)) {
                wide.add(unnamed(role));
                continue;
            }
            if (kind.isEmpty()) {
                wide.add(role + " may not hold " + spoken(asked) + ": the charter's roles do not speak of a "
                        + grant.text("objtype").replace("OBJECT_", "").toLowerCase(Locale.ROOT));
            }
            for (Thing thing : things) {
                Set<String> beyond = roles.beyond(role, database, kind.orElseThrow(), thing.names(), asked);
                if (!beyond.isEmpty()) {
                    wide.add(role + " may not hold " + spoken(beyond) + " on " + thing.spoken() + " in " + database);
                }
            }
            if (grant.flag("grant_option")) {
                wide.add(role + " may not hand on what it holds");
            }
        }
        return wide;
    }

    private static Set<String> asked(Node grant) {
        List<String> named = grant.list("privileges").stream()
                .map(privilege -> privilege.text("priv_name"))
                // Of ALL (columns).
                .map(name -> name.isEmpty() ? RolePlan.EVERY : name.equals("temp") ? "temporary" : name)
                .toList();
        return named.isEmpty() ? EVERYTHING : Set.copyOf(named);
    }

    private static List<Thing> things(Node grant, Kind kind, List<String> schemas) {
        return switch (grant.text("targtype")) {
            case "ACL_TARGET_ALL_IN_SCHEMA" -> all(kind, grant.texts("objects"));
            case "ACL_TARGET_DEFAULTS" -> all(kind, schemas);
            default ->
                grant.list("objects").stream()
                        .map(object -> thing(kind, object))
                        .toList();
        };
    }

    /// @param schemas none for all
    private static List<Thing> all(Kind kind, List<String> schemas) {
        String what = "all " + kind.name().toLowerCase(Locale.ROOT);
        if (kind.names() < 2 || schemas.isEmpty()) {
            return List.of(new Thing(
                    Stream.generate(() -> NamePattern.ALL).limit(kind.names()).toList(), what));
        }
        return schemas.stream()
                .map(schema -> new Thing(List.of(schema, NamePattern.ALL), what + " in schema " + schema))
                .toList();
    }

    private static Thing thing(Kind kind, Node object) {
        return switch (kind) {
            case TABLES, SEQUENCES -> thing(ObjectName.of(object));
            case FUNCTIONS -> thing(ObjectName.of(object.texts("objname")));
            case TYPES -> thing(ObjectName.of(object.texts("items")));
            case SCHEMAS -> new Thing(List.of(object.text("sval")), "schema " + object.text("sval"));
            // Its name there is not the charter's; a migration speaks of the one that it is in.
            case DATABASES -> new Thing(List.of(), "database " + object.text("sval"));
        };
    }

    private static Thing thing(ObjectName name) {
        return new Thing(List.of(name.schema(), name.name()), name.toString());
    }

    private static Optional<Kind> kind(String type) {
        return switch (type) {
            case "OBJECT_TABLE" -> Optional.of(Kind.TABLES);
            case "OBJECT_SEQUENCE" -> Optional.of(Kind.SEQUENCES);
            case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE" -> Optional.of(Kind.FUNCTIONS);
            case "OBJECT_TYPE", "OBJECT_DOMAIN" -> Optional.of(Kind.TYPES);
            case "OBJECT_SCHEMA" -> Optional.of(Kind.SCHEMAS);
            case "OBJECT_DATABASE" -> Optional.of(Kind.DATABASES);
            default -> Optional.empty();
        };
    }

    /// Of ALTER DEFAULT PRIVILEGES.
    private static List<String> schemas(Node statement) {
        return statement.list("options").stream()
                .filter(option -> option.text("defname").equals("schemas"))
                .flatMap(option -> option.child("arg").texts("items").stream())
                .toList();
    }

    private List<String> memberships(Node statement) {
        List<String> wide = new ArrayList<>();
        List<String> groups = statement.list("granted_roles").stream()
                .map(group -> group.text("priv_name"))
                .toList();
        for (String member : people(statement.list("grantee_roles"))) {
            groups.forEach(group -> membership(member, group).ifPresent(wide::add));
            boolean admin = statement.list("opt").stream()
                    .anyMatch(option -> option.text("defname").equals("admin")
                            && (!option.has("arg") || option.child("arg").flag("boolval")));
            if (admin) {
                wide.add(member + " may not make others members");
            }
        }
        return wide;
    }

    /// CREATE ROLE with IN ROLE, ROLE or ADMIN; ALTER GROUP with ADD USER.
    private List<String> members(String role, Node statement) {
        List<String> wide = new ArrayList<>();
        for (Node option : statement.list("options")) {
            List<String> named = people(option.child("arg").list("items"));
            switch (option.text("defname")) {
                case "addroleto" ->
                    named.forEach(group -> membership(role, group).ifPresent(wide::add));
                case "rolemembers" ->
                    named.forEach(member -> membership(member, role).ifPresent(wide::add));
                case "adminmembers" -> named.forEach(member -> wide.add(member + " may not make others members"));
                default -> {
                    // Says nothing of what it may do to objects.
                }
            }
        }
        return wide;
    }

    private Optional<String> membership(String member, String group) {
        if (!roles.knows(member)) {
            return Optional.of(unnamed(member));
        }
        return roles.mayBeMember(member, group)
                ? Optional.empty()
                : Optional.of(member + " may not be a member of " + group);
    }

    private static String unnamed(String role) {
        return "the charter's roles do not name " + role;
    }

    private static List<String> people(List<Node> specifications) {
        return specifications.stream()
                .flatMap(role -> switch (role.text("roletype")) {
                    case "ROLESPEC_CSTRING" -> Stream.of(role.text("rolename"));
                    case "ROLESPEC_PUBLIC" -> Stream.of("public");
                    default -> Stream.<String>empty();
                })
                .toList();
    }

    private static String spoken(Set<String> privileges) {
        return privileges.equals(EVERYTHING)
                ? "every privilege"
                : String.join(
                        ", ",
                        privileges.stream()
                                .map(privilege -> privilege.toUpperCase(Locale.ROOT))
                                .sorted()
                                .toList());
    }
}
