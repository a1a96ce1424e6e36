package io.pgcharter.entry.web.page;

import io.pgcharter.model.health.Level;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// What was found and is told to people.
///
/// @param open the worst first
/// @param resolved the newest first
/// @param waivers those in force, as the charter lists them
public record AlertsPage(List<Alert> open, List<Alert> resolved, List<Silence> silences, List<Waiver> waivers)
        implements Page {
    public AlertsPage {
        open = List.copyOf(open);
        resolved = List.copyOf(resolved);
        silences = List.copyOf(silences);
        waivers = List.copyOf(waivers);
    }

    @Override
    public String title() {
        return "Alerts";
    }

    @Override
    public String section() {
        return "alerts";
    }

    /// One alert.
    ///
    /// @param subject `database/payments`; of an alert about several, joined by blanks
    /// @param check what it is about: `check/xid-age`
    /// @param told when it was last sent to somebody
    public record Alert(
            String id,
            Level level,
            String subject,
            String check,
            String text,
            Instant since,
            Optional<Instant> told,
            Optional<Acknowledged> acknowledged,
            Optional<Instant> resolvedAt,
            boolean silenced) {

        /// The database's page, if it is one's.
        public Optional<String> database() {
            return subject.startsWith("database/") && subject.indexOf(' ') < 0
                    ? Optional.of(subject.substring("database/".length()))
                    : Optional.empty();
        }
    }

    /// Who takes care of it.
    public record Acknowledged(String person, Instant at, String because) {}

    /// A finding that the charter lets be.
    ///
    /// @param about subject and finding: `database/payments public.orders`; empty for all of the check
    /// @param until the last day on which it holds, UTC
    /// @param where the line of the charter
    public record Waiver(String check, String about, String because, LocalDate until, String where) {}

    /// What nothing is said about for a while.
    public record Silence(String id, String subject, Instant until, String person, String because) {}
}
