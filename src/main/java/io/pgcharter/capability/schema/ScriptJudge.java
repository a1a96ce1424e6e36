package io.pgcharter.capability.schema;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.Run;
import java.util.List;

/// Says what a script would do to those who use a database: lint, which is a capability of its own.
@FunctionalInterface
public interface ScriptJudge {
    /// @param sql the whole script, which is carried out with a lock timeout in one transaction
    List<LintFinding> judge(String sql, DatabaseName target, Run run);
}
