package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of a table. Not thread-safe: it grows while statements are read.
public final class Table {
    private final ObjectName name;
    private final Optional<Spot> born;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, Constraint> constraints = new LinkedHashMap<>();
    private boolean partitioned;
    private boolean dependent;
    private boolean rowSecurity;
    private boolean policies;
    private boolean doubtful;
    private boolean listed;
    private boolean ofAnother;
    private Optional<Spot> unlisted = Optional.empty();

    /// @param born the statement that makes it; empty for one that is there before the first file
    Table(ObjectName name, Optional<Spot> born) {
        this.name = name;
        this.born = born;
    }

    /// A column.
    ///
    /// @param made the statement that makes it or gives it its name; empty for one that is there before the first
    /// file, or that a parent has
    public record Column(String name, ColumnType type, boolean notNull, Optional<Spot> made) {
        Column doubted(Column then) {
            return new Column(name, type.equals(then.type) ? type : ColumnType.UNKNOWN, notNull && then.notNull, made);
        }

        Column doubted() {
            return new Column(name, ColumnType.UNKNOWN, false, made);
        }
    }

    /// A constraint.
    ///
    /// @param condition of a CHECK, else [Node#NONE]
    /// @param references of a foreign key
    /// @param made where; empty for one that is there before the first file
    public record Constraint(
            String name,
            Kind kind,
            List<String> columns,
            boolean valid,
            Node condition,
            Optional<ObjectName> references,
            Optional<Spot> made) {
        public Constraint {
            columns = List.copyOf(columns);
        }

        Constraint validated(boolean is) {
            return new Constraint(name, kind, columns, is, condition, references, made);
        }
    }

    /// Kinds of constraints.
    public enum Kind {
        CHECK,
        UNIQUE,
        PRIMARY,
        FOREIGN,
        EXCLUDE
    }

    public ObjectName name() {
        return name;
    }

    public Optional<Spot> born() {
        return born;
    }

    public List<Column> columns() {
        return List.copyOf(columns.values());
    }

    public List<Constraint> constraints() {
        return List.copyOf(constraints.values());
    }

    public Optional<Constraint> constraint(String wanted) {
        return Optional.ofNullable(constraints.get(wanted));
    }

    public ColumnType typeOf(String column) {
        Column known = columns.get(column);
        return known == null ? ColumnType.UNKNOWN : known.type();
    }

    boolean uses(ObjectName domain) {
        return columns.values().stream()
                .anyMatch(column -> column.type().object().equals(domain));
    }

    public boolean isNotNull(String column) {
        Column known = columns.get(column);
        return known != null && known.notNull();
    }

    /// Whether a valid CHECK says that `column` holds no NULL, so that SET NOT NULL reads no row.
    public boolean isProvenNotNull(String column) {
        return isNotNull(column)
                || constraints.values().stream()
                        .anyMatch(constraint -> constraint.kind() == Kind.CHECK
                                && constraint.valid()
                                && saysNotNull(constraint.condition(), column));
    }

    private static boolean saysNotNull(Node condition, String column) {
        if (condition.is("BoolExpr") && condition.text("boolop").equals("AND_EXPR")) {
            return condition.list("args").stream().anyMatch(part -> saysNotNull(part, column));
        }
        return condition.is("NullTest")
                && condition.text("nulltesttype").equals("IS_NOT_NULL")
                && condition.child("arg").texts("fields").equals(List.of(column));
    }

    /// Whether a CHECK speaks of `column`: changing its type reads the rows again to check it.
    boolean isChecked(String column) {
        return constraints.values().stream()
                .filter(constraint -> constraint.kind() == Kind.CHECK && constraint.valid())
                .anyMatch(constraint -> constraint
                        .condition()
                        .descendants()
                        .anyMatch(node ->
                                node.is("ColumnRef") && node.texts("fields").contains(column)));
    }

    public boolean hasPrimaryKey() {
        return constraints.values().stream().anyMatch(constraint -> constraint.kind() == Kind.PRIMARY);
    }

    public boolean isPartitioned() {
        return partitioned;
    }

    /// Whether it is temporary, a partition, or inherits: what is asked of tables is then asked of another.
    public boolean isDependent() {
        return dependent;
    }

    public boolean hasRowSecurity() {
        return rowSecurity;
    }

    public boolean hasPolicies() {
        return policies;
    }

    void add(Column column) {
        columns.put(column.name(), column);
    }

    void add(Constraint constraint) {
        constraints.put(constraint.name(), constraint);
    }

