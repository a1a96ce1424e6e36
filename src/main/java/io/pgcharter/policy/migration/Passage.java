package io.pgcharter.policy.migration;

import io.pgcharter.model.migration.Source;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Passwords;
import io.pgcharter.model.sql.Place;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a file of SQL is carried out.
///
/// @param file its path, as errors name it
/// @param reason why it is carried out so, if not in one transaction
/// @param steps its statements, in order; may be none
public record Passage(String file, Mode mode, String reason, List<Step> steps) {
    private static final Pattern ROWS_FOLLOW = Pattern.compile("(?im)^\\s*copy\\s[^;]*\\sfrom\\s+stdin\\b");
    private static final Pattern META = Pattern.compile("^\\\\\\S*");
    private static final int SHOWN_MAX = 100;

    public Passage {
        steps = List.copyOf(steps);
    }

    /// What holds its statements together.
    public enum Mode {
        /// One transaction: all of it or nothing.
        TRANSACTION,
        /// Nothing: each statement stays when the next one fails.
        STATEMENTS
    }

    /// One statement.
    ///
    /// @param shown its beginning, in one line, without passwords
    /// @param isOnline whether it is one that waits for others without making anybody wait
    /// @param isOpen whether a transaction that the file began is open when it is done
    /// @param isAlone whether PostgreSQL runs it outside of transactions only, or it may end them itself
    public record Step(String sql, Place place, String shown, boolean isOnline, boolean isOpen, boolean isAlone) {}

    /// @throws ProblemException `SQL_INVALID` with file, line and caret if it is no SQL, or cannot be carried out
    public static Passage of(Source source, Parsed parsed) {
        source.hindrance().ifPresent(hindrance -> {
            throw new ProblemException(
                    ProblemCode.SQL_INVALID,
                    source.file() + ":" + hindrance.line() + ": " + hindrance.fact(),
                    hindrance.cause(),
                    hindrance.remedy());
        });
        return switch (parsed) {
            case Parsed.Broken(var error) -> {
                psql(source, error.place());
                throw new ProblemException(error.problem(source.file()));
            }
            case Parsed.Sql(var script) -> new Reading(source.file(), script).passage();
        };
    }

    /// Says so if what is no SQL there is psql's.
    private static void psql(Source source, Place place) {
        String line = source.text()
                .lines()
                .skip(place.line() - 1L)
                .findFirst()
                .orElse("")
                .strip();
        Matcher meta = META.matcher(line);
        boolean isMeta = meta.find();
        String before =
                String.join("\n", source.text().lines().limit(place.line()).toList());
        if (!isMeta && !ROWS_FOLLOW.matcher(before).find()) {
            return;
        }
        throw new ProblemException(
                ProblemCode.SQL_INVALID,
                source.file() + ":" + place + ": "
                        + (isMeta
                                ? "'" + meta.group() + "' is a command of psql, not SQL"
                                : "rows of a COPY … FROM STDIN stand in the file"),
                "migrations are sent to the server, which does not know psql's commands and their data",
                isMeta && meta.group().matches("\\\\(i|ir|include|include_relative)")
                        ? "write the other file's statements here, or make it a migration of its own"
                        : "write INSERT statements, or make the rows a seed");
    }

    /// One reading of a script, statement by statement.
    private static final class Reading {
        private final String file;
        private final Script script;
        private final List<Statement> statements;
        private int begun = -1;
        private int blocks;

        Reading(String file, Script script) {
            this.file = file;
            this.script = script;
            this.statements = script.statements();
        }

        Passage passage() {
            Optional<String> lonely = Optional.empty();
            for (int index = 0; index < statements.size(); index++) {
                Statement statement = statements.get(index);
                refused(statement);
                Optional<String> alone = Alone.why(statement.node());
                if (alone.isPresent() && begun >= 0) {
                    throw refusal(
                            statement,
                            alone.get() + " stands between BEGIN and COMMIT",
                            "PostgreSQL does not run it in a transaction",
                            "take BEGIN and COMMIT out, or give it a migration of its own");
                }
                lonely = lonely.or(() -> alone.map(what -> what + " cannot run in a transaction"));
                block(statement, index);
            }
            if (begun >= 0) {
                throw refusal(
                        statements.get(begun),
                        "the transaction that begins here does not end",
                        "the file has no COMMIT for it",
                        "take BEGIN out: a migration is one transaction by itself");
            }
            return decided(lonely.or(() -> NewEnumValue.why(statements)));
        }

