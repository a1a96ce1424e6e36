package io.pgcharter.policy.rehearsal;

import io.pgcharter.model.sql.LockMode;
import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a database's clients do, and so who waits for a lock.
///
/// @param basis since when it was counted, in words
public record Traffic(List<Call> calls, String basis) {
    public Traffic {
        calls = List.copyOf(calls);
    }

    /// A statement that is called so often, and the strongest lock that it wants on each table. Tables are named
    /// `schema.name`, or `.name` where the statement names no schema: that is any table of the name.
    public record Call(double perSecond, Map<String, LockMode> wants) {
        public Call {
            wants = Map.copyOf(wants);
        }

        /// Whether it waits for who holds `mode` on the table.
        public boolean waitsFor(String table, LockMode mode) {
            String bare = table.substring(table.lastIndexOf('.'));
            return mode.conflictsWith(wants.getOrDefault(table, LockMode.NONE))
                    || mode.conflictsWith(wants.getOrDefault(bare, LockMode.NONE));
        }
    }

    /// How many calls a second wait for who holds `mode` on the table.
    double waiting(String table, LockMode mode) {
        return calls.stream()
                .filter(call -> call.waitsFor(table, mode))
                .mapToDouble(Call::perSecond)
                .sum();
    }

    /// What a statement wants, by its tree. One that is no SQL for the parser is taken to write to every table whose
    /// name stands in it.
    ///
    /// @param text as `pg_stat_statements` has it
    public static Call call(double perSecond, String text, Parsed parsed, Kinship kinship) {
        Map<String, LockMode> wants = new HashMap<>();
        switch (parsed) {
            case Parsed.Sql(Script script) -> script.statements().forEach(statement -> add(statement, wants));
            case Parsed.Broken _ ->
                kinship.tables().stream()
                        .filter(table -> names(text, table))
                        .forEach(table -> wants.put(table, LockMode.ROW_EXCLUSIVE));
        }
        Map<String, LockMode> all = new HashMap<>(wants);
        wants.forEach((named, mode) -> kin(kinship.beneath(), named, mode, all));
        // The rows that a foreign key leads to are held, or looked for.
        Map<String, LockMode> written = new HashMap<>(all);
        written.forEach((named, mode) -> {
            if (mode.compareTo(LockMode.ROW_EXCLUSIVE) >= 0) {
                kin(kinship.referring(), named, LockMode.ROW_SHARE, all);
            }
        });
        return new Call(perSecond, all);
    }

    private static void kin(Map<String, Set<String>> kin, String named, LockMode mode, Map<String, LockMode> wants) {
        kin.forEach((upper, lower) -> {
            if (upper.equals(named) || (named.startsWith(".") && upper.endsWith(named))) {
                lower.forEach(table -> wants.merge(table, mode, LockMode::strongest));
            }
        });
    }

    /// Which tables are locked with others, all as `schema.name`.
    ///
    /// @param tables all there are
    /// @param beneath by view or partitioned table, what is below it at any depth
    /// @param referring by table, those that foreign keys from it lead to or come from
    public record Kinship(Set<String> tables, Map<String, Set<String>> beneath, Map<String, Set<String>> referring) {
        public Kinship {
            tables = Set.copyOf(tables);
            beneath = Map.copyOf(beneath);
            referring = Map.copyOf(referring);
        }
    }

    private static boolean names(String text, String table) {
        String bare = table.substring(table.lastIndexOf('.') + 1);
        return Pattern.compile("(?i)(?<!\\w)" + Pattern.quote(bare) + "(?!\\w)")
                .matcher(text)
                .find();
    }

    private static void add(Statement statement, Map<String, LockMode> wants) {
        Node root = statement.node();
        root.descendants()
                .filter(node -> node.is("RangeVar"))
                .forEach(node -> want(node, LockMode.ACCESS_SHARE, wants));
        root.descendants().forEach(node -> {
            switch (node.kind()) {
                case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt" ->
                    want(node.child("relation"), LockMode.ROW_EXCLUSIVE, wants);
                case "CopyStmt" ->
                    want(
                            node.child("relation"),
                            node.flag("is_from") ? LockMode.ROW_EXCLUSIVE : LockMode.ACCESS_SHARE,
                            wants);
                case "SelectStmt" -> {
                    if (!node.list("lockingClause").isEmpty()) {
                        node.list("fromClause").stream()
                                .flatMap(Node::descendants)
                                .filter(from -> from.is("RangeVar"))
                                .forEach(from -> want(from, LockMode.ROW_SHARE, wants));
                    }
                }
                default -> {
                    // What else names tables reads them.
                }
            }
        });
    }

    private static void want(Node relation, LockMode mode, Map<String, LockMode> wants) {
        if (!relation.text("relname").isEmpty()) {
            wants.merge(relation.text("schemaname") + "." + relation.text("relname"), mode, LockMode::strongest);
        }
    }
}
