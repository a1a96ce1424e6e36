package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.lint.Known.Domain;
import io.pgcharter.policy.lint.Known.Index;
import io.pgcharter.policy.lint.Table.Column;
import io.pgcharter.policy.lint.Table.Constraint;
import io.pgcharter.policy.lint.Table.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Carries what statements make into [Known]. What it does not understand, it passes over: less is known then.
final class Learning {
    private final Known known;
    private final boolean before;

    /// @param before whether what is learnt is there before the first file
    Learning(Known known, boolean before) {
        this.known = known;
        this.before = before;
    }

    private Optional<Spot> made(Spot spot) {
        return before ? Optional.empty() : Optional.of(spot);
    }

    void learn(Spot spot) {
        Node node = spot.statement().node();
        switch (node.kind()) {
            case "CreateStmt" -> table(node, spot);
            case "CreateTableAsStmt" -> tableOfQuery(node, node.child("into"), node.child("query"), spot);
            case "SelectStmt" -> {
                if (node.has("intoClause")) {
                    tableOfQuery(node, node.child("intoClause"), node, spot);
                }
            }
            case "AlterTableStmt" -> alter(node, spot);
            case "IndexStmt" -> index(node);
            case "DropStmt" -> drop(node);
            case "RenameStmt" -> rename(node, spot);
            case "AlterObjectSchemaStmt" -> move(node, spot);
            case "CreateDomainStmt" -> domain(node);
            case "AlterDomainStmt" -> alterDomain(node);
            case "CreatePolicyStmt" ->
                known.mention(ObjectName.of(node.child("table"))).hasPolicy();
            case "CreateFunctionStmt" -> function(node);
            case "ViewStmt" -> known.view(ObjectName.of(node.child("view")));
            default -> {
                // Nothing that a rule asks for.
            }
        }
    }

    private void table(Node node, Spot spot) {
        ObjectName name = ObjectName.of(node.child("relation"));
        if (node.flag("if_not_exists") && known.table(name).isPresent()) {
            return;
        }
        boolean temporary = isTemporary(node.child("relation"));
        Table table = new Table(name, made(spot));
        table.partitioned(node.has("partspec"));
        table.dependent(!node.list("inhRelations").isEmpty() || temporary || node.has("ofTypename"));
        table.ofAnother(temporary || node.has("partbound"));
        table.listed();
        known.put(table);
        for (Node element : node.list("tableElts")) {
            switch (element.kind()) {
                case "ColumnDef" -> column(table, element, spot, true);
                case "Constraint" -> constraint(table, element, "", spot, true);
                case "TableLikeClause" -> like(table, element, made(spot));
                default -> {
                    // PostgreSQL has no other.
                }
            }
        }
        node.list("inhRelations").stream()
                .map(ObjectName::of)
                .forEach(parent -> known.table(parent).ifPresent(origin -> inherit(table, origin)));
        if (node.has("ofTypename")) {
            table.unlisted(made(spot));
        }
    }

    private static boolean isTemporary(Node relation) {
        return relation.text("relpersistence").equals("t");
    }

    /// Their names are copied, and they are columns of their own.
    private void like(Table table, Node clause, Optional<Spot> made) {
        table.dependent(true);
        Optional<Table> origin =
                known.table(ObjectName.of(clause.child("relation"))).filter(Table::isListed);
        origin.stream()
                .flatMap(found -> found.columns().stream())
                .forEach(column -> table.add(new Column(column.name(), column.type(), column.notNull(), made)));
        if (origin.isEmpty()) {
            table.unlisted(made);
        }
    }

    private static void inherit(Table table, Table parent) {
        parent.columns().stream()
                .filter(column -> !table.hasColumn(column.name()))
                .forEach(column ->
                        table.add(new Column(column.name(), column.type(), column.notNull(), Optional.empty())));
        if (parent.hasRowSecurity()) {
            // A partition is reached through its parent, whose policies hold.
            table.dependent(true);
        }
    }

