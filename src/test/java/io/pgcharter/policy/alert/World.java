package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.alert.Notice.News;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A world that alerts are about: what checks say, how runs end, a clock, and a memory.
final class World {
    static final Instant BEGIN = Instant.parse("2026-11-21T12:00:00Z");

    private static final String HEAD = """
            charter: 1
            environments: { production: {}, cold: {} }
            databases:
              payments: { environment: production, url: "${env:A}" }
              orders: { environment: production, url: "${env:B}" }
              archive: { environment: cold, url: "${env:C}" }
            repositories: { vault: { path: /vault, password: "${env:P}" } }
            alerts:
              receivers:
                ops: { slack: { url: "${env:S}" } }
                dba: { slack: { url: "${env:D}" } }
              after: { warn: 5m, unknown: 5m }
              clear-after: 2m
            """;

    /// Read once: reading one takes longer than a day of alerts.
    private static final Map<String, Charter> CHARTERS = new ConcurrentHashMap<>();

    final AlertRules rules;
    final Map<String, StandingVerdict> verdicts = new LinkedHashMap<>();
    final Map<String, Alert> memory = new LinkedHashMap<>();
    final List<Silence> silences = new ArrayList<>();
    final Map<String, Instant> silent = new HashMap<>();
    final List<Situation.Undelivered> undelivered = new ArrayList<>();
    final List<RunEnd> unheard = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    Instant now = BEGIN;
    Set<String> nodes = Set.of();
    private int ids;

    World(String more) {
        this(more, "");
    }

    /// @param more of the section `alerts` @param sections that come after it
    World(String more, String sections) {
        Charter charter = CHARTERS.computeIfAbsent(more.indent(2).stripTrailing() + "\n" + sections, World::charter);
        rules = new AlertRules(charter, () -> "%08x%024x".formatted(++ids, 0));
    }

    private static Charter charter(String more) {
        return ((Charters.Parsed) Charters.parse(HEAD + more, "charter.yaml", Path.of("/"))).charter();
    }

    World() {
        this("");
    }

    /// A check says something, as of now.
    void says(String check, String subject, Level level) {
        String key = "check/" + check + " " + subject;
        StandingVerdict before = verdicts.get(key);
        Instant since = before != null && before.verdict().level() == level ? before.since() : now;
        Verdict verdict = new Verdict(check, subject, level, check + " is " + level, List.of(), OptionalDouble.empty());
        verdicts.put(key, new StandingVerdict(verdict, since, now));
    }

    /// A check finds things, as of now.
    void finds(String check, String subject, Finding... findings) {
        Level level = findings[0].level();
        String key = "check/" + check + " " + subject;
        Verdict verdict =
                new Verdict(check, subject, level, findings[0].text(), List.of(findings), OptionalDouble.empty());
        StandingVerdict before = verdicts.get(key);
        Instant since = before != null && before.verdict().level() == level ? before.since() : now;
        verdicts.put(key, new StandingVerdict(verdict, since, now));
    }

    static Finding finding(String key, Level level, String text) {
        return new Finding(key, level, text, Optional.empty());
    }

    /// What is new at this moment.
    List<Notice> look(RunEnd... runs) {
        List<StandingVerdict> bad = verdicts.values().stream()
                .filter(standing -> standing.verdict().level().isWorseThan(Level.NOT_APPLICABLE))
                .toList();
        Decision decision = rules.decide(new Situation(
                now,
                bad,
                silent,
                undelivered,
                List.of(runs),
                List.copyOf(unheard),
                nodes,
                List.copyOf(memory.values()),
                silences));
        decision.changed().forEach(alert -> memory.put(alert.id(), alert));
        decision.dropped().forEach(memory::remove);
        notices.addAll(decision.notices());
        return decision.notices();
    }

    /// Lets time go by, looking every five seconds, or every minute if it is long.
    List<Notice> pass(Duration time) {
        List<Notice> told = new ArrayList<>();
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusSeconds(time.toHours() >= 2 ? 60 : 5);
            told.addAll(look());
        }
        return told;
    }

    void silence(String subject, Duration lasting) {
        silences.add(
                new Silence("s" + silences.size(), subject, now, now.plus(lasting), "bob", "work", Optional.empty()));
    }

    void acknowledge(String alert) {
        memory.computeIfPresent(alert, (_, was) -> was.acknowledged(new Alert.Acknowledgement("bob", now, "I look")));
    }

    RunEnd run(Operation operation, RunEnd.How how) {
        return new RunEnd(
                "0f1e2d3c4b5a",
                operation,
                io.pgcharter.model.operation.Subjects.texts(operation),
                how,
                "node1",
                how == RunEnd.How.DONE ? "done" : "SERVER_UNREACHABLE: no answer",
                now);
    }

    static List<String> said(List<Notice> notices, String receiver) {
        return notices.stream()
                .filter(notice -> notice.receiver().equals(receiver))
                .flatMap(notice -> notice.news().stream())
                .map(World::said)
                .toList();
    }

    private static String said(News item) {
        return item.change() + " " + item.level() + " " + item.topic().key();
    }

    static List<Change> changes(List<Notice> notices, String alert, String receiver) {
        return notices.stream()
                .filter(notice -> notice.receiver().equals(receiver))
                .flatMap(notice -> notice.news().stream())
                .filter(item -> item.alert().equals(alert))
                .map(News::change)
                .toList();
    }
}
