package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Alert.Course;
import io.pgcharter.model.alert.Alert.State;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.policy.charter.AlertPlan.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Brings alerts from what they were to what they are now. Used once, by one thread.
final class Lives {
    /// What has begun so often within the plan's time is flapping.
    static final int FLAPPING_TURNS = 3;

    /// A failed run that nobody repeated is no news for ever.
    static final Duration FAILURE_STANDS = Duration.ofDays(7);

    private final Pace pace;
    private final Instant now;
    private final Supplier<String> ids;
    private final Map<String, Alert> open = new LinkedHashMap<>();
    private final Map<String, Alert> last = new LinkedHashMap<>();
    private final List<Alert> over = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();

    Lives(Pace pace, Situation situation, Supplier<String> ids) {
        this.pace = pace;
        this.now = situation.now();
        this.ids = ids;
        for (Alert alert : situation.alerts()) {
            if (alert.isOpen()) {
                open.put(alert.topic().key(), alert);
            } else {
                over.add(alert);
                last.merge(alert.topic().key(), alert, Lives::later);
            }
        }
    }

    private static Alert later(Alert one, Alert other) {
        return one.course().since().isAfter(other.course().since()) ? one : other;
    }

    /// Those that are over too.
    List<Alert> alerts() {
        return Stream.concat(open.values().stream(), over.stream()).toList();
    }

    /// Ids of those that were over before they counted.
    List<String> dropped() {
        return List.copyOf(dropped);
    }

    /// What conditions say: those that stand go on or begin, those that do not end.
    void judge(Conditions conditions) {
        Map<String, Condition> wrong = new LinkedHashMap<>();
        conditions.wrong().forEach(condition -> wrong.put(condition.topic().key(), condition));
        for (Alert alert : List.copyOf(open.values())) {
            if (lasts(alert.topic())
                    || wrong.containsKey(alert.topic().key())
                    || conditions.unknown().contains(alert.topic().key())) {
                continue;
            }
            heal(alert);
        }
        wrong.values().forEach(this::stands);
    }

    /// What the ends of runs say. A failure stands until the same work is done.
    void hear(List<RunEnd> runs, Set<String> nodes) {
        for (RunEnd run : runs) {
            if (run.hasFailed() && run.concerns()) {
                failed(new Condition(run.topic(), run.level(), sentence(run), List.of(), run.endedAt()));
            } else if (run.how() == RunEnd.How.LOST && run.stands()) {
                failed(new Condition(
                        new Topic("node/" + run.node(), Topic.INSTALLATION),
                        Level.WARN,
                        "pgcharter on " + run.node() + " died: " + run.text(),
                        List.of(),
                        run.endedAt()));
            } else if (run.how() == RunEnd.How.DONE) {
                Optional.ofNullable(open.get(run.topic().key())).ifPresent(this::resolve);
            }
        }
        for (Alert alert : List.copyOf(open.values())) {
            boolean isBack = alert.topic().name().startsWith("node/")
                    && nodes.contains(alert.topic().shortName());
            boolean isOld = lasts(alert.topic())
                    && alert.course().since().plus(FAILURE_STANDS).isBefore(now);
            if (isBack || isOld) {
                resolve(alert);
            }
        }
    }

    private static String sentence(RunEnd run) {
        return run.operation().verb() + (run.how() == RunEnd.How.LOST ? " was lost: " : " failed: ") + run.text();
    }

    /// What an event begins and an event ends; no condition speaks of it in between.
    private static boolean lasts(Topic topic) {
        return topic.name().startsWith("run/") || topic.name().startsWith("node/");
    }

    private void failed(Condition condition) {
        Alert standing = open.get(condition.topic().key());
        if (standing == null) {
            open.put(condition.topic().key(), begin(condition, State.FIRING));
        } else {
            Alert renewed = renewed(standing, condition.level(), condition, turned(standing.course(), condition));
            open.put(condition.topic().key(), renewed);
        }
    }