    /// @param into the `IntoClause`
    private void tableOfQuery(Node node, Node into, Node query, Spot spot) {
        ObjectName name = ObjectName.of(into.child("rel"));
        if (node.text("objtype").equals("OBJECT_MATVIEW")) {
            known.view(name);
            return;
        }
        if (node.flag("if_not_exists") && known.table(name).isPresent()) {
            return;
        }
        boolean temporary = isTemporary(into.child("rel"));
        Table table = new Table(name, made(spot));
        table.dependent(temporary);
        table.ofAnother(temporary);
        table.listed();
        Optional<List<String>> given = new QueryColumns(known).of(query);
        List<String> named = into.texts("colNames");
        List<String> columns = new ArrayList<>(named);
        given.filter(all -> all.size() > named.size())
                .ifPresent(all -> columns.addAll(all.subList(named.size(), all.size())));
        columns.forEach(column -> table.add(new Column(column, ColumnType.UNKNOWN, false, made(spot))));
        if (given.isEmpty()) {
            table.unlisted(made(spot));
        }
        known.put(table);
    }

    private void column(Table table, Node definition, Spot spot, boolean fresh) {
        String name = definition.text("colname");
        ColumnType type = ColumnType.of(definition.child("typeName"));
        boolean notNull = type.isSerial() || definition.flag("is_not_null");
        for (Node constraint : definition.list("constraints")) {
            String kind = constraint.text("contype");
            notNull |= kind.equals("CONSTR_NOTNULL") || kind.equals("CONSTR_PRIMARY") || kind.equals("CONSTR_IDENTITY");
        }
        table.add(new Column(name, plain(type), notNull, made(new Spot(spot.file(), spot.statement(), definition))));
        definition.list("constraints").forEach(constraint -> constraint(table, constraint, name, spot, fresh));
    }

    /// What the catalog holds of a serial.
    private static ColumnType plain(ColumnType type) {
        return switch (type.name()) {
            case "serial" -> new ColumnType("", "int4", List.of(), false);
            case "bigserial" -> new ColumnType("", "int8", List.of(), false);
            case "smallserial" -> new ColumnType("", "int2", List.of(), false);
            default -> type;
        };
    }

    private void constraint(Table table, Node node, String column, Spot spot, boolean fresh) {
        Optional<Kind> kind = kind(node);
        if (kind.isEmpty()) {
            if (node.text("contype").equals("CONSTR_NOTNULL")
                    && !node.texts("keys").isEmpty()) {
                boolean proven = !node.flag("skip_validation");
                node.texts("keys").forEach(key -> table.notNull(key, proven));
            }
            return;
        }
        List<String> columns = columns(node, column);
        Optional<ObjectName> references =
                kind.get() == Kind.FOREIGN ? Optional.of(ObjectName.of(node.child("pktable"))) : Optional.empty();
        if (node.has("indexname")) {
            columns = known.index(table.name().sibling(node.text("indexname")))
                    .map(Index::columns)
                    .orElse(columns);
        }
        // In CREATE TABLE, NOT VALID is taken for VALID: there is no row yet.
        boolean valid = fresh || !node.flag("skip_validation");
        table.add(new Constraint(
                name(table, node, kind.get(), columns),
                kind.get(),
                columns,
                valid,
                node.child("raw_expr"),
                references,
                made(new Spot(spot.file(), spot.statement(), node))));
        if (kind.get() == Kind.PRIMARY) {
            columns.forEach(key -> table.notNull(key, true));
        }
    }

    static Optional<Kind> kind(Node constraint) {
        return switch (constraint.text("contype")) {
            case "CONSTR_CHECK" -> Optional.of(Kind.CHECK);
            case "CONSTR_UNIQUE" -> Optional.of(Kind.UNIQUE);
            case "CONSTR_PRIMARY" -> Optional.of(Kind.PRIMARY);
            case "CONSTR_FOREIGN" -> Optional.of(Kind.FOREIGN);
            case "CONSTR_EXCLUSION" -> Optional.of(Kind.EXCLUDE);
            default -> Optional.empty();
        };
    }

    private static List<String> columns(Node constraint, String column) {
        if (!column.isEmpty()) {
            return List.of(column);
        }
        return Situation.columnsOf(constraint);
    }

    /// The name that PostgreSQL gives, near enough to find the constraint again.
    private static String name(Table table, Node constraint, Kind kind, List<String> columns) {
        if (constraint.has("conname")) {
            return constraint.text("conname");
        }
        if (constraint.has("indexname")) {
            return constraint.text("indexname");
        }
        String middle = columns.isEmpty() ? "" : "_" + String.join("_", columns);
        String base = table.name().name();
        String first = switch (kind) {
            case PRIMARY -> base + "_pkey";
            case UNIQUE -> base + middle + "_key";
            case FOREIGN -> base + middle + "_fkey";
            case CHECK -> base + middle + "_check";
            case EXCLUDE -> base + middle + "_excl";
        };
        String name = first;
        for (int number = 1; table.constraint(name).isPresent(); number++) {
            name = first + number;
        }
        return name;
    }

