package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What is wrong now, topic by topic.
///
/// @param unknown keys of topics of which nobody knows whether they are wrong: an alert of theirs stays what it was
record Conditions(List<Condition> wrong, Set<String> unknown) {
    private static final int DETAILS_MAX = 5;

    /// A receiver may miss a few notices before that is an alert itself.
    private static final Duration UNDELIVERED_MAX = Duration.ofMinutes(5);

    /// @param echoes lets what is told otherwise be
    /// @param silenced topics that nobody wants to hear of; their part in what cannot be seen does not count
    static Conditions of(Situation situation, Echoes echoes, Predicate<Topic> silenced) {
        List<Condition> wrong = new ArrayList<>();
        Set<String> unknown = new HashSet<>();
        Map<String, List<StandingVerdict>> unseen = new TreeMap<>();
        for (StandingVerdict standing : situation.bad()) {
            Topic topic = new Topic(
                    "check/" + standing.verdict().check(), standing.verdict().subject());
            if (standing.verdict().level() != Level.UNKNOWN) {
                echoes.without(standing).map(left -> judged(topic, left)).ifPresent(wrong::add);
                continue;
            }
            unknown.add(topic.key());
            if (!silenced.test(topic)) {
                unseen.computeIfAbsent(standing.verdict().subject(), _ -> new ArrayList<>())
                        .add(standing);
            }
        }
        unseen.forEach((subject, verdicts) -> wrong.add(unseen(subject, verdicts)));
        new TreeMap<>(situation.silent()).forEach((subject, last) -> wrong.add(silent(subject, last)));
        situation.undelivered().stream()
                .filter(stuck -> stuck.since().plus(UNDELIVERED_MAX).isBefore(situation.now()))
                .forEach(stuck -> wrong.add(undelivered(stuck)));
        return new Conditions(List.copyOf(wrong), Set.copyOf(unknown));
    }

    private static Condition judged(Topic topic, StandingVerdict standing) {
        List<String> details = standing.verdict().findings().stream()
                .filter(finding -> finding.waived().isEmpty())
                .map(Finding::text)
                .limit(DETAILS_MAX)
                .toList();
        return new Condition(
                topic, standing.verdict().level(), standing.verdict().message(), details, standing.since());
    }

    /// One for all: a server that does not answer leaves dozens of checks blind.
    private static Condition unseen(String subject, List<StandingVerdict> verdicts) {
        StandingVerdict first = verdicts.getFirst();
        Instant since = verdicts.stream()
                .map(StandingVerdict::since)
                .min(Comparator.naturalOrder())
                .orElse(first.since());
        List<String> details = verdicts.stream()
                .limit(DETAILS_MAX)
                .map(standing ->
                        standing.verdict().check() + ": " + standing.verdict().message())
                .toList();
        String count = verdicts.size() == 1
                ? "check " + first.verdict().check() + " cannot see what it must"
                : verdicts.size() + " checks cannot see what they must";
        return new Condition(
                new Topic(Topic.UNSEEN, subject),
                Level.UNKNOWN,
                count + ": " + first.verdict().message(),
                details,
                since);
    }

    private static Condition silent(String subject, Instant last) {
        return new Condition(
                new Topic(Topic.SILENT, subject),
                Level.CRIT,
                "no check has judged it since " + last + ": its alerts are not to be relied on",
                List.of(),
                last);
    }

    private static Condition undelivered(Situation.Undelivered stuck) {
        return new Condition(
                new Topic("receiver/" + stuck.receiver(), Topic.INSTALLATION),
                Level.WARN,
                stuck.count() + (stuck.count() == 1 ? " notice waits: " : " notices wait: ") + stuck.error(),
                List.of(),
                stuck.since());
    }
}
