package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A statement and what is so when it begins.
///
/// @param known what the statements before it made; not this one
/// @param effect what it does to tables that are there
/// @param transaction what the statements before it did in its transaction
/// @param limits that were set, by the file or by who runs it
public record Situation(
        SqlFile file,
        Script script,
        Statement statement,
        Known known,
        Effect effect,
        Transaction transaction,
        Setting setting,
        Wishes wishes,
        Limits limits) {
    private static final List<String> SORTED = List.of("CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION");

    /// One command of ALTER TABLE.
    ///
    /// @param kind as PostgreSQL has it, such as `AT_AddColumn`
    public record Command(ObjectName table, String kind, Node node) {
        /// The column or constraint that it names.
        public String name() {
            return node.text("name");
        }

        public Node definition() {
            return node.child("def");
        }
    }

    public Node node() {
        return statement.node();
    }

    public boolean is(String kind) {
        return node().is(kind);
    }

    public int version() {
        return setting.version();
    }

    /// The statement as it is written.
    public String text() {
        return script.textOf(statement);
    }

    /// The table of a statement that has one.
    public ObjectName relation() {
        return ObjectName.of(node().child("relation"));
    }

    /// Whether others know the table: this file does not make it.
    public boolean isOld(ObjectName table) {
        return known.table(table)
                .filter(found -> !found.isDoubtful())
                .flatMap(Table::born)
                .map(spot -> !spot.file().name().equals(file.name()))
                .orElse(true);
    }

    /// The commands of ALTER TABLE, of one of `kinds`, on a table that others know.
    public List<Command> alters(String... kinds) {
        return isOld(relation()) ? changes(kinds) : List.of();
    }

    /// The same, on new tables too.
    public List<Command> changes(String... kinds) {
        if (!is("AlterTableStmt") || !node().text("objtype").equals("OBJECT_TABLE")) {
            return List.of();
        }
        ObjectName table = relation();
        return node().list("cmds").stream()
                .map(command -> new Command(table, command.text("subtype"), command))
                .filter(command -> List.of(kinds).contains(command.kind()))
                .toList();
    }

    /// The constraints of a type, such as `CONSTR_FOREIGN`, that ALTER TABLE adds to a table that others know.
    public List<Command> adds(String constraintType) {
        return alters("AT_AddConstraint").stream()
                .filter(command -> command.definition().text("contype").equals(constraintType))
                .toList();
    }

    /// The columns that the statement makes, in new tables too, with their table.
    public Map<Node, ObjectName> columns() {
        Map<Node, ObjectName> columns = new LinkedHashMap<>();
        if (is("CreateStmt")) {
            node().list("tableElts").stream()
                    .filter(element -> element.is("ColumnDef"))
                    .forEach(element -> columns.put(element, relation()));
        }
        changes("AT_AddColumn").forEach(command -> columns.put(command.definition(), command.table()));
        return columns;
    }

    /// What a command `ALTER COLUMN … TYPE` costs.
    public TypeChange change(Command command) {
        return new AlterEffects(known, setting).change(command.table(), command.name(), command.definition());
    }

    /// The type that the command's column has; [ColumnType#UNKNOWN] if nothing tells it.
    public ColumnType typeBefore(Command command) {
        return known.table(command.table())
                .map(table -> table.typeOf(command.name()))
                .orElse(ColumnType.UNKNOWN);
    }

    /// Whether what it reads is sorted into an index.
    boolean sorts() {
        return is("IndexStmt")
                || changes("AT_AddConstraint").stream()
                        .anyMatch(command -> !command.definition().has("indexname")
                                && SORTED.contains(command.definition().text("contype")));
    }

    public Spot here() {
        return at(Node.NONE);
    }

    public Spot at(Node node) {
        return new Spot(file, statement, node);
    }

    public Hit hit(String message) {
        return Hit.of(here(), message);
    }

    public Hit hit(Node node, String message) {
        return Hit.of(at(node), message);
    }

    /// One hit if `found`, with the message.
    public List<Hit> when(boolean found, String message) {
        return found ? List.of(hit(message)) : List.of();
    }

    /// The columns of a constraint that its name has, where PostgreSQL chooses the name: of a CHECK the only one
    /// that it speaks of (`ChooseConstraintName` and `AddRelationNewConstraints` in its sources).
    public static List<String> columnsOf(Node constraint) {
        if (constraint.text("contype").equals("CONSTR_CHECK")) {
            List<String> spoken = constraint
                    .child("raw_expr")
                    .descendants()
                    .filter(node -> node.is("ColumnRef"))
                    .map(node -> node.texts("fields"))
                    .filter(parts -> !parts.isEmpty())
                    .map(List::getLast)
                    .distinct()
                    .toList();
            return spoken.size() == 1 ? spoken : List.of();
        }
        List<String> own = constraint.texts("fk_attrs");
        return own.isEmpty() ? constraint.texts("keys") : own;
    }
}
