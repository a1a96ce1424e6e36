package io.pgcharter.policy.rehearsal;

import static io.pgcharter.policy.rehearsal.Search.ALIAS;
import static io.pgcharter.policy.rehearsal.Search.quoted;

import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Script;
import io.pgcharter.model.sql.Statement;
import io.pgcharter.model.sql.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which rows would make a statement fail, as questions that can be asked before it runs: made of its tree.
public final class Searches {
    private final Schema schema;
    private final Words words;
    private final List<Search> searches = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private boolean changesRows;

    private Searches(Schema schema, Words words) {
        this.schema = schema;
        this.words = words;
    }

    /// What a search has to know of tables. Tables are as SQL names them, quoted; so are columns.
    public interface Schema {
        /// The columns of the primary key, in order; empty if there is none.
        List<String> primaryKey(String table);

        /// The columns that a partitioned table is divided by; nothing where nobody is to see keys.
        default List<String> partitionKey(String table) {
            return List.of();
        }

        /// The partition of those rows that fit into no other; empty if there is none, or nobody looks.
        default Optional<String> defaultPartition(String table) {
            return Optional.empty();
        }

        /// `ALTER TABLE … ADD …` of a constraint that is there, parsed; empty if there is none.
        Optional<Parsing> constraint(String table, String name);
    }

    /// One statement with the tokens of its text.
    public record Parsing(Script script, List<Token> tokens) {
        public Parsing {
            tokens = List.copyOf(tokens);
        }
    }

    /// @param unknown what could make the statement fail and is not searched for
    /// @param changesRows whether it fails of the rows that it makes, if at all
    public record Found(List<Search> searches, List<String> unknown, boolean changesRows) {
        public Found {
            searches = List.copyOf(searches);
            unknown = List.copyOf(unknown);
        }
    }

    public static Found of(Parsing parsing, Schema schema) {
        Searches found = new Searches(schema, new Words(parsing.script().text(), parsing.tokens()));
        Statement statement = parsing.script().statements().getFirst();
        found.statement(statement.node());
        return new Found(found.searches, found.unknown, found.changesRows);
    }

    private void statement(Node node) {
        switch (node.kind()) {
            case "IndexStmt" -> index(node);
            case "AlterTableStmt" -> {
                String table = table(node.child("relation"));
                node.list("cmds").forEach(command -> command(table, command));
            }
            case "CreateStmt", "CommentStmt", "VariableSetStmt" -> {
                // No row that is there can be in their way.
            }
            default -> {
                changesRows = true;
                unknown.add("what a " + node.kind().replaceFirst("Stmt$", "").toUpperCase(java.util.Locale.ROOT)
                        + " meets in rows");
            }
        }
    }

    private static String table(Node relation) {
        String name = quoted(relation.text("relname"));
        return relation.text("schemaname").isEmpty() ? name : quoted(relation.text("schemaname")) + "." + name;
    }

    private void command(String table, Node command) {
        Node definition = command.child("def");
        switch (command.text("subtype")) {
            case "AT_AddConstraint" -> constraint(table, definition);
            case "AT_SetNotNull" -> nulls(table, List.of(quoted(command.text("name"))));
            case "AT_AlterColumnType" -> type(table, command, definition);
            case "AT_AddColumn" -> column(table, definition);
            case "AT_ValidateConstraint" ->
                schema.constraint(table, command.text("name"))
                        .ifPresentOrElse(this::validated, () -> unknown.add("the constraint " + command.text("name")));
            case "AT_AttachPartition" -> partition(table, definition);
            default -> {
                // Catalogs only.
            }
        }
    }

    /// What is there is looked at as if it were added.
    private void validated(Parsing parsing) {
        Found found = of(parsing, schema);
        searches.addAll(found.searches());
        unknown.addAll(found.unknown());
    }

    private void constraint(String table, Node constraint) {
        switch (constraint.text("contype")) {
            case "CONSTR_UNIQUE", "CONSTR_PRIMARY" -> {
                boolean isPrimary = constraint.text("contype").equals("CONSTR_PRIMARY");
                List<String> columns = quotedAll(constraint.texts("keys"));
                if (columns.isEmpty()) {
                    unknown.add("what the index " + constraint.text("indexname") + " is made of");
                    return;
                }
                if (isPrimary) {
                    nulls(table, columns);
                }
                duplicates(table, columns, "", constraint.flag("nulls_not_distinct"), Set.copyOf(columns));
            }
            case "CONSTR_FOREIGN" -> {
                if (!constraint.flag("skip_validation")) {
                    orphans(table, constraint);
                }
            }
            case "CONSTR_CHECK" -> {
                if (!constraint.flag("skip_validation")) {
                    check(table, constraint);
                }
            }
            case "CONSTR_NOTNULL" -> {
                if (!constraint.flag("skip_validation")) {
                    nulls(table, quotedAll(constraint.texts("keys")));
                }
            }
            case "CONSTR_EXCLUSION" -> exclusion(table, constraint);
            default -> {
                // Others say nothing of rows.
            }
        }
    }

