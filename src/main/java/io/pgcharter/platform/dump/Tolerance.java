package io.pgcharter.platform.dump;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What may differ between the server a dump was read from and the one it is loaded into without any row being wrong:
/// owners, privileges, settings of another version, tablespaces. Such failures are counted, never hidden.
/// Thread-safe.
final class Tolerance {
    private static final String UNDEFINED_OBJECT = "42704";
    private static final String INVALID_PARAMETER_VALUE = "22023";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String INVALID_GRANT = "0LP01";
    private static final String DUPLICATE_SCHEMA = "42P06";
    private static final String PRIVILEGES = "privileges of roles that are missing here or out of reach";

    private static final Pattern MISSING_ROLE = Pattern.compile("role \"(.+?)\" does not exist");

    private final Map<String, LongAdder> tolerated = new ConcurrentHashMap<>();
    private final Set<String> missingRoles = ConcurrentHashMap.newKeySet();

    /// Runs the statement.
    ///
    /// @throws ProblemException if it fails in a way that is not tolerated
    void execute(Session session, Statement statement) {
        try {
            session.execute(statement.text());
        } catch (ProblemException e) {
            String what = what(statement.text(), Session.sqlState(e.problem()).orElse(""));
            if (what.isEmpty()) {
                throw explained(e, statement);
            }
            count(what);
            missingRole(e).ifPresent(missingRoles::add);
        }
    }

    /// Counts what was left out.
    void count(String what) {
        tolerated.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    private static Optional<String> missingRole(ProblemException e) {
        Matcher matcher = MISSING_ROLE.matcher(e.problem().cause());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// @return what was tolerated, as a note begins; empty if it is not
    private static String what(String sql, String state) {
        String upper = sql.substring(0, Math.min(sql.length(), 200)).toUpperCase(Locale.ROOT);
        if (upper.startsWith("SET DEFAULT_TABLESPACE")) {
            return "tablespaces that are not there: their tables went to the default one";
        }
        boolean isRefused =
                Set.of(UNDEFINED_OBJECT, INSUFFICIENT_PRIVILEGE, INVALID_GRANT).contains(state);
        // A privilege that was passed on: if nobody can take that role's part, the grant that follows is our own.
        if (upper.startsWith("SET SESSION AUTHORIZATION") && (isRefused || state.equals(INVALID_PARAMETER_VALUE))) {
            return PRIVILEGES;
        }
        if (upper.startsWith("DO ") && (isRefused || state.equals(INVALID_PARAMETER_VALUE))) {
            return "settings, privileges or the owner of the database itself that this server does not take";
        }
        if (upper.startsWith("SET ") && (state.equals(UNDEFINED_OBJECT) || state.equals(INVALID_PARAMETER_VALUE))) {
            return "settings that this server's version does not know";
        }
        if (upper.startsWith("CREATE SCHEMA") && state.equals(DUPLICATE_SCHEMA)) {
            return "schemas that were there already";
        }
        if (!isRefused) {
            return "";
        }
        if (upper.startsWith("ALTER ") && upper.contains(" OWNER TO ")) {
            return "owners that are missing here or out of reach: the objects belong to the role that restored them";
        }
        if (upper.startsWith("GRANT ") || upper.startsWith("REVOKE ") || upper.startsWith("ALTER DEFAULT PRIVILEGES")) {
            return PRIVILEGES;
        }
        if (upper.startsWith("COMMENT ON EXTENSION")) {
            return "comments on extensions, which belong to the administrator";
        }
        return "";
    }

    private static ProblemException explained(ProblemException e, Statement statement) {
        String first = statement.text().lines().findFirst().orElse("").strip();
        String shown = first.length() > 120 ? first.substring(0, 117) + "…" : first;
        if (first.startsWith("CREATE EXTENSION")) {
            return new ProblemException(
                    new io.pgcharter.model.problem.Problem(
                            ProblemCode.PROGRAM_MISSING,
                            "the extension of '" + shown + "' cannot be created",
                            e.problem().cause(),
                            "install the extension's package on the target's machine (apt search postgresql-<major>-), then run again"),
                    e);
        }
        return new ProblemException(
                new io.pgcharter.model.problem.Problem(
                        e.problem().code(),
                        "the statement '" + shown + "' failed on the target",
                        e.problem().cause(),
                        missingRole(e)
                                .map(role ->
                                        "create role '" + role + "' (the backup's roles.sql has it), then run again")
                                .orElse(e.problem().remedy())),
                e);
    }

    List<String> notes() {
        List<String> notes = new ArrayList<>();
        tolerated.forEach((what, count) -> notes.add(count.sum() + " " + what));
        if (!missingRoles.isEmpty()) {
            notes.add("roles that are missing here: "
                    + missingRoles.stream().sorted().collect(Collectors.joining("', '", "'", "'")));
        }
        notes.sort(null);
        return notes;
    }
}
