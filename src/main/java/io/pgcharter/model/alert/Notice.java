package io.pgcharter.model.alert;

import io.pgcharter.model.health.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What one receiver is told at once. Component names are the keys of a webhook's JSON and stay stable.
///
/// @param id 32 hexadecimal digits; the same each time it is tried, so that a receiver can drop what it has already
/// @param group the environment it is about; empty for the installation
/// @param news at least one
/// @param standing how many other alerts stand in the group
public record Notice(String id, String receiver, Optional<String> group, Instant at, List<News> news, int standing) {
    public Notice {
        news = List.copyOf(news);
        if (news.isEmpty()) {
            throw new IllegalArgumentException("a notice needs news");
        }
    }

    /// What has become of an alert or a run.
    public enum Change {
        /// It is wrong, and nobody was told yet.
        BEGAN,
        /// It is worse than when it was told.
        WORSE,
        /// It lasts.
        LASTS,
        /// It is well again.
        OVER,
        /// Work that was planned begins.
        PLANNED,
        /// A run is done.
        DONE,
        /// Work that was told of went wrong; no alert stands for it.
        FAILED,
        /// Nothing happened: somebody wants to see that notices arrive.
        TRIAL
    }

    /// @param alert id of the alert, or of the run where there is none
    /// @param since when it began @param until when it was over
    public record News(
            Change change,
            String alert,
            Topic topic,
            Level level,
            String message,
            List<String> details,
            Instant since,
            Optional<Instant> until) {
        public News {
            details = List.copyOf(details);
        }
    }

    /// The worst level of what is wrong; `OK` if nothing is.
    public Level level() {
        return news.stream()
                .filter(item -> item.change() != Change.OVER && item.change() != Change.DONE)
                .map(News::level)
                .max(Level::compareTo)
                .orElse(Level.OK);
    }
}
