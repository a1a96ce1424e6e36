package io.pgcharter.model.operation;

import java.util.List;

/// What became of work on the shape of databases.
public sealed interface SchemaReport extends Report {
    /// What lint makes of migrations.
    ///
    /// @param files how many were read
    /// @param statements how many they hold
    /// @param version PostgreSQL's major that they were judged for
    /// @param findings in the order of files and places
    /// @param fails whether there are findings of a severity that the charter does not let pass
    record Lint(int files, int statements, int version, List<LintFinding> findings, boolean fails)
            implements SchemaReport {
        public Lint {
            findings = List.copyOf(findings);
        }

        /// How many findings have the severity.
        public long count(LintFinding.Severity severity) {
            return findings.stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
        }
    }
}
