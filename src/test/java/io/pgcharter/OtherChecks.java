package io.pgcharter;

import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import java.util.Collection;
import java.util.stream.Collectors;

/// What a test server is not well in (it runs without `fsync`, with roles of other tests) is not what a test of alerts
/// is
/// about.
final class OtherChecks {
    private OtherChecks() {}

    /// Lines of `watch: checks:` that switch all checks off but these.
    static String off(Collection<String> but) {
        return Checkbook.published().all().stream()
                .map(Check::id)
                .filter(check -> !but.contains(check))
                .map(check -> "    " + check + ": { enabled: false }")
                .collect(Collectors.joining("\n"));
    }
}
