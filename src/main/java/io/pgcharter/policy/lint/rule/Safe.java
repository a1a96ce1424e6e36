package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Script;
import io.pgcharter.policy.lint.ObjectName;
import io.pgcharter.policy.lint.Situation;
import io.pgcharter.policy.lint.Situation.Command;
import java.util.List;
import java.util.regex.Pattern;

/// Writes safe forms: steps apart by an empty line, each for a transaction of its own. All of them end with the
/// catalog that the plain form makes.
///
/// A statement with several commands is left to a person: its steps would have to be told apart in its text.
final class Safe {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    private Safe() {}

    /// The constraint as it is written, NOT VALID, then validated. One without a name is given the one that
    /// PostgreSQL would choose: if that is taken, the first step fails, and not another constraint is validated.
    ///
    /// @param ending of the name that PostgreSQL gives where none is written
    static String notValid(Situation at, Command command, String ending) {
        if (!isOnly(at)) {
            return "";
        }
        String name = quoted(at, name(command, ending));
        StringBuilder text = new StringBuilder(at.text());
        if (!command.definition().has("conname")) {
            int begin = command.definition()
                    .location()
                    .map(bytes -> Script.offset(at.file().text(), bytes))
                    .orElseThrow(() -> new IllegalStateException("the parser says where a constraint begins"));
            text.insert(begin - at.statement().span().start(), "CONSTRAINT " + name + " ");
        }
        return text + " NOT VALID;\n\nALTER TABLE " + table(at, command.table()) + " VALIDATE CONSTRAINT " + name
                + ";\n";
    }

    static String notNull(Situation at, ObjectName name, String nullable) {
        String table = table(at, name);
        String column = quoted(at, nullable);
        String check = quoted(at, cut(name.name() + "_" + nullable, "_there"));
        return "ALTER TABLE " + table + " ADD CONSTRAINT " + check + " CHECK (" + column
                + " IS NOT NULL) NOT VALID;\n\n"
                + "ALTER TABLE " + table + " VALIDATE CONSTRAINT " + check + ";\n\n"
                + "ALTER TABLE " + table + " ALTER COLUMN " + column + " SET NOT NULL;\n"
                + "ALTER TABLE " + table + " DROP CONSTRAINT " + check + ";\n";
    }

    /// @param kind `UNIQUE` or `PRIMARY KEY`
    static String byIndex(Situation at, Command command, String kind, String ending) {
        Node constraint = command.definition();
        List<String> columns = constraint.texts("keys");
        if (!isOnly(at) || !constraint.texts("including").isEmpty() || constraint.flag("deferrable")) {
            return "";
        }
        StringBuilder steps = new StringBuilder();
        if (kind.equals("PRIMARY KEY")) {
            columns.stream()
                    .filter(column -> !at.known()
                            .table(command.table())
                            .filter(table -> table.isProvenNotNull(column))
                            .isPresent())
                    .forEach(column ->
                            steps.append(notNull(at, command.table(), column)).append('\n'));
        }
        String name = quoted(at, name(command, ending));
        String listed = String.join(
                ", ", columns.stream().map(column -> quoted(at, column)).toList());
        return steps + "CREATE UNIQUE INDEX CONCURRENTLY " + name + " ON " + table(at, command.table()) + " (" + listed
                + ")" + (constraint.flag("nulls_not_distinct") ? " NULLS NOT DISTINCT" : "") + ";\n\n"
                + "ALTER TABLE " + table(at, command.table()) + " ADD CONSTRAINT " + name + " " + kind + " USING INDEX "
                + name + ";\n";
    }

    private static boolean isOnly(Situation at) {
        return at.node().list("cmds").size() == 1;
    }

    private static String name(Command command, String ending) {
        Node constraint = command.definition();
        if (constraint.has("conname")) {
            return constraint.text("conname");
        }
        List<String> columns = Situation.columnsOf(constraint);
        String middle = columns.isEmpty() || ending.equals("_pkey") ? "" : "_" + String.join("_", columns);
        return cut(command.table().name() + middle, ending);
    }

    /// PostgreSQL cuts names after 63 bytes; what tells them apart is at the end.
    private static String cut(String text, String ending) {
        return text.substring(0, Math.min(text.length(), 63 - ending.length())) + ending;
    }

    /// With its schema if the statement has it.
    private static String table(Situation at, ObjectName name) {
        return at.node().child("relation").has("schemaname")
                ? quoted(at, name.schema()) + "." + quoted(at, name.name())
                : quoted(at, name.name());
    }

    /// In quotes if it needs them, or has them in the statement: it may be one of SQL's words.
    private static String quoted(Situation at, String name) {
        String quoted = '"' + name.replace("\"", "\"\"") + '"';
        return PLAIN.matcher(name).matches() && !at.text().contains(quoted) ? name : quoted;
    }
}
