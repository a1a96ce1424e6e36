package io.pgcharter.model.sql;

import java.util.Locale;

/// PostgreSQL's table locks, weakest first, as the manual's chapter "Explicit Locking" has them.
public enum LockMode {
    NONE,
    ACCESS_SHARE,
    ROW_SHARE,
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE;

    /// The mode that `pg_locks` calls `name`, such as `AccessExclusiveLock`; [#NONE] for what is no table lock.
    public static LockMode ofCatalog(String name) {
        for (LockMode mode : values()) {
            if (name.equalsIgnoreCase(mode.name().replace("_", "") + "Lock")) {
                return mode;
            }
        }
        return NONE;
    }

    /// Whether who inserts, updates or deletes has to wait.
    public boolean stopsWriters() {
        return compareTo(SHARE) >= 0;
    }

    /// Whether who only reads has to wait.
    public boolean stopsReaders() {
        return this == ACCESS_EXCLUSIVE;
    }

    /// Whether who wants `other` has to wait for who holds this one: the manual's table "Conflicting Lock Modes".
    public boolean conflictsWith(LockMode other) {
        return switch (this) {
            case NONE -> false;
            case ACCESS_SHARE -> other == ACCESS_EXCLUSIVE;
            case ROW_SHARE -> other.compareTo(EXCLUSIVE) >= 0;
            case ROW_EXCLUSIVE -> other.compareTo(SHARE) >= 0;
            case SHARE_UPDATE_EXCLUSIVE -> other.compareTo(SHARE_UPDATE_EXCLUSIVE) >= 0;
            case SHARE ->
                other == ROW_EXCLUSIVE || other == SHARE_UPDATE_EXCLUSIVE || other.compareTo(SHARE_ROW_EXCLUSIVE) >= 0;
            case SHARE_ROW_EXCLUSIVE -> other.compareTo(ROW_EXCLUSIVE) >= 0;
            case EXCLUSIVE -> other.compareTo(ROW_SHARE) >= 0;
            case ACCESS_EXCLUSIVE -> other != NONE;
        };
    }

    public LockMode strongest(LockMode other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public String toString() {
        return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
