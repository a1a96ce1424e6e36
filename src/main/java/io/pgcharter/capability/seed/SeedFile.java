package io.pgcharter.capability.seed;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.platform.layout.SqlText;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.SeedPlan.Load;
import io.pgcharter.policy.charter.SeedPlan.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A load whose file was read and understood, so that nothing is begun that a typing error would end.
sealed interface SeedFile {
    /// @param name of the file, for messages
    record Sql(String name, Script script) implements SeedFile {}

    record Csv(Path file, Table into) implements SeedFile {}

    record Made(Load.Made load) implements SeedFile {}

    /// @throws ProblemException `NOT_FOUND`, `SQL_INVALID`
    static SeedFile of(Load load, Supplier<SqlParser> parser) {
        return switch (load) {
            case Load.Sql(String path) -> sql(Path.of(path), parser);
            case Load.Csv(String path, var into) -> new Csv(readable(Path.of(path)), into);
            case Load.Made made -> new Made(made);
        };
    }

    private static Path readable(Path file) {
        if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "there is no file '" + file + "' that can be read",
                    "a seed state of the charter names it; paths are relative to the charter's directory",
                    "make the file, or correct the path");
        }
        return file;
    }

    private static Sql sql(Path file, Supplier<SqlParser> parser) {
        String name = String.valueOf(readable(file).getFileName());
        Script script = switch (parser.get().parse(SqlText.read(file))) {
            case Parsed.Sql(var read) -> read;
            case Parsed.Broken(var error) -> throw new ProblemException(error.problem(name));
        };
        for (Statement statement : script.statements()) {
            if (statement.node().is("TransactionStmt")) {
                throw new ProblemException(
                        ProblemCode.SQL_INVALID,
                        name + ":" + script.placeOf(statement) + ": '" + script.textOf(statement)
                                + "' has no place in a seed",
                        "a state is loaded in one transaction, so that it is there as a whole or not at all",
                        "remove the statement");
            }
        }
        return new Sql(name, script);
    }
}
