package io.pgcharter.platform.definition;

import io.pgcharter.platform.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What needs what, as the server has it on record, by object ids. It only proposes an order: rings have none, and
/// some needs are on no record. Which one holds is seen when it is carried out.
final class Dependencies {
    /// What belongs to something that is made whole is that: a view's rule, a default, a row type, an array.
    private static final String SQL = """
            with part(class, id, whole) as (
              select 'pg_rewrite'::regclass, oid, ev_class from pg_rewrite
              union all select 'pg_attrdef', oid, adrelid from pg_attrdef
              union all select 'pg_constraint', oid, conrelid from pg_constraint where contype = 'c' and conrelid <> 0
              union all select 'pg_type', oid, typrelid from pg_type where typrelid <> 0 and typtype = 'c'
              union all select 'pg_type', a.oid, case when e.typrelid <> 0 then e.typrelid else e.oid end
              from pg_type e join pg_type a on a.oid = e.typarray)
            select distinct coalesce(p.whole, d.objid) as object, coalesce(r.whole, d.refobjid) as needs
            from pg_depend d left join part p on p.class = d.classid and p.id = d.objid
            left join part r on r.class = d.refclassid and r.id = d.refobjid
            where d.deptype in ('n', 'a') and d.objid >= 16384 and d.refobjid >= 16384
              and coalesce(p.whole, d.objid) <> coalesce(r.whole, d.refobjid)""";

    private final Map<String, List<String>> needs = new HashMap<>();

    private Dependencies() {}

    static Dependencies read(Session session) {
        Dependencies dependencies = new Dependencies();
        for (Map<String, String> row : session.queryByName(SQL)) {
            dependencies
                    .needs
                    .computeIfAbsent(row.getOrDefault("object", ""), _ -> new ArrayList<>())
                    .add(row.getOrDefault("needs", ""));
        }
        return dependencies;
    }

    /// What `object` needs, all it needs in turn before each, and then itself; of those in `order`, each once.
    ///
    /// @param seen those that have been answered, or are being
    private void collect(String object, Map<String, List<Definition>> order, Set<String> seen, List<Definition> into) {
        if (order.containsKey(object) && seen.add(object)) {
            needs.getOrDefault(object, List.of()).forEach(other -> collect(other, order, seen, into));
            into.addAll(order.getOrDefault(object, List.of()));
        }
    }

    /// The same definitions, each behind what it needs, as far as there is such an order, and else in theirs.
    ///
    /// @param definitions by object id, in an order
    List<Definition> ordered(Map<String, List<Definition>> definitions) {
        List<Definition> ordered = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        definitions.keySet().forEach(object -> collect(object, definitions, seen, ordered));
        return ordered;
    }
}
