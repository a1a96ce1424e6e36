package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The names of the columns that a query gives, as PostgreSQL chooses them (`FigureColname` in its sources).
final class QueryColumns {
    /// What a column is called whose expression has no name.
    private static final String NAMELESS = "?column?";

    private final Known known;

    QueryColumns(Known known) {
        this.known = known;
    }

    /// @return empty if they depend on a table or function whose columns are not known
    Optional<List<String>> of(Node query) {
        if (!query.is("SelectStmt") && !query.has("targetList") && !query.has("larg") && !query.has("valuesLists")) {
            return Optional.empty();
        }
        if (query.has("larg")) {
            return of(query.child("larg"));
        }
        if (query.has("valuesLists")) {
            int count = query.list("valuesLists").getFirst().list("items").size();
            List<String> columns = new ArrayList<>();
            for (int column = 1; column <= count; column++) {
                columns.add("column" + column);
            }
            return Optional.of(columns);
        }
        List<String> columns = new ArrayList<>();
        for (Node target : query.list("targetList")) {
            Node value = target.child("val");
            if (target.has("name")) {
                columns.add(target.text("name"));
            } else if (isStar(value)) {
                Optional<List<String>> all = star(query, value);
                if (all.isEmpty()) {
                    return Optional.empty();
                }
                columns.addAll(all.get());
            } else {
                columns.add(name(value));
            }
        }
        return Optional.of(columns);
    }

    private static boolean isStar(Node value) {
        return value.is("ColumnRef") && value.list("fields").stream().anyMatch(field -> field.is("A_Star"));
    }

    /// The columns of all tables of FROM, or of the one that stands before the star.
    private Optional<List<String>> star(Node query, Node star) {
        List<String> before = star.texts("fields");
        List<String> columns = new ArrayList<>();
        for (Node from : query.list("fromClause")) {
            if (!from.is("RangeVar") || query.has("withClause")) {
                return Optional.empty();
            }
            Node alias = from.child("alias");
            String called = alias.isPresent() ? alias.text("aliasname") : from.text("relname");
            if (!before.isEmpty() && !before.getLast().equals(called)) {
                continue;
            }
            Optional<Table> table = known.table(ObjectName.of(from)).filter(Table::isListed);
            if (table.isEmpty() || alias.has("colnames")) {
                return Optional.empty();
            }
            table.get().columns().forEach(column -> columns.add(column.name()));
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
    }

    private static String name(Node value) {
        return switch (value.kind()) {
            case "ColumnRef" -> value.texts("fields").getLast();
            case "FuncCall" -> value.texts("funcname").getLast();
            case "TypeCast" -> {
                String inner = name(value.child("arg"));
                List<String> type = value.child("typeName").texts("names");
                yield inner.equals(NAMELESS) && !type.isEmpty() ? type.getLast() : inner;
            }
            case "CollateClause" -> name(value.child("arg"));
            case "CaseExpr" -> {
                String otherwise = name(value.child("defresult"));
                yield otherwise.equals(NAMELESS) ? "case" : otherwise;
            }
            case "CoalesceExpr" -> "coalesce";
            case "A_ArrayExpr" -> "array";
            case "RowExpr" -> "row";
            case "MinMaxExpr" -> value.text("op").equals("IS_LEAST") ? "least" : "greatest";
            case "SubLink" -> subquery(value);
            default -> NAMELESS;
        };
    }

    private static String subquery(Node link) {
        return switch (link.text("subLinkType")) {
            case "EXISTS_SUBLINK" -> "exists";
            case "ARRAY_SUBLINK" -> "array";
            case "EXPR_SUBLINK" -> {
                List<Node> targets = link.child("subselect").list("targetList");
                yield targets.isEmpty()
                        ? NAMELESS
                        : targets.getFirst().has("name")
                                ? targets.getFirst().text("name")
                                : name(targets.getFirst().child("val"));
            }
            default -> NAMELESS;
        };
    }
}
