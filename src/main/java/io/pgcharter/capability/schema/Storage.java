package io.pgcharter.capability.schema;

import io.pgcharter.platform.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What holds rows and values in a database, by what PostgreSQL itself tells it apart by: a table that was dropped
/// and made again under its name is another one.
record Storage(Map<String, Held> held) {
    /// A column's object id and number, or a sequence's; temporary ones not.
    private static final String SQL = """
            select c.oid || '/' || a.attnum as id, 'column ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.'
              || quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and a.attnum > 0
              and not a.attisdropped and a.attgenerated = ''
            union all
            select c.oid || '/0', case c.relkind when 'S' then 'sequence ' else 'table ' end
              || quote_ident(n.nspname) || '.' || quote_ident(c.relname), ''
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            order by 2""";

    /// @param name with its kind
    /// @param type empty for what has none
    record Held(String name, String type) {}

    static Storage of(Session session) {
        Map<String, Held> held = new HashMap<>();
        for (Map<String, String> row : session.queryByName(SQL)) {
            held.put(row.getOrDefault("id", ""), new Held(row.getOrDefault("name", ""), row.getOrDefault("type", "")));
        }
        return new Storage(held);
    }

    /// What is lost when this has become `after`, in words, sorted. Columns of a table that is gone are not told
    /// one by one.
    List<String> lostBy(Storage after) {
        List<String> losses = new ArrayList<>();
        held.forEach((id, before) -> {
            Held now = after.held.get(id);
            String table = id.substring(0, id.indexOf('/')) + "/0";
            if (now == null && (id.equals(table) || after.held.containsKey(table))) {
                losses.add(before.name() + " is dropped");
            } else if (now != null && !now.type().equals(before.type())) {
                losses.add(before.name() + " is converted from " + before.type() + " to " + now.type());
            }
        });
        return losses.stream().sorted().toList();
    }
}
