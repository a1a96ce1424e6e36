package io.pgcharter.policy.charter;

import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.secret.SecretText;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who is told what. Section `alerts` of the charter.
///
/// @param receivers by name, in the charter's order
/// @param routes which receiver is told what; every route that fits counts. None: all are told everything
/// @param pace how soon and how often
/// @param success which runs are told of although they are done; empty for none
public record AlertPlan(
        Map<String, Receiver> receivers,
        List<Route> routes,
        Pace pace,
        Optional<Success> success,
        Optional<DeadMan> deadMan) {
    /// What holds where the charter says nothing: alerts are kept and listed, and nobody is told.
    public static final AlertPlan NONE =
            new AlertPlan(Map.of(), List.of(), Pace.DEFAULT, Optional.empty(), Optional.empty());

    public AlertPlan {
        receivers = Collections.unmodifiableMap(new LinkedHashMap<>(receivers));
        routes = List.copyOf(routes);
    }

    /// What fits all of its conditions goes to its receivers. An empty set is no condition.
    ///
    /// @param least `WARN` for everything that is bad or unknown, `CRIT` for that alone
    /// @param topics checks by id, `xid-age`, or verbs, `backup`
    public record Route(
            Set<String> to,
            Level least,
            Set<EnvironmentName> environments,
            Set<DatabaseName> databases,
            Set<String> topics,
            int line) {
        public Route {
            to = Set.copyOf(to);
            environments = Set.copyOf(environments);
            databases = Set.copyOf(databases);
            topics = Set.copyOf(topics);
        }

        /// Whether nothing is left out.
        public boolean takesAll() {
            return least != Level.CRIT && environments.isEmpty() && databases.isEmpty() && topics.isEmpty();
        }
    }

    /// How soon and how often people are told.
    ///
    /// @param after how long a level must last before it counts
    /// @param clearAfter how long all must be well before an alert is over
    /// @param flapping what began three times within this is flapping, and not over before it is well for long
    /// @param groupFor how long news waits for other news, to be told together
    /// @param repeat how often is repeated what lasts and nobody took care of
    /// @param silentAfter a subject that no check has judged for so long is an alert itself
    public record Pace(
            Map<Level, Duration> after,
            Duration clearAfter,
            Duration flapping,
            Duration groupFor,
            Duration repeat,
            Duration silentAfter,
            Optional<QuietHours> quietHours) {
        public static final Pace DEFAULT = new Pace(
                Map.of(Level.WARN, Duration.ofMinutes(5), Level.UNKNOWN, Duration.ofMinutes(5)),
                Duration.ofMinutes(2),
                Duration.ofHours(1),
                Duration.ofSeconds(30),
                Duration.ofHours(4),
                Duration.ofMinutes(15),
                Optional.empty());

        public Pace {
            after = Map.copyOf(after);
        }

        public Duration after(Level level) {
            return after.getOrDefault(level, Duration.ZERO);
        }
    }

    /// When nothing but `CRIT` is told. What is held back is told when they end, if it still holds.
    ///
    /// @param to before `from` for hours that pass midnight
    public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {
        /// Whether they are on at that time of the zone's day.
        public boolean covers(LocalTime time) {
            return from.isBefore(to)
                    ? !time.isBefore(from) && time.isBefore(to)
                    : !time.isBefore(from) || time.isBefore(to);
        }
    }

    /// @param verbs as the command line has them: `backup`, `retention apply` @param to names of receivers
    public record Success(Set<String> verbs, Set<String> to) {
        public Success {
            verbs = Set.copyOf(verbs);
            to = Set.copyOf(to);
        }
    }

    /// A service outside that raises the alarm when it is not called any more.
    public record DeadMan(SecretText url, Duration every, Optional<String> authorities) {}
}
