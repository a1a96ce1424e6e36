package io.pgcharter.model.health;

import java.util.List;
import java.util.OptionalDouble;

/// What one check said of one subject.
///
/// @param check id of the check: `xid-age`
/// @param subject `database/payments`, `repository/offsite` or `installation`
/// @param level the worst of what is not waived
/// @param message in one line: the worst finding, or what was seen, or why nothing could be
/// @param findings the worst first, at most [#FINDINGS_MAX]
/// @param value what was measured, in the check's own unit, where it measures one thing
public record Verdict(
        String check, String subject, Level level, String message, List<Finding> findings, OptionalDouble value) {
    public static final int FINDINGS_MAX = 100;

    public Verdict {
        findings = List.copyOf(findings);
        if (findings.size() > FINDINGS_MAX) {
            throw new IllegalArgumentException("at most " + FINDINGS_MAX + " findings, not " + findings.size());
        }
    }
}
