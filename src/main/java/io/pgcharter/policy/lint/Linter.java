package io.pgcharter.policy.lint;

import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Place;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.SyntaxError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Judges the files of a set, in the order in which they are applied. Thread-safe.
public final class Linter {
    private static final Card SYNTAX_ERROR = new Card(
            "syntax-error",
            Severity.ERROR,
            "what PostgreSQL's parser does not accept, psql's backslash commands among it",
            "The migration fails; nothing after the error is judged.",
            "Correct it. What psql does with a backslash, a migration does without psql.",
            "ALTER TABEL parts ADD COLUMN weight integer;\n",
            "ALTER TABLE parts ADD COLUMN weight integer;\n");

    private final List<Rule> rules;
    private final Wishes wishes;
    private final Set<String> names;
    private final Optional<Target> target;

    public Linter(List<Rule> rules, Wishes wishes) {
        this(rules, wishes, Optional.empty());
    }

    /// @param target what is known of the database that the files are for
    public Linter(List<Rule> rules, Wishes wishes, Optional<Target> target) {
        this.rules = List.copyOf(rules);
        this.wishes = wishes;
        this.target = target;
        this.names = cards(rules).stream().map(Card::name).collect(Collectors.toUnmodifiableSet());
    }

    /// The cards of `rules` and of what lint says by itself.
    public static List<Card> cards(List<Rule> rules) {
        return Stream.of(rules.stream().map(Rule::card), Suppressions.CARDS.stream(), Stream.of(SYNTAX_ERROR))
                .flatMap(cards -> cards)
                .toList();
    }

    /// @param known what is there before the first file; grows
    /// @return findings in the order of files and places
    public List<LintFinding> lint(List<SqlFile> files, Known known) {
        List<LintFinding> findings = new ArrayList<>();
        List<Allowed> allowed = new ArrayList<>();
        for (SqlFile file : files) {
            switch (file.parsed()) {
                case Parsed.Broken(SyntaxError error) -> findings.add(broken(file, error));
                case Parsed.Sql(Script script) -> {
                    Suppressions suppressions = new Suppressions(file, script, names);
                    suppressions.all().forEach(one -> allowed.add(new Allowed(file, one)));
                    suppressions
                            .complaints()
                            .forEach(one -> add(
                                    findings, one.card(), file, one.comment().start(), one.message()));
                    judge(file, script, known, allowed, findings);
                }
            }
        }
        Ending ending = new Ending(known, wishes);
        for (Rule rule : asked()) {
            rule.conclude(ending).forEach(hit -> add(findings, rule.card(), hit, allowed));
        }
        allowed.stream()
                .filter(one -> !one.used())
                .forEach(one -> add(
                        findings,
                        Suppressions.UNUSED,
                        one.file(),
                        one.suppression().comment().start(),
                        "'" + one.suppression().rule() + "' finds nothing here"));
        return inOrder(files, findings);
    }

    /// As the files go; what stands at one place, the worst first.
    private static List<LintFinding> inOrder(List<SqlFile> files, List<LintFinding> findings) {
        Map<String, Integer> order = new HashMap<>();
        files.forEach(file -> order.putIfAbsent(file.name(), order.size()));
        return findings.stream()
                .sorted(Comparator.<LintFinding>comparingInt(finding -> order.getOrDefault(finding.file(), 0))
                        .thenComparingInt(LintFinding::line)
                        .thenComparingInt(LintFinding::column)
                        .thenComparing(LintFinding::severity, Comparator.reverseOrder())
                        .thenComparing(LintFinding::rule))
                .toList();
    }

    private List<Rule> asked() {
        return rules.stream()
                .filter(rule -> !wishes.off().containsKey(rule.card().name()))
                .toList();
    }

    private void judge(SqlFile file, Script script, Known known, List<Allowed> allowed, List<LintFinding> findings) {
        List<Rule> asked = asked();
        Flow flow = new Flow(file, script, wishes, known, situation -> {
            for (Rule rule : asked) {
                rule.judge(situation).stream()
                        .map(hit -> rule.costsByRows() ? weighed(hit, rule.card(), situation) : hit)
                        .forEach(hit -> add(findings, rule.card(), hit, allowed));
            }
        });
        script.statements().forEach(flow::go);
    }

