package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.LockMode;
import io.pgcharter.model.sql.Node;
import io.pgcharter.policy.lint.Effect.Touch;
import io.pgcharter.policy.lint.Table.Constraint;
import io.pgcharter.policy.lint.Table.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each command of ALTER TABLE does. Locks are those of `AlterTableGetLockLevel` in PostgreSQL's `tablecmds.c`.
final class AlterEffects {
    private final Known known;
    private final Setting setting;

    AlterEffects(Known known, Setting setting) {
        this.known = known;
        this.setting = setting;
    }

    Effect of(ObjectName table, Node command) {
        Node definition = command.child("def");
        String name = command.text("name");
        return switch (command.text("subtype")) {
            case "AT_AddColumn" -> addColumn(table, definition);
            case "AT_AddConstraint" -> addConstraint(table, definition);
            case "AT_AlterColumnType" -> changeType(table, name, definition);
            case "AT_SetNotNull" -> setNotNull(table, name);
            case "AT_ValidateConstraint" -> validate(table, name);
            case "AT_DropConstraint", "AT_DropColumn" -> dropped(table, command);
            case "AT_SetExpression", "AT_SetLogged", "AT_SetUnLogged", "AT_SetAccessMethod", "AT_SetTableSpace" ->
                Effect.rewrite(table, LockMode.ACCESS_EXCLUSIVE);
            case "AT_AttachPartition" -> attach(table, ObjectName.of(definition.child("name")));
            case "AT_DetachPartition" -> detach(table, definition);
            case "AT_AddInherit" ->
                Effect.lock(table, LockMode.ACCESS_EXCLUSIVE)
                        .and(Effect.lock(ObjectName.of(definition), LockMode.SHARE_UPDATE_EXCLUSIVE));
            default -> Effect.lock(table, mode(command.text("subtype")));
        };
    }

    private static LockMode mode(String subtype) {
        return switch (subtype) {
            case "AT_SetStatistics",
                    "AT_SetOptions",
                    "AT_ResetOptions",
                    "AT_SetRelOptions",
                    "AT_ResetRelOptions",
                    "AT_ClusterOn",
                    "AT_DropCluster",
                    "AT_DetachPartitionFinalize" -> LockMode.SHARE_UPDATE_EXCLUSIVE;
            case "AT_EnableTrig",
                    "AT_EnableAlwaysTrig",
                    "AT_EnableReplicaTrig",
                    "AT_EnableTrigAll",
                    "AT_EnableTrigUser",
                    "AT_DisableTrig",
                    "AT_DisableTrigAll",
                    "AT_DisableTrigUser" -> LockMode.SHARE_ROW_EXCLUSIVE;
            default -> LockMode.ACCESS_EXCLUSIVE;
        };
    }

    private Effect addColumn(ObjectName table, Node definition) {
        ColumnType type = ColumnType.of(definition.child("typeName"));
        boolean rewrites = type.isSerial() || known.isConstrainedDomain(type);
        boolean scans = rewrites;
        Effect parents = Effect.NONE;
        boolean hasDefault = definition.list("constraints").stream()
                .anyMatch(constraint -> constraint.text("contype").equals("CONSTR_DEFAULT"));
        for (Node constraint : definition.list("constraints")) {
            switch (constraint.text("contype")) {
                case "CONSTR_DEFAULT" -> rewrites |= Volatility.isVolatile(constraint.child("raw_expr"), known);
                case "CONSTR_IDENTITY" -> rewrites = true;
                case "CONSTR_GENERATED" ->
                    rewrites |= !constraint.text("generated_kind").equals("v");
                case "CONSTR_CHECK", "CONSTR_UNIQUE", "CONSTR_PRIMARY" -> scans = true;
                case "CONSTR_FOREIGN" -> {
                    scans |= hasDefault;
                    parents = parent(table, constraint, hasDefault);
                }
                default -> {
                    // Costs nothing.
                }
            }
        }
        return new Effect(Map.of(table, new Touch(LockMode.ACCESS_EXCLUSIVE, scans || rewrites, rewrites)))
                .and(parents);
    }

    private static Effect parent(ObjectName table, Node constraint, boolean scans) {
        ObjectName parent = ObjectName.of(constraint.child("pktable"));
        return parent.equals(table)
                ? Effect.NONE
                : new Effect(Map.of(parent, new Touch(LockMode.SHARE_ROW_EXCLUSIVE, scans, false)));
    }

    private Effect addConstraint(ObjectName table, Node constraint) {
        boolean scans = !constraint.flag("skip_validation");
        boolean byIndex = constraint.has("indexname");
        return switch (constraint.text("contype")) {
            case "CONSTR_FOREIGN" ->
                new Effect(Map.of(table, new Touch(LockMode.SHARE_ROW_EXCLUSIVE, scans, false)))
                        .and(parent(table, constraint, scans));
            case "CONSTR_PRIMARY" ->
                new Effect(Map.of(
                        table,
                        new Touch(LockMode.ACCESS_EXCLUSIVE, !byIndex || hasNullable(table, constraint), false)));
            case "CONSTR_UNIQUE" -> new Effect(Map.of(table, new Touch(LockMode.ACCESS_EXCLUSIVE, !byIndex, false)));
            case "CONSTR_EXCLUSION" -> Effect.scan(table, LockMode.ACCESS_EXCLUSIVE);
            case "CONSTR_NOTNULL" ->
                new Effect(Map.of(
                        table,
                        new Touch(
                                LockMode.ACCESS_EXCLUSIVE,
                                scans && !constraint.texts("keys").stream().allMatch(column -> isProven(table, column)),
                                false)));
            case "CONSTR_CHECK" -> new Effect(Map.of(table, new Touch(LockMode.ACCESS_EXCLUSIVE, scans, false)));
            default -> Effect.lock(table, LockMode.ACCESS_EXCLUSIVE);
        };
    }

