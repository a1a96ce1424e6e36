package io.pgcharter.policy.guard;

import io.pgcharter.model.operation.Operation;
import java.util.List;

/// The guard's answer. Every answer carries its reasons: one per rule that spoke.
public sealed interface Decision {
    List<Reason> reasons();

    /// Go ahead. Only a [Permit] can start work, and only the guard can make one.
    record Allowed(Permit permit, List<Reason> reasons) implements Decision {
        public Allowed {
            reasons = List.copyOf(reasons);
        }
    }

    /// Wait until the asker has typed `name`, which is what the operation would overwrite.
    record NeedsConfirmation(Operation operation, String name, List<Reason> reasons) implements Decision {
        public NeedsConfirmation {
            reasons = List.copyOf(reasons);
        }
    }

    /// Wait until `needed` people who hold `role`, other than the asker, have agreed. `given` have.
    record NeedsApproval(Operation operation, int given, int needed, String role, List<Reason> reasons)
            implements Decision {
        public NeedsApproval {
            reasons = List.copyOf(reasons);
        }
    }

    /// Never. No number of approvals changes this answer.
    record Denied(Operation operation, List<Reason> reasons) implements Decision {
        public Denied {
            reasons = List.copyOf(reasons);
        }
    }
}
