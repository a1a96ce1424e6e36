package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Alert.State;
import io.pgcharter.model.alert.Alert.Told;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.alert.Notice.News;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.policy.charter.AlertPlan;
import io.pgcharter.policy.charter.AlertPlan.Pace;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.SchedulePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Decides what is an alert and who is told of it. Pure and thread-safe.
///
/// An alert goes `PENDING` → `FIRING` → `ACKNOWLEDGED` → `RESOLVED`: it counts when it has lasted for `after`, and is
/// over when all was well for `clear-after`. It is told once it has waited `group-for` for others of its group, again
/// when it gets worse, every `repeat` as long as nobody acknowledges it, and when it is over. What a silence or quiet
/// hours hold back is told when they end, if it was not told before. Decided on again with nothing new, nothing more
/// is told.
public final class AlertRules {
    private final AlertPlan plan;
    private final SchedulePlan schedule;
    private final Routing routing;
    private final Supplier<String> ids;

    /// @param ids gives 32 hexadecimal digits, new each time
    public AlertRules(Charter charter, Supplier<String> ids) {
        this.plan = charter.serving().alerts();
        this.schedule = charter.serving().schedule();
        this.routing = new Routing(charter);
        this.ids = ids;
    }

    public Decision decide(Situation situation) {
        Map<String, Alert> before = new HashMap<>();
        situation.alerts().forEach(alert -> before.put(alert.id(), alert));
        Lives lives = new Lives(plan.pace(), situation, () -> ids.get().substring(0, 8));
        Echoes echoes = new Echoes(schedule, situation);
        lives.judge(Conditions.of(
                situation, echoes, topic -> silenced(topic, situation).isPresent()));
        lives.hear(situation.runs(), situation.nodes());
        Map<String, Alert> alerts = new LinkedHashMap<>();
        lives.alerts().forEach(alert -> alerts.put(alert.id(), alert));
        List<Notice> notices = new ArrayList<>(tell(alerts, situation));
        notices.addAll(successes(situation));
        List<Alert> changed = alerts.values().stream()
                .filter(alert -> !alert.equals(before.get(alert.id())))
                .toList();
        return new Decision(changed, lives.dropped(), notices);
    }

    /// The silence that holds for a topic now.
    public Optional<Silence> silenced(Topic topic, Situation situation) {
        return silenced(topic, situation.silences(), situation.now());
    }

    /// The silence that holds for a topic now, of those given the one that ends last.
    public Optional<Silence> silenced(Topic topic, List<Silence> silences, Instant now) {
        return silences.stream()
                .filter(silence -> silence.holds(now) && silence.covers(topic, routing.group(topic)))
                .max(Comparator.comparing(Silence::until));
    }

    /// Tells each group that has news that is due, and notes in `alerts` what was told.
    private List<Notice> tell(Map<String, Alert> alerts, Situation situation) {
        Map<String, List<Alert>> groups = new TreeMap<>();
        for (Alert alert : alerts.values()) {
            if (alert.state() != State.PENDING
                    && silenced(alert.topic(), situation).isEmpty()) {
                groups.computeIfAbsent(routing.group(alert.topic()).orElse(""), _ -> new ArrayList<>())
                        .add(alert);
            }
        }
        List<Notice> notices = new ArrayList<>();
        groups.forEach((group, members) -> {
            Map<Alert, Change> news = news(members, situation.now());
            news.keySet().forEach(alert -> alerts.put(alert.id(), told(alert, situation.now())));
            notices.addAll(notices(group, news, members, situation.now()));
        });
        return notices;
    }

    /// What is new in the group, if any of it is due; then all of it is told.
    private Map<Alert, Change> news(List<Alert> members, Instant now) {
        Map<Alert, Change> news = new LinkedHashMap<>();
        boolean isDue = false;
        boolean repeats = members.stream().anyMatch(alert -> isToRepeat(alert, now));
        for (Alert alert : members) {
            Optional<Change> change = change(alert, repeats);
            if (change.isPresent() && !isHeldBack(alert, now)) {
                news.put(alert, change.get());
                isDue = isDue || !due(alert, change.get()).isAfter(now);
            }
        }
        return isDue ? news : Map.of();
    }

    private Optional<Change> change(Alert alert, boolean repeats) {
        boolean wasTold = alert.told().isPresent();
        if (alert.state() == State.RESOLVED) {
            return alert.told().filter(told -> !told.over()).map(_ -> Change.OVER);
        }
        if (!wasTold) {
            return Optional.of(Change.BEGAN);
        }
        if (alert.told().map(told -> alert.level().isWorseThan(told.level())).orElse(false)) {
            return Optional.of(Change.WORSE);
        }
        boolean lasts = repeats
                && alert.state() == State.FIRING
                && alert.course().wellSince().isEmpty();
        return lasts ? Optional.of(Change.LASTS) : Optional.empty();
    }

