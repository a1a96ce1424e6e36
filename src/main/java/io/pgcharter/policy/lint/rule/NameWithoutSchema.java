package io.pgcharter.policy.lint.rule;

import io.pgcharter.model.operation.LintFinding.Severity;
import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.charter.LintPlan.Names;
import io.pgcharter.policy.lint.Card;
import io.pgcharter.policy.lint.Hit;
import io.pgcharter.policy.lint.Rule;
import io.pgcharter.policy.lint.Situation;
import java.util.List;
import java.util.stream.Stream;

/// A table, view, function or type without its schema, where the charter wants it said.
final class NameWithoutSchema implements Rule {
    private static final Card CARD = new Card(
            "name-without-schema",
            Severity.WARNING,
            "a table, view, sequence, function or type that is made or changed without its schema, where the charter wants it said (`names`)",
            "Which one it is depends on the search_path of whoever runs the file.",
            "Write the schema: guarded.parts.",
            """
            CREATE TABLE parts (id bigint PRIMARY KEY);
            """,
            """
            CREATE TEMP TABLE parts (id bigint PRIMARY KEY);
            CREATE VIEW guarded.part_ids AS SELECT 1 AS id;
            """);

    @Override
    public Card card() {
        return CARD;
    }

    @Override
    public List<Hit> judge(Situation at) {
        if (!at.wishes().demands().names().contains(Names.WITH_SCHEMA)) {
            return List.of();
        }
        Node node = at.node();
        return switch (node.kind()) {
            case "CreateStmt", "AlterTableStmt", "IndexStmt", "RenameStmt", "AlterObjectSchemaStmt", "CreateTrigStmt" ->
                relations(at, Stream.of(node.child("relation")));
            case "CreateTableAsStmt" ->
                relations(at, Stream.of(node.child("into").child("rel")));
            case "ViewStmt" -> relations(at, Stream.of(node.child("view")));
            case "CreateSeqStmt", "AlterSeqStmt" -> relations(at, Stream.of(node.child("sequence")));
            case "CreatePolicyStmt", "AlterPolicyStmt" -> relations(at, Stream.of(node.child("table")));
            case "TruncateStmt" -> relations(at, node.list("relations").stream());
            case "DropStmt" -> dropped(at, node);
            case "CreateFunctionStmt" -> parts(at, node.texts("funcname"));
            case "CreateEnumStmt", "CreateRangeStmt" -> parts(at, node.texts("typeName"));
            case "CompositeTypeStmt" -> relations(at, Stream.of(node.child("typevar")));
            case "CreateDomainStmt" -> parts(at, node.texts("domainname"));
            default -> List.of();
        };
    }

    private static List<Hit> relations(Situation at, Stream<Node> relations) {
        return relations
                .filter(relation -> relation.has("relname") && !relation.has("schemaname"))
                .filter(relation -> !relation.text("relpersistence").equals("t"))
                .map(relation -> at.hit(relation, relation.text("relname") + " has no schema"))
                .toList();
    }

    private static List<Hit> parts(Situation at, List<String> name) {
        return at.when(name.size() == 1, String.join("", name) + " has no schema");
    }

    private static List<Hit> dropped(Situation at, Node node) {
        return switch (node.text("removeType")) {
            case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE", "OBJECT_INDEX" ->
                node.list("objects").stream()
                        .flatMap(object -> parts(at, object.texts("items")).stream())
                        .toList();
            default -> List.of();
        };
    }
}