    /// The same, with what it costs on the target's own rows.
    private Hit weighed(Hit hit, Card card, Situation situation) {
        Effect effect = situation.effect();
        Optional<Double> estimate =
                target.filter(_ -> effect.scans()).flatMap(known -> known.seconds(effect, situation.sorts()));
        if (target.isEmpty() || estimate.isEmpty()) {
            return hit;
        }
        double seconds = estimate.get();
        StringBuilder said = new StringBuilder(hit.message())
                .append(String.format(
                        Locale.ROOT,
                        "; %,d %s, about %.1f s",
                        target.get().rows(effect),
                        target.get().rows(effect) == 1 ? "row" : "rows",
                        seconds));
        double waiting = target.get().transactions(effect, seconds);
        if (waiting >= 1) {
            said.append(String.format(Locale.ROOT, ", in which up to %,.0f transactions wait", waiting));
        }
        if (effect.rewrites() && target.get().replicas() > 0) {
            said.append(", and as much WAL for ")
                    .append(target.get().replicas())
                    .append(" replicas");
        }
        Severity severity = hit.severity().orElse(card.severity());
        return new Hit(
                hit.spot(),
                said.toString(),
                hit.sql(),
                Optional.of(seconds < Target.HARMLESS_SECONDS ? Severity.NOTICE : severity));
    }

    private static LintFinding broken(SqlFile file, SyntaxError error) {
        String line =
                file.text().lines().skip(error.place().line() - 1L).findFirst().orElse("");
        String message = line.strip().startsWith("\\")
                ? "'" + line.strip() + "' is a command of psql, not SQL"
                : error.message();
        return finding(SYNTAX_ERROR, file, error.place(), message, Optional.empty());
    }

    private static void add(List<LintFinding> findings, Card card, SqlFile file, int offset, String message) {
        findings.add(finding(card, file, Place.of(file.text(), offset), message, Optional.empty()));
    }

    private static void add(List<LintFinding> findings, Card card, Hit hit, List<Allowed> allowed) {
        List<Allowed> fitting = allowed.stream()
                .filter(one -> one.file().name().equals(hit.spot().file().name())
                        && one.suppression()
                                .statement()
                                .span()
                                .holds(hit.spot().statement().span())
                        && one.suppression().rule().equals(card.name()))
                .toList();
        if (!fitting.isEmpty()) {
            fitting.forEach(Allowed::use);
            return;
        }
        SqlFile file = hit.spot().file();
        Place place = file.parsed() instanceof Parsed.Sql(Script script)
                ? script.placeOf(hit.spot().statement(), hit.spot().node())
                : new Place(1, 1);
        // Safe forms are files of their own: what a block does under a condition, they would do in any case.
        boolean alone = file.parsed() instanceof Parsed.Sql(Script all)
                && all.statements().contains(hit.spot().statement());
        LintFinding finding =
                finding(card, file, place, hit.message(), hit.sql().filter(_ -> alone));
        findings.add(hit.severity()
                .map(severity -> finding.withSeverity(severity, hit.message()))
                .orElse(finding));
    }

    private static LintFinding finding(Card card, SqlFile file, Place place, String message, Optional<String> sql) {
        return new LintFinding(
                card.name(),
                card.severity(),
                file.name(),
                place.line(),
                place.column(),
                place.caret(file.text()),
                message,
                card.why(),
                card.safeWay(),
                sql);
    }

    /// A suppression and whether it was for anything.
    private static final class Allowed {
        private final SqlFile file;
        private final Suppressions.Suppression suppression;
        private boolean used;

        Allowed(SqlFile file, Suppressions.Suppression suppression) {
            this.file = file;
            this.suppression = suppression;
        }

        SqlFile file() {
            return file;
        }

        Suppressions.Suppression suppression() {
            return suppression;
        }

        boolean used() {
            return used;
        }

        void use() {
            used = true;
        }
    }
}
