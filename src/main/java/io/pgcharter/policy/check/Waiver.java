package io.pgcharter.policy.check;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/// A finding that the charter lets be for a while.
///
/// @param check id of the check
/// @param subject only of this: `database/payments`; empty for all
/// @param key only this finding; empty for all of the check
/// @param because why, in the words of the team
/// @param until the last day on which it holds, UTC
/// @param line of the charter
public record Waiver(
        String check, Optional<String> subject, Optional<String> key, String because, LocalDate until, int line) {

    boolean covers(String judged, String found, String finding, Instant now) {
        return check.equals(judged)
                && !isExpired(now)
                && subject.map(found::equals).orElse(true)
                && key.map(finding::equals).orElse(true);
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(until.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /// The waiver as a finding names it: `index of the partner, until 2027-01-31`.
    String reason() {
        return because + ", until " + until;
    }
}