    private void alter(Node node, Spot spot) {
        ObjectName name = ObjectName.of(node.child("relation"));
        if (!node.text("objtype").equals("OBJECT_TABLE")) {
            return;
        }
        Table table = known.mention(name);
        for (Node command : node.list("cmds")) {
            alter(table, command, spot);
        }
    }

    private void alter(Table table, Node command, Spot spot) {
        String column = command.text("name");
        Node definition = command.child("def");
        switch (command.text("subtype")) {
            case "AT_AddColumn" -> {
                if (!command.flag("missing_ok") || !table.hasColumn(definition.text("colname"))) {
                    column(table, definition, spot, false);
                }
            }
            case "AT_DropColumn" -> table.drop(column);
            case "AT_SetNotNull" -> table.notNull(column, true);
            case "AT_DropNotNull" -> table.notNull(column, false);
            case "AT_AlterColumnType" -> table.retype(column, ColumnType.of(definition.child("typeName")));
            case "AT_AddConstraint" -> constraint(table, definition, "", spot, false);
            case "AT_ValidateConstraint" -> table.validate(column);
            case "AT_DropConstraint" -> table.dropConstraint(column);
            case "AT_EnableRowSecurity" -> table.rowSecurity(true);
            case "AT_DisableRowSecurity" -> table.rowSecurity(false);
            case "AT_AttachPartition" ->
                known.table(ObjectName.of(definition.child("name"))).ifPresent(child -> child.partition(true));
            case "AT_DetachPartition" ->
                known.table(ObjectName.of(definition.child("name"))).ifPresent(child -> child.partition(false));
            default -> {
                // Nothing that a rule asks for.
            }
        }
    }

    private void index(Node node) {
        List<String> columns = node.list("indexParams").stream()
                .map(parameter -> parameter.text("name"))
                .toList();
        ObjectName table = ObjectName.of(node.child("relation"));
        String name =
                node.has("idxname") ? node.text("idxname") : table.name() + "_" + String.join("_", columns) + "_idx";
        known.put(new Index(
                table.sibling(name),
                table,
                columns,
                node.flag("unique"),
                node.child("whereClause").isPresent()));
    }

    private void drop(Node node) {
        for (Node object : node.list("objects")) {
            List<String> parts = object.texts("items");
            if (parts.isEmpty()) {
                continue;
            }
            switch (node.text("removeType")) {
                case "OBJECT_TABLE" -> known.dropTable(ObjectName.of(parts));
                case "OBJECT_INDEX" -> known.dropIndex(ObjectName.of(parts));
                default -> {
                    // Nothing that a rule asks for.
                }
            }
        }
    }

    private void rename(Node node, Spot spot) {
        ObjectName name = ObjectName.of(node.child("relation"));
        switch (node.text("renameType")) {
            case "OBJECT_TABLE" -> known.rename(name, name.sibling(node.text("newname")), made(spot));
            case "OBJECT_COLUMN" -> {
                if (node.text("relationType").equals("OBJECT_TABLE")) {
                    known.mention(name).rename(node.text("subname"), node.text("newname"), made(spot));
                }
            }
            default -> {
                // Nothing that a rule asks for.
            }
        }
    }

    private void move(Node node, Spot spot) {
        if (node.text("objectType").equals("OBJECT_TABLE")) {
            ObjectName name = ObjectName.of(node.child("relation"));
            known.rename(name, new ObjectName(node.text("newschema"), name.name()), made(spot));
        }
    }

    private void domain(Node node) {
        boolean constrained = node.list("constraints").stream()
                .anyMatch(constraint -> constraint.text("contype").equals("CONSTR_CHECK")
                        || constraint.text("contype").equals("CONSTR_NOTNULL"));
        known.put(
                ObjectName.of(node.texts("domainname")),
                new Domain(ColumnType.of(node.child("typeName")), constrained));
    }

    private void alterDomain(Node node) {
        if (node.text("subtype").equals("C") || node.text("subtype").equals("O")) {
            known.constrain(ObjectName.of(node.texts("typeName")));
        }
    }

    /// One that says nothing is volatile.
    private void function(Node node) {
        boolean steady = node.list("options").stream()
                .filter(option -> option.text("defname").equals("volatility"))
                .anyMatch(option -> !option.child("arg").text("sval").equals("volatile"));
        known.steady(ObjectName.of(node.texts("funcname")), steady);
    }
}
