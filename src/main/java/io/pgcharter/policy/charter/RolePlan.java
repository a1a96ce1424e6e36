package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What each role of PostgreSQL may hold at most. Section `roles` of the charter.
///
/// @param all by the role's name; `public` is everybody
public record RolePlan(Map<String, DatabaseRole> all) {
    public static final RolePlan NONE = new RolePlan(Map.of());

    /// The privilege that stands for every one that a kind of objects has.
    public static final String EVERY = "all";

    public RolePlan {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /// Kinds of objects, in PostgreSQL's words: `GRANT … ON ALL TABLES`. Views are tables.
    public enum Kind {
        TABLES(2),
        SEQUENCES(2),
        FUNCTIONS(2),
        TYPES(2),
        SCHEMAS(1),
        DATABASES(0);

        private final int names;

        Kind(int names) {
            this.names = names;
        }

        /// How many names such an object has below its database.
        public int names() {
            return names;
        }
    }

    /// Privileges on objects.
    ///
    /// @param privileges in small letters, as GRANT has them; or [RolePlan#EVERY]
    public record Allowance(Kind kind, NamePattern on, Set<String> privileges) {
        public Allowance {
            privileges = Set.copyOf(privileges);
        }
    }

    /// @param memberOf roles whose privileges it may have too
    /// @param line 1-based line of the charter
    public record DatabaseRole(String name, Set<String> memberOf, List<Allowance> grants, int line) {
        public DatabaseRole {
            memberOf = Collections.unmodifiableSet(new LinkedHashSet<>(memberOf));
            grants = List.copyOf(grants);
        }
    }

    /// Whether it is said what roles may hold in the database.
    public boolean speaksOf(DatabaseName database) {
        return all.values().stream()
                .flatMap(role -> role.grants().stream())
                .anyMatch(grant -> grant.on().isOf(database));
    }

    public boolean knows(String role) {
        return all.containsKey(role);
    }

    /// Whether a role may be a member of another, of itself or by way of others.
    public boolean mayBeMember(String role, String other) {
        return !role.equals(other) && reach(role).contains(other);
    }

    /// Those of `privileges` on an object that neither the role nor one that it may be a member of may hold.
    ///
    /// @param names of the object, its schema first; [NamePattern#ALL] for each of them
    public Set<String> beyond(
            String role, DatabaseName database, Kind kind, List<String> names, Collection<String> privileges) {
        Set<String> beyond = new LinkedHashSet<>(privileges);
        for (String each : reach(role)) {
            DatabaseRole known = all.get(each);
            if (known != null) {
                known.grants().stream()
                        .filter(grant -> grant.kind() == kind && grant.on().fits(database, names))
                        .forEach(grant ->
                                beyond.removeIf(privilege -> grant.privileges().contains(EVERY)
                                        || grant.privileges().contains(privilege)));
            }
        }
        return beyond;
    }

    /// The role and all that it may be a member of.
    private Set<String> reach(String role) {
        Set<String> reached = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(role));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (reached.add(next) && all.containsKey(next)) {
                open.addAll(all.get(next).memberOf());
            }
        }
        return reached;
    }
}
