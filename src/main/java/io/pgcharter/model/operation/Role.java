package io.pgcharter.model.operation;

/// What a person, or a program with a token, may do over the network.
public enum Role {
    /// Sees everything, changes nothing.
    VIEWER,
    /// A viewer who may also ask for work: backups, restores, maintenance.
    OPERATOR,
    /// A viewer who may also agree to what others ask for.
    APPROVER,
    /// May everything, also say who may what.
    ADMIN;

    /// Whether whoever holds this role may do what takes `needed`.
    public boolean covers(Role needed) {
        return this == needed || this == ADMIN || needed == VIEWER;
    }
}
