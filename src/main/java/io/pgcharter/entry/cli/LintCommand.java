package io.pgcharter.entry.cli;

import io.pgcharter.model.id.CharterName;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.SchemaReport;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "lint",
        description = "Judge the SQL of migrations by PostgreSQL's own parser: which locks it takes, what it reads and"
                + " rewrites, what it breaks, and how it is done safely. Changes nothing.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter lint shop --for shop-staging", "  pgcharter lint new.sql --fix safe-forms"})
final class LintCommand implements Action, Wish {
    @Parameters(
            paramLabel = "WHAT",
            arity = "0..*",
            description = "Migrations, as the charter names them; or files and directories with SQL. Default: all"
                    + " migrations of the charter.")
    List<String> what = List.of();

    @Option(
            names = "--for",
            paramLabel = "DATABASE",
            description = "Ask this database for its version, tables, sizes and activity, and judge by them.")
    @Nullable
    DatabaseName target;

    @Option(names = "--all", description = "With --for: judge the migrations that the database has already, too.")
    boolean all;

    @Option(names = "--sarif", description = "Print the findings as SARIF 2.1.0.")
    boolean sarif;

    @Option(names = "--github", description = "Print the findings as annotations of GitHub Actions.")
    boolean github;

    @Option(
            names = "--fix",
            paramLabel = "DIRECTORY",
            description = "Write the safe forms there, one new file for each step, where there are any.")
    @Nullable
    Path directory;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        desk.corridor().expectSql();
        Optional<DatabaseName> database = Optional.ofNullable(target);
        var known = desk.charter().shaping().migrations().all().keySet();
        if (what.isEmpty() && known.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "nothing to judge is named",
                    desk.charter().file() + " has no section migrations",
                    "pgcharter lint FILE");
        }
        List<MigrationsName> named = what.isEmpty()
                ? List.copyOf(known)
                : what.stream()
                        .filter(CharterName::isValid)
                        .map(MigrationsName::new)
                        .filter(known::contains)
                        .toList();
        List<String> files = what.stream()
                .filter(name -> named.stream().noneMatch(each -> each.text().equals(name)))
                .toList();
        List<Operation> operations = new java.util.ArrayList<>();
        named.forEach(name -> operations.add(new SchemaOperation.Lint(name, database, all)));
        if (!files.isEmpty()) {
            operations.add(new SchemaOperation.LintFiles(files, database));
        }
        return List.copyOf(operations);
    }

    @Override
    public int run(Desk desk) {
        if (directory == null && !sarif && !github) {
            return new Submission(desk).run(this);
        }
        List<SchemaReport.Lint> reports = operations(desk, new BackupFinder(desk)).stream()
                .map(operation -> desk.mustBeDone(operation, SchemaReport.Lint.class))
                .toList();
        if (sarif) {
            desk.screen().line(LintFormats.sarif(reports));
        } else if (github) {
            LintFormats.github(reports).forEach(desk.screen()::line);
        }
        if (directory != null) {
            List<Path> written = new SafeForms(directory).write(reports);
            written.forEach(file -> desk.screen().aside("wrote " + file));
            desk.screen().aside(written.size() + " files written");
        }
        return reports.stream().anyMatch(SchemaReport.Lint::fails) ? ExitCode.FAILED : ExitCode.DONE;
    }
}
