package io.pgcharter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.LockMode;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.platform.meter.Measured;
import io.pgcharter.platform.meter.Meter;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.lint.Effect;
import io.pgcharter.policy.lint.Effect.Touch;
import io.pgcharter.policy.lint.Effects;
import io.pgcharter.policy.lint.Known;
import io.pgcharter.policy.lint.Linted;
import io.pgcharter.policy.lint.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What lint says of a statement's cost is held against what PostgreSQL does: each operation runs in a transaction
/// on tables of 2,000 rows, and the four meters are read.
class LintTruthIT {
    private static final SqlParser PARSER = new SqlParser();

    private static final double RIGHT_LEAST = 0.95;

    /// One operation, what lint says, what was measured.
    private record Trial(String sql, String claimed, String measured) {
        boolean right() {
            return claimed.equals(measured);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void what_lint_says_of_locks_scans_and_rewrites_is_what_postgresql_does(int major) throws IOException {
        String setup = resource("operations-setup.sql");
        Known known = Linted.known(setup);
        List<Trial> trials = new ArrayList<>();

        try (Session session = Session.open(TestServers.fresh(major), "truth")) {
            session.execute(setup);
            for (String line : resource("operations.sql").lines().toList()) {
                boolean newer = line.startsWith("--18 ");
                boolean utc = line.startsWith("--utc ");
                if (line.startsWith("--") && !utc && !(newer && major >= 18)) {
                    continue;
                }
                String sql = newer || utc ? line.substring(line.indexOf(' ') + 1) : line;
                trials.add(trial(session, known, sql, utc));
            }
        }

        Path written = Path.of("target", "lint-truth-" + major + ".txt");
        Files.writeString(written, table(trials));
        List<Trial> wrong = trials.stream().filter(trial -> !trial.right()).toList();
        assertThat(trials).hasSizeGreaterThan(110);
        assertThat(wrong).as("wrong claims; all trials are in " + written).hasSizeLessThanOrEqualTo((int)
                (trials.size() * (1 - RIGHT_LEAST)));
    }

    private static Trial trial(Session session, Known known, String sql, boolean utc) {
        Effect effect = new Effects(known, new Setting(session.serverMajor(), utc))
                .of(script(sql).statements().getFirst().node());
        session.execute("BEGIN; SET LOCAL timezone = '" + (utc ? "UTC" : "Europe/Berlin") + "'");
        try {
            Measured measured = new Meter(session).measure(sql);
            return new Trial(sql, claim(effect), truth(measured));
        } catch (ProblemException e) {
            return new Trial(sql, claim(effect), e.problem().fact());
        } finally {
            session.execute("ROLLBACK");
        }
    }

    private static Script script(String sql) {
        return switch (PARSER.parse(sql)) {
            case Parsed.Sql(Script script) -> script;
            case Parsed.Broken(var error) -> throw new AssertionError(error.message() + " in " + sql);
        };
    }

    private static String claim(Effect effect) {
        List<String> said = new ArrayList<>();
        effect.touches().forEach((name, touch) -> said.add(line(name.toString(), touch)));
        return joined(said);
    }

    private static String truth(Measured measured) {
        Set<String> names = new HashSet<>(measured.locks().keySet());
        names.addAll(measured.rewritten());
        names.addAll(measured.rowsRead().keySet());
        List<String> said = new ArrayList<>();
        for (String name : names) {
            boolean rewritten = measured.rewritten().contains(name);
            said.add(line(
                    name.replaceFirst("^public\\.", ""),
                    new Touch(measured.lock(name), measured.rowsRead().containsKey(name) || rewritten, rewritten)));
        }
        return joined(said);
    }

    /// A lock for which nobody waits who reads and writes, on a table whose rows are left alone, is none.
    private static String line(String name, Touch touch) {
        boolean quiet = touch.lock().compareTo(LockMode.ROW_EXCLUSIVE) <= 0;
        return quiet && !touch.scans()
                ? ""
                : name + ": " + (quiet ? "quiet" : touch.lock())
                        + (touch.rewrites() ? ", rewrite" : touch.scans() ? ", scan" : "");
    }

    private static String joined(List<String> said) {
        return String.join(
                "; ", said.stream().filter(one -> !one.isEmpty()).sorted().toList());
    }

    private static String table(List<Trial> trials) {
        StringBuilder table = new StringBuilder();
        trials.forEach(trial -> table.append(trial.right() ? "  " : "! ")
                .append(trial.sql())
                .append("\n      lint      ")
                .append(trial.claimed())
                .append("\n      measured  ")
                .append(trial.measured())
                .append('\n'));
        return table.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream stored =
                Objects.requireNonNull(LintTruthIT.class.getResourceAsStream("/io/pgcharter/lint/" + name), name)) {
            return new String(stored.readAllBytes(), UTF_8);
        }
    }
}
