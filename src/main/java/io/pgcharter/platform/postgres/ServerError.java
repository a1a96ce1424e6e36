package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an ErrorResponse or a NoticeResponse says:
/// <https://www.postgresql.org/docs/current/protocol-error-fields.html>.
///
/// @param fatal the server ends the session after it
/// @param sqlState five characters: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
record ServerError(boolean fatal, String severity, String sqlState, String message, Map<Character, String> fields) {
    private static final int PART_LENGTH_MAX = 600;
    private static final Pattern SQL_STATE_AT_END = Pattern.compile("\\[([0-9A-Z]{5})]$");

    /// Reads the body of the message that stands in `wire`.
    static ServerError read(Wire wire) throws IOException {
        Map<Character, String> fields = new HashMap<>();
        for (int field = wire.int8(); field != 0; field = wire.int8()) {
            fields.put((char) field, wire.string());
        }
        String severity = fields.getOrDefault('V', fields.getOrDefault('S', "ERROR"));
        boolean fatal = severity.equals("FATAL") || severity.equals("PANIC");
        return new ServerError(
                fatal,
                severity,
                fields.getOrDefault('C', "XX000"),
                fields.getOrDefault('M', "the server gives no reason"),
                Map.copyOf(fields));
    }

    /// The SQLSTATE that [#problem] wrote at the end of a cause line.
    static Optional<String> sqlState(Problem problem) {
        Matcher matcher = SQL_STATE_AT_END.matcher(problem.cause());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// @param cancelAsked whether this side asked for the statement to be cancelled
    Problem problem(String fact, boolean cancelAsked) {
        ProblemCode code = code(cancelAsked);
        return new Problem(code, fact, text() + " [" + sqlState + "]", remedy(code));
    }

    /// The server's words in one line.
    String text() {
        StringBuilder text = new StringBuilder(severity).append(": ").append(oneLine(message));
        append(text, "detail", 'D');
        append(text, "hint", 'H');
        append(text, "where", 'W');
        return text.toString();
    }

    private void append(StringBuilder text, String name, char field) {
        String value = fields.get(field);
        if (value != null && !value.isBlank()) {
            text.append("; ").append(name).append(": ").append(oneLine(value));
        }
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " | ");
        return line.length() <= PART_LENGTH_MAX ? line : line.substring(0, PART_LENGTH_MAX) + "…";
    }

    private ProblemCode code(boolean cancelAsked) {
        return switch (sqlState) {
            case "3D000" -> fatal ? ProblemCode.LOGIN_REFUSED : ProblemCode.STATEMENT_FAILED;
            case "08P01" -> fatal ? ProblemCode.LOGIN_REFUSED : ProblemCode.STATEMENT_FAILED;
            case "53300" -> ProblemCode.CONNECTIONS_EXHAUSTED;
            case "53100" -> ProblemCode.STORAGE_FULL;
            case "42501" -> fatal ? ProblemCode.LOGIN_REFUSED : ProblemCode.PRIVILEGE_MISSING;
            case "57014" -> cancelAsked ? ProblemCode.CANCELLED : ProblemCode.TIMED_OUT;
            case "55P03", "25P03", "25P04", "57P05" -> ProblemCode.TIMED_OUT;
            case "57P01", "57P02", "57P03" -> ProblemCode.SERVER_UNREACHABLE;
            default -> {
                if (sqlState.startsWith("28")) {
                    yield ProblemCode.LOGIN_REFUSED;
                }
                yield sqlState.startsWith("08") ? ProblemCode.SERVER_UNREACHABLE : ProblemCode.STATEMENT_FAILED;
            }
        };
    }

    private String remedy(ProblemCode code) {
        if (code == ProblemCode.LOGIN_REFUSED) {
            return switch (sqlState) {
                case "28P01" -> "check the user's name and password in the database URL; try them with: psql <url>";
                case "3D000" -> "check the database's name at the end of the URL; list them with: psql -l";
                case "08P01" ->
                    "a pooler that does not take what the URL asks for may stand in between: leave options out,"
                            + " or connect to the server itself";
                case "28000" -> "check the user's name, sslmode in the URL, and the server's pg_hba.conf";
                default -> "check what the role may do: \\du and \\l in psql show it";
            };
        }
        return switch (sqlState) {
            case "53300" ->
                "free connections (select * from pg_stat_activity), or raise max_connections or the role's limit";
            case "53100" -> "free disk space on the server, then run it again";
            case "42501" -> "grant the role the privilege named in the cause, or use a role that has it";
            case "57014" ->
                code == ProblemCode.CANCELLED
                        ? "run it again when it suits"
                        : "look at statement_timeout (select * from pg_db_role_setting) or ask who cancelled it";
            case "55P03" ->
                "see who holds the lock (select * from pg_locks join pg_stat_activity using (pid)), then run it again";
            case "25P03", "25P04", "57P05" -> "raise the timeout named in the cause for this role, then run it again";
            case "57P01", "57P02", "57P03" -> "wait until the server accepts connections again, then run it again";
            case "40001" ->
                "run it again; on a standby also raise max_standby_streaming_delay or set hot_standby_feedback = on";
            case "25006" ->
                "name the primary, if this is a standby; else: alter role … reset default_transaction_read_only";
            case "42P01", "42703" -> "look whether the table or column was dropped, renamed or is in another schema";
            default -> "read the cause; the server's log says more";
        };
    }
}
