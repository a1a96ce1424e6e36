package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.model.sql.Script;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The schema as far as the target's catalogs and the statements read so far tell it. What it does not know, it may
/// still be there: a table that no statement made is taken for one that is there and holds rows. Not thread-safe.
public final class Known {
    private final Map<ObjectName, Table> tables = new LinkedHashMap<>();
    private final Map<ObjectName, Index> indexes = new LinkedHashMap<>();
    private final Map<ObjectName, Domain> domains = new HashMap<>();
    private final Set<ObjectName> steadyFunctions = new LinkedHashSet<>();
    private final Set<ObjectName> views = new LinkedHashSet<>();

    /// An index.
    ///
    /// @param columns that are plain ones, in order; an expression is an empty text
    public record Index(ObjectName name, ObjectName table, List<String> columns, boolean unique, boolean partial) {
        public Index {
            columns = List.copyOf(columns);
        }
    }

    /// A domain.
    record Domain(ColumnType base, boolean constrained) {}

    /// Takes what a text makes for what is there before the first file.
    public void assume(Script script) {
        SqlFile there = new SqlFile("", script.text(), new Parsed.Sql(script), List.of(), Map.of());
        Learning learning = new Learning(this, true);
        script.statements().forEach(statement -> learning.learn(new Spot(there, statement, Node.NONE)));
    }

    public Optional<Table> table(ObjectName name) {
        return Optional.ofNullable(tables.get(name));
    }

    public Collection<Table> tables() {
        return List.copyOf(tables.values());
    }

    public Optional<Index> index(ObjectName name) {
        return Optional.ofNullable(indexes.get(name));
    }

    /// The indexes of a table that are known, those of constraints not among them.
    public List<Index> indexesOf(ObjectName table) {
        return indexes.values().stream()
                .filter(index -> index.table().equals(table))
                .toList();
    }

    /// Tables that have a foreign key to `table`.
    public List<Table> referencing(ObjectName table) {
        return tables.values().stream()
                .filter(other -> other.constraints().stream()
                        .anyMatch(constraint -> constraint.references().equals(Optional.of(table))))
                .toList();
    }

    /// Tables with a column of the domain.
    List<ObjectName> using(ObjectName domain) {
        return tables.values().stream()
                .filter(table -> table.uses(domain))
                .map(Table::name)
                .toList();
    }

    public boolean isDomain(ColumnType type) {
        return domains.containsKey(type.object());
    }

    public boolean isConstrainedDomain(ColumnType type) {
        Domain domain = domains.get(type.object());
        return domain != null && (domain.constrained() || isConstrainedDomain(domain.base()));
    }

    /// What a domain stands for, down to a type that is none.
    ColumnType base(ColumnType type) {
        Domain domain = type.array() ? null : domains.get(type.object());
        return domain == null ? type : base(domain.base());
    }

    /// Whether a function of these files is said to be `STABLE` or `IMMUTABLE`.
    boolean isSteady(ObjectName function) {
        return steadyFunctions.contains(function);
    }

    boolean isView(ObjectName name) {
        return views.contains(name);
    }

    /// The table, made known if it was not.
    Table mention(ObjectName name) {
        return tables.computeIfAbsent(name, known -> new Table(known, Optional.empty()));
    }

    void put(Table table) {
        tables.put(table.name(), table);
    }

    void put(Index index) {
        indexes.put(index.name(), index);
    }

    void put(ObjectName name, Domain domain) {
        domains.put(name, domain);
    }

    void constrain(ObjectName name) {
        Domain domain = domains.get(name);
        domains.put(name, new Domain(domain == null ? ColumnType.UNKNOWN : domain.base(), true));
    }

    void steady(ObjectName function, boolean is) {
        if (is) {
            steadyFunctions.add(function);
        } else {
            steadyFunctions.remove(function);
        }
    }

    void view(ObjectName name) {
        views.add(name);
    }

    void dropTable(ObjectName name) {
        tables.remove(name);
        indexes.values().removeIf(index -> index.table().equals(name));
    }

    void dropIndex(ObjectName name) {
        indexes.remove(name);
    }

    /// @param made where; empty for what is there before the first file
    void rename(ObjectName name, ObjectName other, Optional<Spot> made) {
        Table table = tables.remove(name);
        if (table != null) {
            tables.put(other, table.named(other, made));
            indexesOf(name)
                    .forEach(index -> indexes.put(
                            index.name(),
                            new Index(index.name(), other, index.columns(), index.unique(), index.partial())));
        }
    }

    Known copy() {
        Known copy = new Known();
        tables.forEach((name, table) -> copy.tables.put(name, table.copy()));
        copy.indexes.putAll(indexes);
        copy.domains.putAll(domains);
        copy.steadyFunctions.addAll(steadyFunctions);
        copy.views.addAll(views);
        return copy;
    }

    /// Takes into account that what has been learnt since `before` may not have happened: what only one of the two
    /// knows may be there or not, and nothing that makes a statement harmless is believed unless both say it.
    void doubt(Known before) {
        before.tables.forEach((name, then) -> tables.putIfAbsent(name, then.doubted()));
        tables.replaceAll((name, now) -> {
            Table then = before.tables.get(name);
            return then == null ? now.doubted() : now.doubted(then);
        });
        indexes.values().retainAll(before.indexes.values());
        before.domains.forEach((name, then) -> domains.merge(
                name, then, (one, other) -> new Domain(one.base(), one.constrained() || other.constrained())));
        steadyFunctions.retainAll(before.steadyFunctions);
        views.addAll(before.views);
    }
}
