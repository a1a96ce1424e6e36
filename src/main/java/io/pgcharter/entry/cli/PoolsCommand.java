package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.pooler.IniFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pools",
        description =
                "Size the pools of the charter's PgBouncers by what their servers have room for, with the evidence,"
                        + " and write pgbouncer.ini. Asks servers a few catalog rows; changes nothing there.",
        footerHeading = "%nExamples:%n",
        footer = {"  pgcharter pools", "  pgcharter pools main --write /etc/pgbouncer"})
final class PoolsCommand implements Action, Wish {
    @Parameters(
            paramLabel = "POOLER",
            arity = "0..1",
            description = "The pooler, as the charter names it. Default: all of them.")
    @Nullable
    PoolerName pooler;

    @Option(names = "--ini", description = "Print the pooler's pgbouncer.ini, and nothing else.")
    boolean ini;

    @Option(
            names = "--write",
            paramLabel = "DIRECTORY",
            description =
                    "Write it there as pgbouncer.ini, all of it or nothing. A file that pgcharter did not write, or"
                            + " that was changed since, is left alone.")
    @Nullable
    Path directory;

    @Option(names = "--replace", description = "With --write: replace such a file too.")
    boolean replace;

    @Override
    public List<Operation> operations(Desk desk, BackupFinder backups) {
        return List.of(new Operation.Pools(Optional.ofNullable(pooler)));
    }

    @Override
    public int run(Desk desk) {
        if (directory == null && (!ini || desk.json())) {
            return new Submission(desk).run(this);
        }
        if (pooler == null) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "no pooler is named",
                    "a pgbouncer.ini is that of one pooler",
                    "pgcharter pools NAME --ini");
        }
        Operation operation = new Operation.Pools(Optional.of(pooler));
        String text = desk.mustBeDone(operation, Report.Pools.class)
                .poolers()
                .getFirst()
                .ini();
        if (ini) {
            text.lines().forEach(desk.screen()::line);
        }
        if (directory != null) {
            Path written = new IniFile(directory).write(text, replace);
            desk.screen().aside(desk.screen().dress(Tone.GOOD, "✓") + " wrote " + written);
        }
        return ExitCode.DONE;
    }
}
