package io.pgcharter.model.migration;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RunId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One release of migrations to a database, with its log: all that is known of it, whoever carries it on.
///
/// @param id 12 hexadecimal digits, those of the run that began it
/// @param pin over all its migrations as they lay on disk when it began
/// @param migrations what it brings, in the order of carrying out
/// @param before fingerprint of the database's catalog when it began, but for the table of the history
/// @param after fingerprint of the catalog that the rehearsal ended with
/// @param isClosed whether the health endpoint says that the database is being released
/// @param log oldest first; never empty
public record Release(
        String id,
        DatabaseName database,
        Pin pin,
        List<Content> migrations,
        String before,
        String after,
        Instant begunAt,
        State state,
        boolean isClosed,
        List<Entry> log) {
    public Release {
        migrations = List.copyOf(migrations);
        log = List.copyOf(log);
    }

    /// One migration of it.
    ///
    /// @param pin over this one alone
    public record Content(String name, Pin pin) {}

    /// What a release is.
    public enum State {
        /// It goes on, waits, or is stuck.
        OPEN,
        /// All of it is in the database, verified and watched.
        RELEASED,
        /// Nothing of it is in the database any more.
        ROLLED_BACK,
        /// It went wrong, and the charter has it left as it is.
        STOPPED,
        /// People took over, or the files were changed before anything was applied.
        ABANDONED
    }

    /// What is done, in this order; from [#RECLOSED] on it is the way back.
    public enum Step {
        PINNED,
        WINDOW,
        BACKUP,
        TOLD,
        CLOSED,
        APPLIED,
        VERIFIED,
        OPENED,
        WATCHED,
        ENDED,
        /// The health endpoint says 503 again, for the way back.
        RECLOSED,
        /// The migrations are undone, or the backup is in their place.
        RETURNED,
        /// The catalog is the one that was there before.
        COMPARED,
        REOPENED,
        /// Receivers were told that it went wrong.
        REPORTED;

        /// Whether it comes before anything is changed in the database.
        public boolean isPreparation() {
            return compareTo(APPLIED) < 0;
        }

        /// As people read it: `pinned`.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How a step stands.
    public enum Mark {
        /// Begun; if nobody carries the release on, whoever did died.
        BEGUN,
        DONE,
        /// It went wrong, and left nothing that a person has to look at first.
        FAILED,
        /// It went wrong halfway: a person has to say what of it is in the database.
        HELD
    }

    /// One step that was taken.
    ///
    /// @param number in the release, from 1
    /// @param run that took it
    /// @param evidence what shows that it is so, or why it went wrong: `backup` → its id
    public record Entry(
            int number,
            Step step,
            Mark mark,
            RunId run,
            Instant begunAt,
            Optional<Instant> endedAt,
            Map<String, String> evidence) {
        public Entry {
            evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
        }
    }

    public Entry last() {
        return log.getLast();
    }

    /// When the step was last done.
    public Optional<Entry> done(Step step) {
        return log.reversed().stream()
                .filter(entry -> entry.step() == step && entry.mark() == Mark.DONE)
                .findFirst();
    }

    /// Whether anything may have been changed in the database.
    public boolean isApplied() {
        return log.stream().anyMatch(entry -> entry.step() == Step.APPLIED);
    }
}