    private static List<String> quotedAll(List<String> names) {
        return names.stream().map(Search::quoted).toList();
    }

    private void nulls(String table, List<String> columns) {
        for (String column : columns) {
            searches.add(Search.of(table, "NULL in " + column, column + " is null", Set.of(column)));
        }
    }

    /// Of a column that is new: no row has a value for it.
    private void column(String table, Node definition) {
        List<String> kinds = definition.list("constraints").stream()
                .map(constraint -> constraint.text("contype"))
                .toList();
        String name = quoted(definition.text("colname"));
        boolean isFilled = kinds.stream()
                .anyMatch(kind -> kind.equals("CONSTR_DEFAULT")
                        || kind.equals("CONSTR_IDENTITY")
                        || kind.equals("CONSTR_GENERATED"));
        if (kinds.contains("CONSTR_NOTNULL") && !isFilled) {
            searches.add(Search.of(table, "rows without a value for " + name, "true", Set.of()));
        } else if (kinds.contains("CONSTR_PRIMARY")
                || kinds.contains("CONSTR_UNIQUE")
                || kinds.contains("CONSTR_CHECK")) {
            unknown.add("what the new column " + name + " has in each row");
        }
    }

    /// @param predicate SQL that limits the rows; empty for all
    private void duplicates(
            String table, List<String> parts, String predicate, boolean nullsAreEqual, Set<String> columns) {
        List<String> conditions = new ArrayList<>();
        if (!predicate.isEmpty()) {
            conditions.add("(" + predicate + ")");
        }
        if (!nullsAreEqual) {
            parts.forEach(part -> conditions.add("(" + part + ") is not null"));
        }
        // Nothing but its place tells a row from its duplicate.
        searches.add(Search.of(
                table,
                "duplicates of (" + String.join(", ", parts) + ")",
                "(tableoid, ctid) in (select pg_catalog.unnest(pg_catalog.array_agg(tableoid)),"
                        + " pg_catalog.unnest(pg_catalog.array_agg(ctid)) from " + table
                        + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions)) + " group by "
                        + String.join(", ", parts) + " having count(*) > 1)",
                columns));
    }

    private void index(Node index) {
        if (!index.flag("unique")) {
            unknown.add("values that the index cannot hold");
            return;
        }
        int open = words.open(words.find(0, "ON"));
        List<int[]> items = words.items(open);
        List<Node> elements = index.list("indexParams");
        List<String> parts = new ArrayList<>();
        for (int at = 0; at < elements.size(); at++) {
            parts.add(part(elements.get(at), items.get(at)));
        }
        int where = words.find(words.close(open) + 1, "WHERE");
        duplicates(
                table(index.child("relation")),
                parts,
                where < words.size() ? words.text(where + 1, words.until(where + 1, words.size(), Set.of())) : "",
                index.flag("nulls_not_distinct"),
                columns(elements));
    }

    private static Set<String> columns(List<Node> elements) {
        Set<String> columns = new HashSet<>();
        elements.forEach(element -> {
            columns.add(quoted(element.text("name")));
            columns.addAll(named(element.child("expr")));
        });
        return columns;
    }

    /// What an element of an index takes of a row.
    private String part(Node element, int[] item) {
        List<String> collation = element.texts("collation");
        return (element.text("name").isEmpty() ? expression(item) : quoted(element.text("name")))
                + (collation.isEmpty()
                        ? ""
                        : " collate " + collation.stream().map(Search::quoted).collect(Collectors.joining(".")));
    }

    /// Rows of which each excludes another. The index that the constraint would have finds them.
    private void exclusion(String table, Node constraint) {
        int begin = words.find(words.at(constraint.location().orElse(0)), "EXCLUDE");
        int open = words.open(begin);
        List<int[]> items = words.items(open);
        List<Node> elements = constraint.list("exclusions").stream()
                .map(pair -> pair.list("items").getFirst())
                .toList();
        List<String> indexed = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        List<String> holding = new ArrayList<>();
        for (int at = 0; at < elements.size(); at++) {
            int[] item = items.get(at);
            int with = words.until(item[0], item[1], Set.of("WITH"));
            indexed.add(words.text(item[0], with));
            parts.add(part(elements.get(at), item));
            holding.add("one.p" + at + " " + words.text(with + 1, item[1]) + " other.p" + at);
        }
        int end = words.until(words.close(open) + 1, words.size(), Set.of());
        int where = words.until(words.close(open) + 1, end, Set.of("WHERE"));
        Exclusion exclusion = new Exclusion(
                table,
                words.text(begin + 1, open) + " (" + String.join(", ", indexed) + ")",
                where < end ? " where " + words.text(where + 1, words.close(words.open(where)) + 1) : "",
                parts,
                holding);
        searches.add(exclusion.search(columns(elements)));
    }

    /// Rows outside of the bounds; and those in the default partition that lie within.
    private void partition(String parent, Node command) {
        String child = table(command.child("name"));
        int bounds = Math.min(words.find(0, "FOR"), words.find(0, "DEFAULT"));
        Attachment attachment =
                new Attachment(parent, child, words.text(bounds, words.until(bounds, words.size(), Set.of())));
        Set<String> columns = Set.copyOf(schema.partitionKey(parent));
        searches.add(attachment.outside(columns));
        schema.defaultPartition(parent).ifPresent(fallback -> searches.add(attachment.within(fallback, columns)));
    }

    /// One in parentheses, or a call of a function; an operator class and an order may follow.
    private String expression(int[] item) {
        int open = words.open(item[0]);
        return words.text(item[0], words.close(open) + 1);
    }

    private void check(String table, Node constraint) {
        int open = words.open(words.at(constraint.location().orElse(0)));
        String expression = words.text(open + 1, words.close(open));
        Set<String> columns = named(constraint.child("raw_expr"));
        searches.add(Search.of(
                table,
                "rows against " + (constraint.text("conname").isEmpty() ? "the check" : constraint.text("conname")),
                "(tableoid, ctid) in (select tableoid, ctid from " + table + " where not (" + expression + "))",
                columns));
    }

    /// The columns that an expression names, quoted.
    private static Set<String> named(Node expression) {
        return expression
                .descendants()
                .filter(node -> node.is("ColumnRef"))
                .map(node -> node.texts("fields"))
                .filter(fields -> !fields.isEmpty())
                .map(fields -> quoted(fields.getLast()))
                .collect(Collectors.toSet());
    }

    private void orphans(String table, Node constraint) {
        List<String> columns = quotedAll(constraint.texts("fk_attrs"));
        String parent = table(constraint.child("pktable"));
        List<String> keys = quotedAll(constraint.texts("pk_attrs"));
        if (keys.isEmpty()) {
            keys = schema.primaryKey(parent);
        }
        if (columns.size() != keys.size()) {
            unknown.add("rows of " + table + " without one in " + parent);
            return;
        }
        List<String> present = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int at = 0; at < columns.size(); at++) {
            present.add(ALIAS + "." + columns.get(at) + " is not null");
            equal.add("parent." + keys.get(at) + " = " + ALIAS + "." + columns.get(at));
        }
        String missing = String.join(" and ", present) + " and not exists (select from " + parent + " as parent where "
                + String.join(" and ", equal) + ")";
        boolean isFull = constraint.text("fk_matchtype").equals("f") && columns.size() > 1;
        String some = "pg_catalog.num_nulls(" + String.join(", ", columns) + ") between 1 and " + (columns.size() - 1);
        searches.add(Search.of(
                table,
                "(" + String.join(", ", columns) + ") without a row in " + parent,
                isFull ? "((" + some + ") or (" + missing + "))" : missing,
                Set.copyOf(columns)));
    }

    private void type(String table, Node command, Node definition) {
        int from = words.find(words.at(definition.location().orElse(0)), "TYPE");
        if (from >= words.size()) {
            unknown.add("values that cannot become the new type of " + command.text("name"));
            return;
        }
        int end = words.until(from + 1, words.size(), Set.of());
        int type = words.until(from + 1, end, Set.of("COLLATE", "USING"));
        int using = words.until(from + 1, end, Set.of("USING"));
        String column = quoted(command.text("name"));
        // An expression may speak of its table.
        String name = table.substring(table.lastIndexOf(".\"") + 1);
        String value = using < end ? words.text(using + 1, end) : column;
        Set<String> columns = new HashSet<>(named(definition.child("raw_default")));
        columns.add(column);
        searches.add(new Search(
                table,
                "values of " + column + " that are no " + words.text(from + 1, type),
                "(tableoid, ctid) in (select leaf, place from pg_temp.pgcharter_misfit)",
                columns,
                List.of(Misfits.table(words.text(from + 1, type)), Misfits.find(table, name, value))));
    }
}
