package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.LockMode;
import io.pgcharter.model.sql.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What each statement does to the relations that are there before it: the one place that says so. `LintTruthIT`
/// holds it against what PostgreSQL does. Pure.
///
/// Of tables that these files do not make, it says what happens to one that is there and holds rows.
public final class Effects {
    private static final List<LockMode> MODES = List.of(LockMode.values());

    private final Known known;
    private final Setting setting;

    public Effects(Known known, Setting setting) {
        this.known = known;
        this.setting = setting;
    }

    public Effect of(Node node) {
        return switch (node.kind()) {
            case "AlterTableStmt" -> alter(node);
            case "CreateStmt" -> create(node);
            case "IndexStmt" ->
                Effect.scan(relation(node), node.flag("concurrent") ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.SHARE);
            case "ReindexStmt" -> reindex(node);
            case "DropStmt" -> drop(node);
            case "TruncateStmt" -> Effect.all(relations(node, "relations"), LockMode.ACCESS_EXCLUSIVE);
            case "RenameStmt" -> rename(node);
            case "AlterObjectSchemaStmt" ->
                isTable(node.text("objectType")) ? Effect.lock(relation(node), LockMode.ACCESS_EXCLUSIVE) : Effect.NONE;
            case "CreateTrigStmt" -> Effect.lock(relation(node), LockMode.SHARE_ROW_EXCLUSIVE);
            case "RuleStmt" -> Effect.lock(relation(node), LockMode.ACCESS_EXCLUSIVE);
            case "CreatePolicyStmt", "AlterPolicyStmt" ->
                Effect.lock(ObjectName.of(node.child("table")), LockMode.ACCESS_EXCLUSIVE);
            case "RefreshMatViewStmt" -> refresh(node);
            case "AlterDomainStmt" -> domain(node);
            case "VacuumStmt" -> vacuum(node);
            case "ClusterStmt" ->
                node.has("relation") ? Effect.rewrite(relation(node), LockMode.ACCESS_EXCLUSIVE) : Effect.NONE;
            case "LockStmt" -> Effect.all(relations(node, "relations"), lockMode(node.number("mode")));
            default -> quiet(node);
        };
    }

    /// Statements that take no lock for which anybody waits who uses the table as usual.
    private Effect quiet(Node node) {
        return switch (node.kind()) {
            case "CommentStmt" -> comment(node);
            case "CreateStatsStmt" -> Effect.all(relations(node, "relations"), LockMode.SHARE_UPDATE_EXCLUSIVE);
            case "CreatePublicationStmt", "AlterPublicationStmt" -> publication(node);
            case "UpdateStmt", "DeleteStmt" ->
                new Effect(Map.of(
                        relation(node),
                        new Effect.Touch(
                                LockMode.ROW_EXCLUSIVE,
                                !node.child("whereClause").isPresent(),
                                false)));
            case "InsertStmt" -> Effect.lock(relation(node), LockMode.ROW_EXCLUSIVE);
            default -> Effect.NONE;
        };
    }

    private Effect alter(Node node) {
        String kind = node.text("objtype");
        if (kind.equals("OBJECT_INDEX")) {
            boolean copies = node.list("cmds").stream()
                    .anyMatch(command -> command.text("subtype").equals("AT_SetTableSpace"));
            return known.index(relation(node))
                    .filter(_ -> copies)
                    .map(index -> Effect.rewrite(index.table(), LockMode.NONE))
                    .orElse(Effect.NONE);
        }
        if (!kind.equals("OBJECT_TABLE") && !kind.equals("OBJECT_MATVIEW")) {
            return Effect.NONE;
        }
        Effect effect = Effect.NONE;
        for (Node command : node.list("cmds")) {
            effect = effect.and(new AlterEffects(known, setting).of(relation(node), command));
        }
        return effect;
    }

    private Effect create(Node node) {
        Effect effect = Effect.NONE;
        for (Node parent : node.list("inhRelations")) {
            effect = effect.and(Effect.lock(
                    ObjectName.of(parent),
                    node.has("partbound") ? LockMode.ACCESS_EXCLUSIVE : LockMode.SHARE_UPDATE_EXCLUSIVE));
        }
        for (Node element : node.list("tableElts")) {
            List<Node> constraints = element.is("Constraint") ? List.of(element) : element.list("constraints");
            for (Node constraint : constraints) {
                if (constraint.text("contype").equals("CONSTR_FOREIGN")) {
                    ObjectName parent = ObjectName.of(constraint.child("pktable"));
                    effect = parent.equals(relation(node))
                            ? effect
                            : effect.and(Effect.lock(parent, LockMode.SHARE_ROW_EXCLUSIVE));
                }
            }
        }
        return effect;
    }

    private Effect reindex(Node node) {
        boolean concurrent = options(node).contains("concurrently");
        LockMode mode = concurrent ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.SHARE;
        return switch (node.text("kind")) {
            case "REINDEX_OBJECT_INDEX" ->
                known.index(relation(node))
                        .map(index -> Effect.rewrite(index.table(), mode))
                        .orElseGet(() -> Effect.rewrite(relation(node), mode));
            case "REINDEX_OBJECT_TABLE" -> Effect.rewrite(relation(node), mode);
            // Of a schema, a database or the system: what it touches is not in the statement.
            default -> Effect.NONE;
        };
    }