    /// Whether ADD PRIMARY KEY USING INDEX has a hidden SET NOT NULL to do.
    private boolean hasNullable(ObjectName table, Node constraint) {
        return known.index(table.sibling(constraint.text("indexname")))
                .map(index -> index.columns().stream().anyMatch(column -> !isProven(table, column)))
                .orElse(true);
    }

    private boolean isProven(ObjectName table, String column) {
        return known.table(table).filter(found -> found.isProvenNotNull(column)).isPresent();
    }

    private Effect setNotNull(ObjectName table, String column) {
        return new Effect(Map.of(table, new Touch(LockMode.ACCESS_EXCLUSIVE, !isProven(table, column), false)));
    }

    private Effect changeType(ObjectName table, String column, Node definition) {
        return switch (change(table, column, definition)) {
            case FREE -> checked(table, column);
            case FREE_IN_UTC ->
                setting.utc() ? checked(table, column) : Effect.rewrite(table, LockMode.ACCESS_EXCLUSIVE);
            case REWRITES, UNKNOWN -> Effect.rewrite(table, LockMode.ACCESS_EXCLUSIVE);
        };
    }

    private Effect checked(ObjectName table, String column) {
        boolean checked =
                known.table(table).filter(found -> found.isChecked(column)).isPresent();
        return new Effect(Map.of(table, new Touch(LockMode.ACCESS_EXCLUSIVE, checked, false)));
    }

    /// @param definition the `ColumnDef` of `ALTER COLUMN … TYPE`
    TypeChange change(ObjectName table, String column, Node definition) {
        ColumnType to = ColumnType.of(definition.child("typeName"));
        ColumnType from = known.table(table).map(found -> found.typeOf(column)).orElse(ColumnType.UNKNOWN);
        Node using = definition.child("raw_default");
        boolean plain = !using.isPresent()
                || using.is("ColumnRef")
                || (using.is("TypeCast")
                        && using.child("arg").is("ColumnRef")
                        && ColumnType.of(using.child("typeName")).equals(to));
        return plain ? TypeChange.of(from, to, known) : TypeChange.REWRITES;
    }

    private Effect validate(ObjectName table, String name) {
        Optional<Constraint> constraint = known.table(table).flatMap(found -> found.constraint(name));
        if (constraint.filter(Constraint::valid).isPresent()) {
            return Effect.lock(table, LockMode.SHARE_UPDATE_EXCLUSIVE);
        }
        Effect effect = Effect.scan(table, LockMode.SHARE_UPDATE_EXCLUSIVE);
        return constraint
                .flatMap(Constraint::references)
                .filter(parent -> !parent.equals(table))
                .map(parent -> effect.and(Effect.scan(parent, LockMode.ROW_SHARE)))
                .orElse(effect);
    }

    /// A foreign key has triggers on the table that it points to; to drop them, that is locked too.
    private Effect dropped(ObjectName table, Node command) {
        String name = command.text("name");
        boolean column = command.text("subtype").equals("AT_DropColumn");
        Effect effect = Effect.lock(table, LockMode.ACCESS_EXCLUSIVE);
        for (Constraint constraint : known.table(table).map(Table::constraints).orElse(List.of())) {
            boolean goes = column
                    ? constraint.columns().contains(name)
                    : constraint.name().equals(name);
            if (goes
                    && constraint.kind() == Kind.FOREIGN
                    && constraint.references().isPresent()) {
                effect = effect.and(Effect.lock(constraint.references().get(), LockMode.ACCESS_EXCLUSIVE));
            }
        }
        return effect;
    }

    /// Whether a CHECK of the child implies the partition's bounds, only PostgreSQL can tell; a child that has a
    /// valid one besides is taken for prepared.
    private Effect attach(ObjectName parent, ObjectName child) {
        boolean prepared = known.table(child).stream()
                .flatMap(found -> found.constraints().stream())
                .anyMatch(constraint -> constraint.kind() == Kind.CHECK && constraint.valid());
        return Effect.lock(parent, LockMode.SHARE_UPDATE_EXCLUSIVE)
                .and(new Effect(Map.of(child, new Touch(LockMode.ACCESS_EXCLUSIVE, !prepared, false))));
    }

    private static Effect detach(ObjectName parent, Node definition) {
        LockMode mode = definition.flag("concurrent") ? LockMode.SHARE_UPDATE_EXCLUSIVE : LockMode.ACCESS_EXCLUSIVE;
        return Effect.lock(parent, mode)
                .and(Effect.lock(ObjectName.of(definition.child("name")), LockMode.ACCESS_EXCLUSIVE));
    }
}
