package io.pgcharter.policy.check;

import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Question;
import io.pgcharter.model.health.Reading;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.policy.check.Check.Rhythm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All checks. What they ask of a database is [#questions]; what came of it is judged by [#judge]. Immutable.
public final class Checkbook {
    /// Subject of what is pgcharter's own.
    public static final String INSTALLATION = "installation";

    /// The check that says whether a database answers at all.
    static final String AVAILABILITY = "availability";

    /// The check that says which waivers have expired.
    static final String WAIVERS = "waivers";

    private static final String LIST = "checks.txt";

    private Checkbook() {}

    /// The checks that come with the program, in the order of `checks.txt`. They are read when the first is asked for:
    /// most verbs ask for none.
    public static Checkbook published() {
        return new Checkbook();
    }

    private static final class Published {
        static final Map<String, Check> CHECKS = read();
    }

    private static Map<String, Check> checks() {
        return Published.CHECKS;
    }

    private static Map<String, Check> read() {
        Map<String, Check> checks = new LinkedHashMap<>();
        String group = "";
        for (String line : resource(LIST).lines().toList()) {
            if (line.startsWith("# ")) {
                group = line.substring(2);
            } else if (!line.isBlank()) {
                checks.put(line, CheckFile.read(line, group, resource(line + ".yaml")));
            }
        }
        return checks;
    }

    /// In the order of the documentation.
    public List<Check> all() {
        return List.copyOf(checks().values());
    }

    public Set<String> ids() {
        return Set.copyOf(checks().keySet());
    }

    /// @throws IllegalArgumentException if there is none
    public Check check(String id) {
        Check check = checks().get(id);
        if (check == null) {
            throw new IllegalArgumentException("there is no check '" + id + "'");
        }
        return check;
    }

    /// What to ask a database's server.
    ///
    /// @param rhythm only checks that are made so often; empty for all
    public List<Question> questions(Standards standards, Declared declared, Optional<Rhythm> rhythm) {
        return asked(standards, rhythm).stream()
                .filter(check -> isDeclared(check, declared))
                .map(check -> withParameter(check, declared))
                .toList();
    }

    /// Judges what came of the questions that [#questions] gave for the same arguments: one verdict a check, also for
    /// those that do not apply, and one whether the database answers at all.
    public Judged judge(Reading reading, Circumstances circumstances, Optional<Rhythm> rhythm) {
        Judge judge =
                new Judge(circumstances, reading instanceof Reading.Taken taken ? taken.at() : circumstances.now());
        List<Verdict> verdicts = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        Check availability = check(AVAILABILITY);
        Observation failures = failures(reading, circumstances);
        if (circumstances.standards().isEnabled(availability)) {
            verdicts.add(judge.verdict(availability, new Answer.Seen(List.of(failures))));
        }
        for (Check check : asked(circumstances.standards(), rhythm)) {
            Answer answer = answer(check, reading, circumstances);
            if (check.judging() instanceof Judging.ByCounter judging && answer instanceof Answer.Seen(var rows)) {
                Judge.Counted counted = judge.counted(check, judging, rows, isExcused(check, circumstances));
                verdicts.add(counted.verdict());
                samples.add(counted.sample());
            } else {
                verdicts.add(judge.verdict(check, answer));
            }
        }
        samples.add(new Sample(AVAILABILITY, circumstances.now(), List.of(failures)));
        return new Judged(verdicts, samples);
    }

    /// Judges one check whose rows pgcharter knows by itself; counters are none of those.
    public Verdict judge(String check, Answer answer, Circumstances circumstances) {
        return new Judge(circumstances, circumstances.now()).verdict(check(check), answer);
    }

    /// Whether `check` is made at all.
    public boolean isMade(String check, Standards standards) {
        return standards.isEnabled(check(check));
    }

    /// A waiver that has expired does not count any more, and whoever wrote it should know.
    public Verdict waivers(Standards standards, Instant now) {
        List<Observation> rows = standards.waivers().stream()
                .map(waiver -> Observation.of(
                        waiver.check()
                                + waiver.subject().map(subject -> " " + subject).orElse("")
                                + waiver.key().map(key -> " " + key).orElse(""),
                        waiver.isExpired(now) ? Level.WARN : Level.OK,
                        (waiver.isExpired(now) ? "the waiver expired with " : "waived until ") + waiver.until()
                                + " (line " + waiver.line() + "): " + waiver.because()))
                .toList();
        Circumstances circumstances = new Circumstances(INSTALLATION, standards, Declared.NOTHING, Map.of(), now);
        return judge(WAIVERS, new Answer.Seen(rows), circumstances);
    }

    private List<Check> asked(Standards standards, Optional<Rhythm> rhythm) {
        return checks().values().stream()
                .filter(check -> check.question().isPresent())
                .filter(check -> rhythm.isEmpty() || rhythm.get() == check.rhythm())
                .filter(standards::isEnabled)
                .toList();
    }

    private static boolean isDeclared(Check check, Declared declared) {
        return check.declared()
                .map(what -> declared.parameter(what).isPresent())
                .orElse(true);
    }

    private static Question withParameter(Check check, Declared declared) {
        Question question = check.question().orElseThrow();
        Optional<String> parameter = check.declared().flatMap(declared::parameter);
        boolean takesIt = question.sql().values().stream().anyMatch(sql -> sql.contains("$1"));
        return parameter.isPresent() && takesIt
                ? new Question(
                        question.check(),
                        question.side(),
                        question.majorMin(),
                        question.majorMax(),
                        question.sight(),
                        question.applies(),
                        question.sql(),
                        List.of(parameter.get()),
                        question.grant())
                : question;
    }

    private static Answer answer(Check check, Reading reading, Circumstances circumstances) {
        if (!isDeclared(check, circumstances.declared())) {
            return new Answer.Moot(
                    "the charter declares no '" + check.declared().orElse("") + "' for it");
        }
        return switch (reading) {
            case Reading.Taken taken ->
                taken.answers()
                        .getOrDefault(check.id(), new Answer.Unseen("it was not asked", "run pgcharter health again"));
            case Reading.Failed _ ->
                new Answer.Unseen("the database cannot be reached", "see the check 'availability'");
        };
    }

    /// Who writes where only pgcharter should cannot be told from it while it does.
    private static boolean isExcused(Check check, Circumstances circumstances) {
        return circumstances.ownWrites() && check.declared().equals(Optional.of(Declared.QUIET));
    }

    /// How often in a row nobody could log in.
    private static Observation failures(Reading reading, Circumstances circumstances) {
        return switch (reading) {
            case Reading.Taken _ -> Observation.of("server", 0, "it answers");
            case Reading.Failed failed -> {
                Sample before = circumstances.samples().get(AVAILABILITY);
                double count = failed.attempts()
                        + (before == null
                                ? 0
                                : Judge.number(before.rows().getFirst()).orElse(0));
                yield Observation.of(
                        "server",
                        count,
                        failed.reason() + " (" + (long) count + " attempts in a row); " + failed.remedy());
            }
        };
    }

    private static String resource(String name) {
        try (InputStream resource = Checkbook.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot read the program's resource " + name, broken);
        }
    }

    /// What a reading is judged by.
    ///
    /// @param subject `database/payments`
    /// @param samples by id of the check: what was seen the last time
    /// @param now the control database's time, for waivers
    /// @param ownWrites whether pgcharter itself has written into the database since then, or does so now
    public record Circumstances(
            String subject,
            Standards standards,
            Declared declared,
            Map<String, Sample> samples,
            Instant now,
            boolean ownWrites) {
        public Circumstances {
            samples = Map.copyOf(samples);
        }

        /// Where pgcharter has not written.
        public Circumstances(
                String subject, Standards standards, Declared declared, Map<String, Sample> samples, Instant now) {
            this(subject, standards, declared, samples, now, false);
        }
    }

    /// @param samples to be kept for the next time
    public record Judged(List<Verdict> verdicts, List<Sample> samples) {
        public Judged {
            verdicts = List.copyOf(verdicts);
            samples = List.copyOf(samples);
        }
    }
}