    private boolean isToRepeat(Alert alert, Instant now) {
        return alert.state() == State.FIRING
                && alert.course().wellSince().isEmpty()
                && !isHeldBack(alert, now)
                && alert.told()
                        .map(told -> !told.at().plus(plan.pace().repeat()).isAfter(now))
                        .orElse(false);
    }

    private Instant due(Alert alert, Change change) {
        Pace pace = plan.pace();
        return switch (change) {
            case BEGAN ->
                alert.course().firedAt().orElse(alert.course().since()).plus(pace.groupFor());
            case OVER ->
                alert.course().resolvedAt().orElse(alert.course().since()).plus(pace.groupFor());
            // Of what lasts, one is due; it takes the others of its group along.
            case WORSE, LASTS, PLANNED, DONE, FAILED, TRIAL -> Instant.MIN;
        };
    }

    private boolean isHeldBack(Alert alert, Instant now) {
        return alert.level() != Level.CRIT
                && plan.pace()
                        .quietHours()
                        .map(quiet -> quiet.covers(now.atZone(quiet.zone()).toLocalTime()))
                        .orElse(false);
    }

    private Alert told(Alert alert, Instant now) {
        Set<String> to = new HashSet<>(alert.told().map(Told::to).orElse(Set.of()));
        to.addAll(routing.receivers(alert));
        return alert.with(new Told(now, alert.level(), to, alert.state() == State.RESOLVED));
    }

    private List<Notice> notices(String group, Map<Alert, Change> news, List<Alert> members, Instant now) {
        Map<String, List<News>> byReceiver = new LinkedHashMap<>();
        news.forEach((alert, change) -> {
            for (String receiver : listeners(alert, change)) {
                byReceiver.computeIfAbsent(receiver, _ -> new ArrayList<>()).add(item(alert, change));
            }
        });
        List<Notice> notices = new ArrayList<>();
        byReceiver.forEach((receiver, items) -> {
            items.sort(Comparator.comparing((News item) -> item.change() == Change.OVER)
                    .thenComparing(News::level, Comparator.reverseOrder()));
            int standing = (int) members.stream()
                    .filter(alert -> alert.isOpen() && !news.containsKey(alert))
                    .filter(alert -> routing.receivers(alert).contains(receiver))
                    .count();
            notices.add(new Notice(
                    ids.get(),
                    receiver,
                    group.isEmpty() ? Optional.empty() : Optional.of(group),
                    now,
                    items,
                    standing));
        });
        return notices;
    }

    /// Whoever heard that it began hears that it is over, whatever the routes say of its level now.
    private Set<String> listeners(Alert alert, Change change) {
        Set<String> listeners = new LinkedHashSet<>(routing.receivers(alert));
        if (change == Change.OVER) {
            listeners = new LinkedHashSet<>(plan.receivers().keySet());
            listeners.retainAll(alert.told().map(Told::to).orElse(Set.of()));
        }
        return listeners;
    }

    private News item(Alert alert, Change change) {
        boolean flaps = alert.course().turns().size() >= Lives.FLAPPING_TURNS;
        return new News(
                change,
                alert.id(),
                alert.topic(),
                alert.level(),
                (flaps ? "(flapping) " : "") + alert.message(),
                alert.details(),
                alert.course().since(),
                alert.course().resolvedAt());
    }

    private List<Notice> successes(Situation situation) {
        List<Notice> notices = new ArrayList<>();
        plan.success().ifPresent(success -> {
            Map<String, List<News>> groups = new TreeMap<>();
            for (RunEnd run : situation.runs()) {
                if (run.how() == RunEnd.How.DONE
                        && success.verbs().contains(run.operation().verb())) {
                    groups.computeIfAbsent(routing.group(run.topic()).orElse(""), _ -> new ArrayList<>())
                            .add(done(run));
                }
            }
            groups.forEach((group, items) -> plan.receivers().keySet().stream()
                    .filter(success.to()::contains)
                    .forEach(receiver -> notices.add(new Notice(
                            ids.get(),
                            receiver,
                            group.isEmpty() ? Optional.empty() : Optional.of(group),
                            situation.now(),
                            items,
                            0))));
        });
        return notices;
    }

    private static News done(RunEnd run) {
        return new News(
                Change.DONE,
                run.run(),
                run.topic(),
                Level.OK,
                run.text(),
                List.of(),
                run.endedAt(),
                Optional.of(run.endedAt()));
    }
}
