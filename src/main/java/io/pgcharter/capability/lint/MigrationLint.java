package io.pgcharter.capability.lint;

import io.pgcharter.capability.lint.MigrationFiles.Text;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.migration.Migration;
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
import io.pgcharter.platform.history.History;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.platform.sql.BlockReader;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.LintPlan;
import io.pgcharter.policy.charter.LintPlan.FailOn;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import io.pgcharter.policy.guard.Permit;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Demands;
import io.pgcharter.policy.lint.Known;
import io.pgcharter.policy.lint.Limits;
import io.pgcharter.policy.lint.Linter;
import io.pgcharter.policy.lint.SqlFile;
import io.pgcharter.policy.lint.Target;
import io.pgcharter.policy.lint.Wishes;
import io.pgcharter.policy.lint.rule.Rules;
import io.pgcharter.policy.migration.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        Path directory = Path.of(migrations.path());
        List<Migration> all = MigrationFiles.read(migrations.layout(), directory);
        Set<String> applied = operation
                .target()
                .filter(_ -> !operation.all())
                .map(database -> applied(database, migrations, all))
                .orElse(Set.of());
        return judged(
                new Wanted(
                        MigrationFiles.of(
                                all.stream()
                                        .filter(migration -> !applied.contains(migration.name()))
                                        .toList(),
                                directory),
                        migrations.layout(),
                        // What our own runner sets.
                        new Limits(true, migrations.statementTimeout().isPresent()),
                        operation.target(),
                        Stream.concat(migrations.databases().stream(), operation.target().stream())
                                .distinct()
                                .toList(),
                        applied.size()),
                run);
    }

    /// @throws ProblemException as above; `NOT_FOUND` for a file that does not exist
    public SchemaReport.Lint run(Permit permit, SchemaOperation.LintFiles operation, Run run) {
        permit.consume(operation);
        return judged(
                new Wanted(
                        MigrationFiles.of(operation.files()),
                        Layout.PLAIN,
                        Limits.NONE,
                        operation.target(),
                        Stream.concat(databases(operation.files()).stream(), operation.target().stream())
                                .distinct()
                                .toList(),
                        0),
                run);
    }

    /// What a script of pgcharter's own would do to those who use the target. Part of a run that was allowed to
    /// change or to read it.
    public List<LintFinding> judge(String sql, DatabaseName target, Run run) {
        return judged(
                        new Wanted(
                                List.of(new Text("script", sql)),
                                Layout.PLAIN,
                                new Limits(true, true),
                                Optional.of(target),
                                List.of(target),
                                0),
                        run)
                .findings();
    }

    /// @param databases that the files are for
    /// @param applied how many migrations are left out
    private record Wanted(
            List<Text> texts,
            Layout layout,
            Limits runner,
            Optional<DatabaseName> target,
            List<DatabaseName> databases,
            int applied) {}

    /// The migrations that the database has: they cannot be changed any more, and what they made is read from it.
    private Set<String> applied(DatabaseName database, Migrations migrations, List<Migration> all) {
        History history = History.of(migrations.layout(), migrations.schema());
        try (Session session = session(database)) {
            return Ledger.of(all, history.read(session)).entries().stream()
                    .filter(entry -> switch (entry.standing()) {
                        case APPLIED, BASELINED, EDITED -> true;
                        case PENDING, CHANGED, FAILED, MISSING, OUT_OF_ORDER -> false;
                    })
                    .flatMap(entry -> entry.migration().stream())
                    .map(Migration::name)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /// The databases of the migrations among which a file lies.
    private List<DatabaseName> databases(List<String> files) {
        return charter.shaping().migrations().all().values().stream()
                .filter(migrations -> files.stream()
                        .anyMatch(file ->
                                Path.of(file).toAbsolutePath().normalize().startsWith(Path.of(migrations.path()))))
                .flatMap(migrations -> migrations.databases().stream())
                .distinct()
                .toList();
    }

    private SchemaReport.Lint judged(Wanted wanted, Run run) {
        LintPlan plan = charter.shaping().lint();
        check(plan);
        SqlParser parsing = parser.get();
        List<SqlFile> files =
                wanted.texts().parallelStream().map(text -> file(parsing, text)).toList();
        run.check();
        Optional<Target> target = wanted.target().map(name -> target(name, wanted.texts(), parsing));
        Wishes wishes = new Wishes(
                target.map(Target::version).orElse(plan.version()),
                wanted.layout(),
                wanted.runner(),
                plan.off(),
                new Demands(
                        plan.rowLevelSecurity(),
                        plan.names(),
                        charter.shaping().classification(),
                        charter.shaping().roles(),
                        wanted.databases()));
        Known known = target.map(Target::known).orElseGet(Known::new);
        List<LintFinding> findings = new Linter(Rules.all(), wishes, target).lint(files, known);
        return new SchemaReport.Lint(
                files.size(),
                files.stream().mapToInt(MigrationLint::statements).sum(),
                wishes.version(),
                wanted.applied(),
                findings,
                notes(wanted),
                fails(plan, findings));
    }

    private static SqlFile file(SqlParser parser, Text text) {
        Parsed parsed = parser.parse(text.sql());
        if (!(parsed instanceof Parsed.Sql(Script script))) {
            // A text that is no SQL may have no tokens either; what the parser says of it is told.
            return new SqlFile(text.name(), text.sql(), parsed, List.of(), Map.of());
        }
        boolean words = SqlFile.needsWords(text.sql());
        return new SqlFile(
                text.name(),
                text.sql(),
                parsed,
                words ? parser.tokens(text.sql()) : List.of(),
                new BlockReader(parser).blocks(script, words));
    }

    /// Those in `DO` blocks too.
    private static int statements(SqlFile file) {
        return file.parsed() instanceof Parsed.Sql(Script script)
                ? script.statements().size()
                        + file.blocks().values().stream()
                                .mapToInt(block -> block.statements().size())
                                .sum()
                : 0;
    }

    /// What was not judged, and why.
    private List<String> notes(Wanted wanted) {
        List<String> notes = new ArrayList<>();
        if (wanted.applied() > 0) {
            boolean isOne = wanted.applied() == 1;
            notes.add(wanted.applied() + (isOne ? " migration is in '" : " migrations are in '")
                    + wanted.target().orElseThrow() + "' already and "
                    + (isOne ? "is not judged; --all judges it too" : "are not judged; --all judges them too"));
        }
        boolean asks = !charter.shaping().classification().all().isEmpty()
                || !charter.shaping().roles().all().isEmpty();
        if (asks && wanted.databases().isEmpty()) {
            notes.add("which database the files are for is not known, so the charter's classification and roles are not"
                    + " asked; --for DATABASE says it");
        }
        return notes;
    }

    private Target target(DatabaseName name, List<Text> texts, SqlParser parser) {
        try (Session session = session(name)) {
            return new TargetReading(session, parser)
                    .read(texts.stream().map(Text::sql).toList());
        }
    }

    private Session session(DatabaseName name) {
        return Session.open(
                PostgresUrl.parse(secrets.resolve(charter.database(name).url())), "lint");
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