    private void stands(Condition condition) {
        String key = condition.topic().key();
        Alert alert = open.get(key);
        if (alert == null) {
            alert = begin(condition, State.PENDING);
        }
        Course course = alert.course().wellSince().isPresent() ? turned(alert.course(), condition) : alert.course();
        Level level = level(condition, course);
        boolean counts = !course.since().plus(pace.after(level)).isAfter(now);
        if (course.state() == State.PENDING && counts) {
            course = new Course(
                    State.FIRING, course.since(), Optional.of(now), Optional.empty(), Optional.empty(), course.turns());
        }
        open.put(key, renewed(alert, level, condition, course));
    }

    /// A level that has not lasted for long enough yet counts as the one below.
    private Level level(Condition condition, Course course) {
        boolean isEarly = condition.level() == Level.CRIT
                && condition.since().plus(pace.after(Level.CRIT)).isAfter(now);
        boolean isOlder = condition.since().isAfter(course.since());
        return isEarly && isOlder ? Level.WARN : condition.level();
    }

    /// One that a person takes care of, and that got worse, is nobody's again.
    private static Alert renewed(Alert alert, Level level, Condition condition, Course course) {
        boolean isWorse =
                alert.told().map(told -> level.isWorseThan(told.level())).orElse(false);
        boolean isAlarming = course.state() == State.ACKNOWLEDGED && isWorse;
        Course next = isAlarming
                ? new Course(
                        State.FIRING,
                        course.since(),
                        course.firedAt(),
                        course.wellSince(),
                        Optional.empty(),
                        course.turns())
                : course;
        return new Alert(
                alert.id(),
                alert.topic(),
                level,
                condition.message(),
                condition.details(),
                next,
                alert.told(),
                isAlarming ? Optional.empty() : alert.acknowledgement());
    }

    private Alert begin(Condition condition, State state) {
        Alert before = last.get(condition.topic().key());
        List<Instant> turns = turns(before == null ? List.of() : before.course().turns(), now);
        Instant since = condition.since().isAfter(now) ? now : condition.since();
        return new Alert(
                ids.get(),
                condition.topic(),
                condition.level(),
                condition.message(),
                condition.details(),
                new Course(
                        state,
                        since,
                        state == State.FIRING ? Optional.of(now) : Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        turns),
                Optional.empty(),
                Optional.empty());
    }

    /// It had seemed well, or failed anew.
    private Course turned(Course course, Condition condition) {
        return new Course(
                course.state(),
                course.state() == State.PENDING ? condition.since() : course.since(),
                course.firedAt(),
                Optional.empty(),
                Optional.empty(),
                turns(course.turns(), now));
    }

    private List<Instant> turns(List<Instant> before, Instant next) {
        List<Instant> turns = Stream.concat(before.stream(), Stream.of(next))
                .filter(turn -> turn.plus(pace.flapping()).isAfter(now))
                .toList();
        return turns.subList(Math.max(0, turns.size() - FLAPPING_TURNS), turns.size());
    }

    /// No condition says any more that it is wrong.
    private void heal(Alert alert) {
        Course course = alert.course();
        if (course.state() == State.PENDING) {
            open.remove(alert.topic().key());
            dropped.add(alert.id());
            return;
        }
        Instant wellSince = course.wellSince().orElse(now);
        if (!wellSince.plus(pace.clearAfter()).isAfter(now) && !flaps(course)) {
            resolve(alert);
            return;
        }
        open.put(
                alert.topic().key(),
                alert.with(new Course(
                        course.state(),
                        course.since(),
                        course.firedAt(),
                        Optional.of(wellSince),
                        Optional.empty(),
                        course.turns())));
    }

    private boolean flaps(Course course) {
        return course.turns().stream()
                        .filter(turn -> turn.plus(pace.flapping()).isAfter(now))
                        .count()
                >= FLAPPING_TURNS;
    }

    private void resolve(Alert alert) {
        Course course = alert.course();
        open.remove(alert.topic().key());
        Alert ended = alert.with(new Course(
                State.RESOLVED,
                course.since(),
                course.firedAt(),
                Optional.of(course.wellSince().orElse(now)),
                Optional.of(now),
                course.turns()));
        over.add(ended);
        last.put(alert.topic().key(), ended);
    }
}
