package io.pgcharter.capability.lint;

import io.pgcharter.capability.lint.MigrationFiles.Text;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.LintPlan;
import io.pgcharter.policy.charter.LintPlan.FailOn;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Known;
import io.pgcharter.policy.lint.Limits;
import io.pgcharter.policy.lint.Linter;
import io.pgcharter.policy.lint.SqlFile;
import io.pgcharter.policy.lint.Target;
import io.pgcharter.policy.lint.Wishes;
import io.pgcharter.policy.lint.rule.Rules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Judges SQL of migrations by the rules of lint. Thread-safe.
public final class MigrationLint {
    private final Charter charter;
    private final Secrets secrets;
    private final Supplier<SqlParser> parser;

    /// @param parser made when it is first needed: that takes up to a second
    public MigrationLint(Charter charter, Secrets secrets, Supplier<SqlParser> parser) {
        this.charter = charter;
        this.secrets = secrets;
        this.parser = parser;
    }

    /// @throws ProblemException `NOT_FOUND` for migrations that the charter does not have or whose directory is
    ///     missing, `CHARTER_INVALID` for an unknown rule in `lint.off`, `SQL_INVALID` for a file that is not UTF-8
    ///     or too large; what connecting to the target meets
    public SchemaReport.Lint run(Permit permit, SchemaOperation.Lint operation, Run run) {
        permit.consume(operation);
        Migrations migrations = charter.shaping().migrations().all().get(operation.migrations());
        if (migrations == null) {
            throw new ProblemException(new Problem(
                    ProblemCode.NOT_FOUND,
                    "unknown migrations '" + operation.migrations() + "'"
                            + Charter.suggestion(
                                    operation.migrations(),
                                    charter.shaping().migrations().all().keySet()),
                    charter.file() + " names no such migrations",
                    "use a name that " + charter.file() + " has, or add it to its section migrations"));
        }
        // What our own runner sets.
        return judged(
                MigrationFiles.of(migrations.layout(), Path.of(migrations.path())),
                migrations.layout(),
                new Limits(true, migrations.statementTimeout().isPresent()),
                operation.target(),
                run);
    }

    /// @throws ProblemException as above; `NOT_FOUND` for a file that does not exist
    public SchemaReport.Lint run(Permit permit, SchemaOperation.LintFiles operation, Run run) {
        permit.consume(operation);
        return judged(MigrationFiles.of(operation.files()), Layout.PLAIN, Limits.NONE, operation.target(), run);
    }

    /// What a script of pgcharter's own would do to those who use the target. Part of a run that was allowed to
    /// change or to read it.
    public List<LintFinding> judge(String sql, DatabaseName target, Run run) {
        return judged(List.of(new Text("script", sql)), Layout.PLAIN, new Limits(true, true), Optional.of(target), run)
                .findings();
    }

    private SchemaReport.Lint judged(
            List<Text> texts, Layout layout, Limits runner, Optional<DatabaseName> database, Run run) {
        LintPlan plan = charter.shaping().lint();
        check(plan);
        SqlParser parsing = parser.get();
        List<SqlFile> files = texts.parallelStream()
                .map(text -> new SqlFile(
                        text.name(),
                        text.sql(),
                        parsing.parse(text.sql()),
                        SqlFile.needsWords(text.sql()) ? words(parsing, text.sql()) : List.of()))
                .toList();
        run.check();
        Optional<Target> target = database.map(name -> target(name, texts, parsing));
        Wishes wishes = new Wishes(
                target.map(Target::version).orElse(plan.version()),
                layout,
                runner,
                plan.off(),
                plan.rowLevelSecurity());
        Known known = target.map(Target::known).orElseGet(Known::new);
        List<LintFinding> findings = new Linter(Rules.all(), wishes, target).lint(files, known);
        return new SchemaReport.Lint(
                files.size(),
                files.stream()
                        .mapToInt(file -> file.parsed() instanceof Parsed.Sql(Script script)
                                ? script.statements().size()
                                : 0)
                        .sum(),
                wishes.version(),
                findings,
                fails(plan, findings));
    }

    /// A text that is no SQL may have no tokens either; what the parser says of it is told.
    private static List<io.pgcharter.model.sql.Token> words(SqlParser parser, String sql) {
        return parser.parse(sql) instanceof Parsed.Sql ? parser.tokens(sql) : List.of();
    }

    private Target target(DatabaseName name, List<Text> texts, SqlParser parser) {
        PostgresUrl url =
                PostgresUrl.parse(secrets.resolve(charter.database(name).url()));
        try (Session session = Session.open(url, "lint")) {
            return new TargetReading(session, parser)
                    .read(texts.stream().map(Text::sql).toList());
        }
    }

    private static boolean fails(LintPlan plan, List<LintFinding> findings) {
        Severity least = plan.failOn() == FailOn.WARNING ? Severity.WARNING : Severity.ERROR;
        return findings.stream().anyMatch(finding -> finding.severity().compareTo(least) >= 0);
    }

    private void check(LintPlan plan) {
        List<String> names = Linter.cards(Rules.all()).stream().map(Card::name).toList();
        plan.off().keySet().stream()
                .filter(rule -> !names.contains(rule))
                .findFirst()
                .ifPresent(rule -> {
                    throw new ProblemException(
                            ProblemCode.CHARTER_INVALID,
                            charter.file() + ": lint.off names '" + rule + "', which is no rule of lint",
                            "it would switch nothing off",
                            "use a name of docs/lint.md");
                });
    }
}
