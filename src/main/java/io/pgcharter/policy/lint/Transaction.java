package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.LockMode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What the statements so far of one transaction did. Not thread-safe: it grows.
public final class Transaction {
    private final boolean real;
    private final Map<ObjectName, LockMode> locks = new LinkedHashMap<>();
    private final Set<String> enumValues = new LinkedHashSet<>();
    private final Set<String> unproven = new LinkedHashSet<>();
    private final Set<ObjectName> altered = new LinkedHashSet<>();

    /// @param real whether its statements end together; false where each ends by itself
    Transaction(boolean real) {
        this.real = real;
    }

    public boolean isReal() {
        return real;
    }

    /// The tables, there before these files, that nobody can write to until the transaction ends.
    public Map<ObjectName, LockMode> locks() {
        return Map.copyOf(locks);
    }

    /// Values that were added to enums.
    public Set<String> enumValues() {
        return Set.copyOf(enumValues);
    }

    /// Whether this constraint was added NOT VALID in this transaction.
    public boolean addedUnproven(String constraint) {
        return unproven.contains(constraint);
    }

    /// Whether the table was read or written anew by ALTER TABLE.
    public boolean worked(ObjectName table) {
        return altered.contains(table);
    }

    void lock(ObjectName table, LockMode mode) {
        if (real && mode.stopsWriters()) {
            locks.merge(table, mode, LockMode::strongest);
        }
    }

    void enumValue(String value) {
        enumValues.add(value);
    }

    void unproven(String constraint) {
        unproven.add(constraint);
    }

    void work(ObjectName table) {
        altered.add(table);
    }
}
