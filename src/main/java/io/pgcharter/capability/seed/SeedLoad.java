package io.pgcharter.capability.seed;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.platform.postgres.Attended;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.policy.charter.SeedPlan.Load;
import io.pgcharter.policy.charter.SeedPlan.Recipe;
import io.pgcharter.policy.charter.SeedPlan.Table;
import io.pgcharter.policy.seed.MadeRows;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Loads one thing after the other in the session's transaction.
final class SeedLoad {
    /// Made-up references point into at most so many values.
    private static final int HELD_MAX = 100_000;

    private static final int CHUNK = 64 * 1024;

    private final Session session;
    private final Run run;

    SeedLoad(Session session, Run run) {
        this.session = session;
        this.run = run;
    }

    void load(SeedFile file) {
        switch (file) {
            case SeedFile.Sql(String name, var script) -> statements(name, script);
            case SeedFile.Csv(var path, var into) -> csv(path, into);
            case SeedFile.Made(var made) -> make(made);
        }
    }

    private void statements(String name, Script script) {
        for (Statement statement : script.statements()) {
            run.check();
            try {
                Attended.execute(session, script.textOf(statement), run::check);
            } catch (ProblemException e) {
                Problem problem = e.problem();
                throw new ProblemException(
                        new Problem(
                                problem.code(),
                                name + ":" + script.placeOf(statement) + ": " + problem.fact(),
                                problem.cause(),
                                problem.remedy()),
                        e);
            }
        }
    }

    private void csv(Path path, Table into) {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(path), CHUNK)) {
            List<String> columns = CsvHeader.read(file, path);
            try (Session.CopyIn copy = session.copyIn(copyOf(into, columns) + " WITH (FORMAT csv)")) {
                byte[] chunk = new byte[CHUNK];
                for (int read = file.read(chunk); read >= 0; read = file.read(chunk)) {
                    run.check();
                    copy.write(chunk, 0, read);
                }
                copy.finish();
            }
        } catch (IOException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.NOT_FOUND,
                            "'" + path + "' cannot be read",
                            String.valueOf(e.getMessage()),
                            "see its rights"),
                    e);
        }
    }

    private void make(Load.Made made) {
        Map<Recipe.Of, List<String>> held = new HashMap<>();
        made.columns().values().forEach(recipe -> {
            if (recipe instanceof Recipe.Of of) {
                held.put(of, held(of, made.into()));
            }
        });
        MadeRows rows = new MadeRows(made, held);
        try (Session.CopyIn copy =
                session.copyIn(copyOf(made.into(), List.copyOf(made.columns().keySet())) + " WITH (FORMAT csv)")) {
            StringBuilder chunk = new StringBuilder();
            for (int number = 0; number < made.rows(); number++) {
                chunk.append(
                        rows.row(number).stream().map(SeedLoad::quoted).collect(Collectors.joining(",", "", "\n")));
                if (chunk.length() > CHUNK || number == made.rows() - 1) {
                    run.check();
                    byte[] bytes = chunk.toString().getBytes(StandardCharsets.UTF_8);
                    copy.write(bytes, 0, bytes.length);
                    chunk.setLength(0);
                }
            }
            copy.finish();
        }
    }

    private static String quoted(String value) {
        return '"' + value.replace("\"", "\"\"") + '"';
    }

    private static String copyOf(Table into, List<String> columns) {
        return "COPY " + Quoting.identifier(into.schema(), into.name())
                + columns.stream().map(Quoting::identifier).collect(Collectors.joining(", ", " (", ")"))
                + " FROM STDIN";
    }

    /// In the order of the values, so that it is the same every time.
    private List<String> held(Recipe.Of of, Table into) {
        String column = Quoting.identifier(of.column());
        List<String> values = session
                .query("SELECT " + column + "::text FROM "
                        + Quoting.identifier(of.table().schema(), of.table().name()) + " WHERE " + column
                        + " IS NOT NULL ORDER BY " + column + " LIMIT " + HELD_MAX)
                .stream()
                .map(row -> row.string(0))
                .toList();
        if (values.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "no row of '" + of.table() + "' is there for '" + into + "' to refer to",
                    "rows of '" + into + "' are made up with values of its column '" + of.column() + "'",
                    "load '" + of.table() + "' before it");
        }
        return values;
    }
}
