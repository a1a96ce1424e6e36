package io.pgcharter.model.health;

/// What a check comes to, from best to worst. What could not be seen is never taken for good.
public enum Level {
    OK,
    /// The check makes no sense here: replication of a server that has no standby.
    NOT_APPLICABLE,
    /// The check could not see what it must: the reason is its message.
    UNKNOWN,
    WARN,
    CRIT;

    public boolean isWorseThan(Level other) {
        return compareTo(other) > 0;
    }
}
