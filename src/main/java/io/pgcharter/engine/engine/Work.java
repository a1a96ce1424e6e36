package io.pgcharter.engine.engine;

import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.policy.guard.Permit;

/// Carries permitted operations out: one switch, one capability per verb.
@FunctionalInterface
public interface Work {
    /// @throws io.pgcharter.model.problem.ProblemException when it fails
    Report carryOut(Permit permit, Operation operation, Run run);
}
