package io.pgcharter.platform.history;

import io.pgcharter.model.migration.Layout;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A database's history of migrations in one tool's own table. What writes is called with the lock held; a method
/// writes in the transaction that the session is in. Immutable.
public sealed interface History permits PrismaHistory, FlywayHistory, PlainHistory {
    /// The history that migrations of a layout are written down in.
    ///
    /// @param schema that its table is in
    static History of(Layout layout, String schema) {
        return switch (layout) {
            case PRISMA -> new PrismaHistory(schema);
            case FLYWAY -> new FlywayHistory(schema);
            case PLAIN -> new PlainHistory(schema);
        };
    }

    /// The names of the tables of all layouts, without schema.
    static List<String> tableNames() {
        return Arrays.stream(Layout.values())
                .map(layout -> of(layout, "").tableName())
                .toList();
    }

    String schema();

    /// The table's name without its schema.
    String tableName();

    /// The key of the advisory lock that the tool takes before it changes anything.
    long lock();

    /// The `search_path` that the tool gives to migrations, where the role's own is `original`.
    String searchPath(String original);

    /// The table's name, with its schema and quoted.
    default String table() {
        return Quoting.identifier(schema(), tableName());
    }

    /// A catalog but for this table, which is no part of what migrations make.
    default Catalog without(Catalog catalog) {
        List<String> labels =
                List.of(schema() + "." + tableName(), table(), Quoting.identifier(schema()) + "." + tableName());
        SortedMap<ObjectName, SortedMap<String, String>> others = new TreeMap<>(catalog.objects());
        others.entrySet().removeIf(entry -> labels.stream().anyMatch(label -> isOf(label, entry)));
        return new Catalog(catalog.serverMajor(), catalog.roles(), others);
    }

    private static boolean isOf(String label, Map.Entry<ObjectName, SortedMap<String, String>> object) {
        String name = object.getKey().text();
        return name.equals(label)
                || name.startsWith(label + ".")
                || (object.getKey().kind() == ObjectKind.INDEX
                        && object.getValue().getOrDefault("definition", "").contains(" ON " + label + " "));
    }

    default boolean exists(Session session) {
        return session.query("select pg_catalog.to_regclass($1) is not null", table())
                .getFirst()
                .bool(0);
    }

    /// Makes the table just as the tool does.
    void create(Session session);

    /// What still holds, in the order in which it was written; nothing if there is no table.
    List<Recorded> read(Session session);

    /// Writes down that all of it is in the database, which is the case when the transaction commits.
    void applied(Session session, Migration migration, Duration took);

    /// Writes down that it is begun, so that everybody sees it as failed until it is [#ended].
    ///
    /// @return the row's key
    String begun(Session session, Migration migration);

    /// Writes down how many statements of what was begun, or reopened, are carried out.
    void progress(Session session, String key, int steps);

    /// Writes down that what was begun is in the database.
    void ended(Session session, String key, Duration took);

    /// Writes down why what was begun, or reopened, did not end, if the table has a place for it.
    void broke(Session session, String key, String log);

    /// Writes down that it failed and left nothing behind, if the tool does so.
    void failed(Session session, Migration migration, String log);

    /// Writes down that an applied one is being undone, so that everybody sees it as failed.
    void reopened(Session session, Recorded recorded);

    /// Writes down that what was applied, or reopened, was undone.
    void undone(Session session, Recorded recorded);

    /// Writes down that nothing of what failed is in the database, as the tool's own command does.
    void rolledBack(Session session, Recorded recorded);

    /// Writes down that what has no file any more is of no concern, as the tool's own command does.
    void forgotten(Session session, Recorded recorded);

    /// Writes down that all of it is in the database, as the tool's own command does, whatever rows say of it so
    /// far.
    void settled(Session session, Migration migration);

    /// Writes down that the database has all of these; there is no row yet.
    ///
    /// @param reached in order; at least one
    void baseline(Session session, List<Migration> reached);
}
