package io.pgcharter.policy.guard;

import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All the guard may know besides the charter and the operation.
///
/// @param confirmation what the asker typed (or gave as `--confirm NAME`)
/// @param approvals agreements stored for exactly this operation and asker, not yet used; and for a part of a run
///     those that the run began with, as old as they were then
/// @param request for `approve`: the request the person wants to agree to; empty if there is none of that id
public record Context(
        Actor actor,
        Optional<String> confirmation,
        List<Approval> approvals,
        Optional<PendingRequest> request,
        Instant now) {
    public Context {
        approvals = List.copyOf(approvals);
    }

    /// One person's agreement to one operation.
    public record Approval(String person, Instant givenAt) {}

    /// An operation that waits for approvals.
    ///
    /// @param operation what was asked; @param asker who asked; @param role who may agree
    public record PendingRequest(String id, Operation operation, String asker, String role, Instant expiresAt) {}
}