    private Effect drop(Node node) {
        LockMode mode = node.flag("concurrent") ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE;
        Effect effect = Effect.NONE;
        for (Node object : node.list("objects")) {
            List<String> parts = object.texts("items");
            if (!parts.isEmpty()) {
                effect = effect.and(dropped(node.text("removeType"), parts, mode));
            }
        }
        return effect;
    }

    private Effect dropped(String kind, List<String> parts, LockMode mode) {
        return switch (kind) {
            case "OBJECT_TABLE" -> {
                ObjectName name = ObjectName.of(parts);
                Effect effect = Effect.lock(name, mode);
                for (ObjectName parent : parents(name)) {
                    effect = effect.and(Effect.lock(parent, mode));
                }
                yield effect;
            }
            case "OBJECT_MATVIEW" -> Effect.lock(ObjectName.of(parts), mode);
            case "OBJECT_INDEX" ->
                known.index(ObjectName.of(parts))
                        .map(index -> Effect.lock(index.table(), mode))
                        .orElse(Effect.NONE);
            case "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE" ->
                parts.size() < 2 ? Effect.NONE : Effect.lock(ObjectName.of(parts.subList(0, parts.size() - 1)), mode);
            default -> Effect.NONE;
        };
    }

    /// The tables that foreign keys of `table` point to.
    private List<ObjectName> parents(ObjectName table) {
        return known.table(table).stream()
                .flatMap(found -> found.constraints().stream())
                .flatMap(constraint -> constraint.references().stream())
                .filter(parent -> !parent.equals(table))
                .distinct()
                .toList();
    }

    private static Effect rename(Node node) {
        return switch (node.text("renameType")) {
            case "OBJECT_TABLE", "OBJECT_MATVIEW", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY" ->
                Effect.lock(relation(node), LockMode.ACCESS_EXCLUSIVE);
            case "OBJECT_COLUMN" ->
                isTable(node.text("relationType"))
                        ? Effect.lock(relation(node), LockMode.ACCESS_EXCLUSIVE)
                        : Effect.NONE;
            default -> Effect.NONE;
        };
    }

    private static boolean isTable(String kind) {
        return kind.equals("OBJECT_TABLE") || kind.equals("OBJECT_MATVIEW");
    }

    private static Effect refresh(Node node) {
        return node.flag("concurrent")
                ? Effect.scan(relation(node), LockMode.EXCLUSIVE)
                : Effect.rewrite(relation(node), LockMode.ACCESS_EXCLUSIVE);
    }

    private Effect domain(Node node) {
        boolean constraint =
                node.text("subtype").equals("C") && !node.child("def").flag("skip_validation");
        if (!constraint
                && !node.text("subtype").equals("O")
                && !node.text("subtype").equals("V")) {
            return Effect.NONE;
        }
        Effect effect = Effect.NONE;
        for (ObjectName table : known.using(ObjectName.of(node.texts("typeName")))) {
            effect = effect.and(Effect.scan(table, LockMode.SHARE));
        }
        return effect;
    }

    private static Effect vacuum(Node node) {
        boolean full = options(node).contains("full");
        Effect effect = Effect.NONE;
        for (Node relation : node.list("rels")) {
            ObjectName name = ObjectName.of(relation.child("relation"));
            effect = effect.and(
                    full
                            ? Effect.rewrite(name, LockMode.ACCESS_EXCLUSIVE)
                            : Effect.lock(name, LockMode.SHARE_UPDATE_EXCLUSIVE));
        }
        return effect;
    }

    static List<String> options(Node node) {
        return Stream.concat(node.list("params").stream(), node.list("options").stream())
                .filter(option -> !List.of("false", "off", "0")
                        .contains(option.child("arg").text("sval")))
                .map(option -> option.text("defname"))
                .toList();
    }

    private static Effect comment(Node node) {
        List<String> parts = node.child("object").texts("items");
        return switch (node.text("objtype")) {
            case "OBJECT_TABLE" -> Effect.lock(ObjectName.of(parts), LockMode.SHARE_UPDATE_EXCLUSIVE);
            case "OBJECT_COLUMN" ->
                parts.size() < 2
                        ? Effect.NONE
                        : Effect.lock(
                                ObjectName.of(parts.subList(0, parts.size() - 1)), LockMode.SHARE_UPDATE_EXCLUSIVE);
            default -> Effect.NONE;
        };
    }

    private static Effect publication(Node node) {
        Effect effect = Effect.NONE;
        for (Node object : node.list("pubobjects")) {
            Node relation = object.child("pubtable").child("relation");
            effect = relation.has("relname")
                    ? effect.and(Effect.lock(ObjectName.of(relation), LockMode.SHARE_UPDATE_EXCLUSIVE))
                    : effect;
        }
        return effect;
    }

    /// `LOCK TABLE` has PostgreSQL's own numbers: `AccessShareLock` is 1, `AccessExclusiveLock` is 8.
    private static LockMode lockMode(long number) {
        return MODES.get(Math.clamp(number, 0, 8));
    }

    private static ObjectName relation(Node node) {
        return ObjectName.of(node.child("relation"));
    }

    private static List<ObjectName> relations(Node node, String field) {
        return node.list(field).stream().map(ObjectName::of).toList();
    }
}