        private Passage decided(Optional<String> lonely) {
            if (blocks == 0) {
                return lonely.map(why -> new Passage(file, Mode.STATEMENTS, why, steps(statements)))
                        .orElseGet(() -> new Passage(file, Mode.TRANSACTION, "", steps(statements)));
            }
            // A file that is one block as a whole is what we would make of it; so its row can be part of it.
            if (blocks == 1
                    && isPlain(statements.getFirst(), "TRANS_STMT_BEGIN", "TRANS_STMT_START")
                    && isPlain(statements.getLast(), "TRANS_STMT_COMMIT")) {
                return new Passage(file, Mode.TRANSACTION, "", steps(statements.subList(1, statements.size() - 1)));
            }
            return new Passage(file, Mode.STATEMENTS, "it begins and ends transactions itself", steps(statements));
        }

        private static boolean isPlain(Statement statement, String... kinds) {
            return List.of(kinds).contains(statement.node().text("kind"))
                    && statement.node().list("options").isEmpty();
        }

        private void block(Statement statement, int index) {
            if (!statement.node().is("TransactionStmt")) {
                return;
            }
            switch (statement.node().text("kind")) {
                case "TRANS_STMT_BEGIN", "TRANS_STMT_START" -> {
                    if (begun >= 0) {
                        throw refusal(
                                statement,
                                "a transaction begins within a transaction",
                                "PostgreSQL would only warn, and the first COMMIT would end both",
                                "take one of the two out");
                    }
                    begun = index;
                    blocks++;
                }
                case "TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK" -> {
                    if (begun < 0 || statement.node().flag("chain")) {
                        throw refusal(
                                statement,
                                "a transaction ends that the file did not begin",
                                "it would end the one that the migration and its row in the history share",
                                "take it out: a migration is one transaction by itself");
                    }
                    begun = -1;
                }
                case "TRANS_STMT_PREPARE" ->
                    throw refusal(
                            statement,
                            "the transaction is prepared for a commit by somebody else",
                            "nobody would know whether the migration is in the database",
                            "take PREPARE TRANSACTION out");
                default -> {
                    // Savepoints belong to the transaction they stand in; prepared ones run alone.
                }
            }
        }

        private void refused(Statement statement) {
            Node node = statement.node();
            if (node.is("CopyStmt")
                    && node.flag("is_from")
                    && node.text("filename").isEmpty()) {
                throw refusal(
                        statement,
                        "COPY … FROM STDIN waits for rows",
                        "the server asks the client for them, and a migration has none to give",
                        "write INSERT statements, or make the rows a seed");
            }
            if (node.is("CopyStmt")
                    && !node.flag("is_from")
                    && node.text("filename").isEmpty()) {
                throw refusal(
                        statement, "COPY … TO STDOUT gives rows to nobody", "a migration has no output", "take it out");
            }
            if (node.is("DiscardStmt") && node.text("target").equals("DISCARD_ALL")) {
                throw refusal(
                        statement,
                        "DISCARD ALL lets go of the lock that keeps a second runner away",
                        "it ends all that the session holds",
                        "name what is to be discarded: DISCARD TEMP, RESET ALL");
            }
        }

        private ProblemException refusal(Statement statement, String fact, String cause, String remedy) {
            Place place = script.placeOf(statement);
            return new ProblemException(
                    ProblemCode.SQL_INVALID,
                    file + ":" + place + ": " + fact + "\n"
                            + place.caret(script.text()).indent(2).stripTrailing(),
                    cause,
                    remedy);
        }

        private List<Step> steps(List<Statement> chosen) {
            List<Step> steps = new ArrayList<>();
            boolean isOpen = false;
            for (Statement statement : chosen) {
                isOpen = switch (statement.node().text("kind")) {
                    case "TRANS_STMT_BEGIN", "TRANS_STMT_START" -> true;
                    case "TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK" -> false;
                    default -> isOpen;
                };
                String sql = script.textOf(statement);
                String line = Passwords.hidden(sql).replaceAll("\\s+", " ");
                steps.add(new Step(
                        sql,
                        script.placeOf(statement),
                        line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "…",
                        Alone.isOnline(statement.node()),
                        isOpen,
                        Alone.why(statement.node()).isPresent()
                                || statement.node().is("CallStmt")
                                || statement.node().is("DoStmt")));
            }
            return steps;
        }
    }

    /// Where a step stands, as `file:line`.
    public String at(int index) {
        return file + ":" + steps.get(index).place().line();
    }
}
