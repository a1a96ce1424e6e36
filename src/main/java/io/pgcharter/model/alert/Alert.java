package io.pgcharter.model.alert;

import io.pgcharter.model.health.Level;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Something that is wrong, from when it was first seen until it is over. All times are the control database's.
///
/// @param id 8 hexadecimal digits
/// @param level what it is now; of one that is over, what it was last
/// @param details what was found, a line each
/// @param told empty as long as nobody was told
/// @param acknowledgement who takes care of it
public record Alert(
        String id,
        Topic topic,
        Level level,
        String message,
        List<String> details,
        Course course,
        Optional<Told> told,
        Optional<Acknowledgement> acknowledgement) {
    public Alert {
        details = List.copyOf(details);
    }

    /// Where an alert is in its life.
    public enum State {
        /// Wrong, but not yet for long enough to count.
        PENDING,
        FIRING,
        /// Wrong still; a person takes care of it.
        ACKNOWLEDGED,
        RESOLVED
    }

    /// How an alert went so far.
    ///
    /// @param since when it went wrong
    /// @param firedAt when it had been wrong for long enough
    /// @param wellSince since when all is well, if it is, though not yet for long enough to be over
    /// @param turns when this topic went wrong of late, also before this alert; the oldest first
    public record Course(
            State state,
            Instant since,
            Optional<Instant> firedAt,
            Optional<Instant> wellSince,
            Optional<Instant> resolvedAt,
            List<Instant> turns) {
        public Course {
            turns = List.copyOf(turns);
        }
    }

    /// What people last heard of it.
    ///
    /// @param to names of all receivers that heard of it so far
    /// @param over whether they heard that it is over
    public record Told(Instant at, Level level, Set<String> to, boolean over) {
        public Told {
            to = Set.copyOf(to);
        }
    }

    public record Acknowledgement(String person, Instant at, String because) {}

    public State state() {
        return course.state();
    }

    public boolean isOpen() {
        return state() != State.RESOLVED;
    }

    public Alert with(Course next) {
        return new Alert(id, topic, level, message, details, next, told, acknowledgement);
    }

    public Alert with(Told next) {
        return new Alert(id, topic, level, message, details, course, Optional.of(next), acknowledgement);
    }

    /// This alert, seen by a person. One that is not firing stays as it is.
    public Alert acknowledged(Acknowledgement by) {
        if (state() != State.FIRING && state() != State.ACKNOWLEDGED) {
            return this;
        }
        Course next = new Course(
                State.ACKNOWLEDGED,
                course.since(),
                course.firedAt(),
                course.wellSince(),
                course.resolvedAt(),
                course.turns());
        return new Alert(id, topic, level, message, details, next, told, Optional.of(by));
    }
}
