package io.pgcharter.engine.engine;

import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.policy.guard.Decision;
import io.pgcharter.policy.guard.Reason;
import java.util.List;
import java.util.Optional;

/// How a submitted operation ended.
public sealed interface Outcome {
    RunId run();

    record Done(RunId run, Report report) implements Outcome {}

    record Failed(RunId run, Problem problem) implements Outcome {}

    /// Nothing was begun: a confirmation or approvals are missing.
    ///
    /// @param decision `NeedsConfirmation` or `NeedsApproval`
    /// @param request for approvals: the id to give to `pgcharter approve`
    record Waiting(RunId run, Decision decision, Optional<String> request) implements Outcome {}

    record Refused(RunId run, List<Reason> reasons) implements Outcome {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}