    void notNull(String column, boolean notNull) {
        columns.put(column, new Column(column, typeOf(column), notNull, madeOf(column)));
    }

    void retype(String column, ColumnType type) {
        columns.put(column, new Column(column, type, isNotNull(column), madeOf(column)));
    }

    private Optional<Spot> madeOf(String column) {
        return Optional.ofNullable(columns.get(column)).flatMap(Column::made);
    }

    boolean hasColumn(String column) {
        return columns.containsKey(column);
    }

    void drop(String column) {
        columns.remove(column);
        new ArrayList<>(constraints.values())
                .stream()
                        .filter(constraint -> constraint.columns().contains(column))
                        .forEach(constraint -> constraints.remove(constraint.name()));
    }

    void dropConstraint(String constraint) {
        constraints.remove(constraint);
    }

    void validate(String constraint) {
        constraints.computeIfPresent(constraint, (_, known) -> known.validated(true));
    }

    /// @param made where; empty for what is there before the first file
    void rename(String column, String other, Optional<Spot> made) {
        add(new Column(other, typeOf(column), isNotNull(column), made));
        columns.remove(column);
    }

    void partitioned(boolean is) {
        partitioned = is;
    }

    void dependent(boolean is) {
        dependent = is;
    }

    void rowSecurity(boolean is) {
        rowSecurity = is;
    }

    void hasPolicy() {
        policies = true;
    }

    /// Says that its columns are known, all of them.
    void listed() {
        listed = true;
    }

    boolean isListed() {
        return listed;
    }

    /// Says whether it is attached to another.
    void partition(boolean is) {
        dependent = is;
        ofAnother = is;
    }

    void ofAnother(boolean is) {
        ofAnother = is;
    }

    /// Whether nobody classifies its columns: it is temporary, or a partition, whose columns are the parent's.
    public boolean isOfAnother() {
        return ofAnother;
    }

    /// Says that it has columns besides those that are known.
    void unlisted(Optional<Spot> made) {
        listed = false;
        unlisted = made;
    }

    /// The statement that gives it columns that cannot be told from the files.
    public Optional<Spot> unlisted() {
        return unlisted;
    }

    /// Whether it may be another one than these files make, or none.
    boolean isDoubtful() {
        return doubtful;
    }

    /// The same under another name, which all its columns get with it.
    Table named(ObjectName other, Optional<Spot> made) {
        Table copy = copied(other);
        copy.columns.replaceAll((name, column) -> new Column(name, column.type(), column.notNull(), made));
        return copy;
    }

    Table copy() {
        return copied(name);
    }

    private Table copied(ObjectName other) {
        Table copy = new Table(other, born);
        copy.columns.putAll(columns);
        copy.constraints.putAll(constraints);
        copy.partitioned = partitioned;
        copy.dependent = dependent;
        copy.rowSecurity = rowSecurity;
        copy.policies = policies;
        copy.doubtful = doubtful;
        copy.listed = listed;
        copy.ofAnother = ofAnother;
        copy.unlisted = unlisted;
        return copy;
    }

    /// One that may not be as it is known, or not be there.
    Table doubted() {
        Table doubted = copy();
        doubted.doubtful = true;
        doubted.listed = false;
        doubted.columns.replaceAll((_, column) -> column.doubted());
        doubted.constraints.replaceAll((_, constraint) -> constraint.validated(false));
        return doubted;
    }

    /// One that is as it is known here, or as it was known before.
    Table doubted(Table then) {
        Table doubted = copy();
        doubted.doubtful |= then.doubtful || !born.equals(then.born);
        then.columns.forEach((name, column) -> doubted.columns.putIfAbsent(name, column.doubted()));
        doubted.columns.replaceAll((name, column) -> {
            Column before = then.columns.get(name);
            return before == null ? column.doubted() : column.doubted(before);
        });
        then.constraints.forEach(doubted.constraints::putIfAbsent);
        doubted.constraints.replaceAll((name, constraint) -> constraint.validated(constraint.valid()
                && constraints.containsKey(name)
                && Optional.ofNullable(then.constraints.get(name))
                        .filter(Constraint::valid)
                        .isPresent()));
        doubted.listed &= then.listed && columns.keySet().equals(then.columns.keySet());
        doubted.partitioned |= then.partitioned;
        doubted.dependent &= then.dependent;
        doubted.rowSecurity &= then.rowSecurity;
        doubted.policies &= then.policies;
        doubted.unlisted = unlisted.or(() -> then.unlisted);
        return doubted;
    }
}
