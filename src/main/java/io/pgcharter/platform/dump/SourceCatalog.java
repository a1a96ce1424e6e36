package io.pgcharter.platform.dump;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what a database holds, inside the transaction of a snapshot.
final class SourceCatalog {
    /// Sequences asked in one statement.
    private static final int SEQUENCE_BATCH = 200;

    private static final String USER_SCHEMAS =
            "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'";

    private static final String NOT_OF_EXTENSION = """
            NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
              AND d.objid = c.oid AND d.deptype = 'e')""";

    /// The highest table above partition `c` that is partitioned by the hash of a value whose type may hold an enum: an
    /// enum's hash is that of its oid, which a restore gives anew. Operator classes of such types are polymorphic.
    private static final String HASHED_BY_OID = """
            SELECT r.oid, rn.nspname, r.relname
            FROM pg_catalog.pg_partition_ancestors(c.oid) WITH ORDINALITY AS ancestor(oid, height)
            JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = ancestor.oid AND p.partstrat = 'h'
            JOIN pg_catalog.pg_class r ON r.oid = p.partrelid JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
            WHERE EXISTS (SELECT FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_type t ON t.oid = o.opcintype
              WHERE o.oid = ANY (p.partclass::pg_catalog.oid[]) AND t.typtype = 'p')
            ORDER BY ancestor.height DESC LIMIT 1""";

    private static final String BINARY_TYPES = Stream.of(
                    "bool",
                    "bytea",
                    "int2",
                    "int4",
                    "int8",
                    "float4",
                    "float8",
                    "numeric",
                    "text",
                    "varchar",
                    "bpchar",
                    "name",
                    "uuid",
                    "date",
                    "time",
                    "timetz",
                    "timestamp",
                    "timestamptz",
                    "interval",
                    "json",
                    "jsonb",
                    "inet",
                    "cidr",
                    "macaddr",
                    "macaddr8",
                    "bit",
                    "varbit",
                    "point",
                    "box",
                    "money")
            .flatMap(name -> Stream.of("pg_catalog." + name, "pg_catalog._" + name))
            .collect(Collectors.joining(" "));

    private final Session session;

    SourceCatalog(Session session) {
        this.session = session;
    }

    Manifest.Server server() {
        Row row = session.query("""
                SELECT pg_catalog.current_setting('server_version'), d.datname, pg_catalog.pg_encoding_to_char(d.encoding),
                       d.datcollate, d.datctype,
                       CASE f.fields ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END,
                       coalesce(f.fields ->> 'datlocale', f.fields ->> 'daticulocale'), f.fields ->> 'daticurules'
                FROM pg_catalog.pg_database d CROSS JOIN LATERAL pg_catalog.to_jsonb(d) AS f(fields) -- by version
                WHERE d.datname = pg_catalog.current_database()""").getFirst();
        return new Manifest.Server(
                row.string(0),
                session.serverMajor(),
                row.string(1),
                row.string(2),
                row.string(3),
                row.string(4),
                Optional.ofNullable(row.text(5)),
                Optional.ofNullable(row.text(6)),
                Optional.ofNullable(row.text(7)));
    }

    /// Every table with data of its own, largest first.
    ///
    /// @param wanted the rows' form, for tables that permit it
    /// @throws ProblemException `PRIVILEGE_MISSING` naming the tables the role may not read, or not in full
    List<SourceTable> tables(RowForm wanted) {
        boolean inRecovery = session.query("SELECT pg_catalog.pg_is_in_recovery()")
                .getFirst()
                .bool(0);
        List<Row> rows = session.query("""
                SELECT c.oid, n.nspname, c.relname, c.relfilenode, coalesce(pg_catalog.pg_relation_size(c.oid), 0) / 8192,
                       coalesce(pg_catalog.pg_table_size(c.oid), 0), x.condition,
                       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
                       pg_catalog.row_security_active(c.oid), h.oid, h.nspname, h.relname
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN (SELECT pg_catalog.unnest(extconfig) AS oid, pg_catalog.unnest(extcondition) AS condition
                           FROM pg_catalog.pg_extension) x ON x.oid = c.oid
                LEFT JOIN LATERAL (%s) h ON c.relispartition
                WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND (x.oid IS NOT NULL OR (%s AND %s)) AND %s
                ORDER BY 6 DESC, 2, 3""".formatted(
                HASHED_BY_OID, USER_SCHEMAS, NOT_OF_EXTENSION, inRecovery ? "c.relpersistence <> 'u'" : "true"));
        requireReadable(rows);
        Map<Long, List<String>> columns = columns();
        Set<Long> binary = wanted == RowForm.BINARY ? tablesWithoutOids() : Set.of();
        List<SourceTable> tables = new ArrayList<>();
        for (Row row : rows) {
            Optional<Manifest.Root> root =
                    Optional.ofNullable(row.text(10)).map(schema -> new Manifest.Root(schema, row.string(11)));
            tables.add(new SourceTable(
                    tables.size() + 1,
                    row.number(0),
                    row.string(1),
                    row.string(2),
                    row.number(3),
                    row.number(4),
                    row.number(5),
                    columns.getOrDefault(row.number(root.isPresent() ? 9 : 0), List.of()),
                    binary.contains(row.number(0)) ? RowForm.BINARY : RowForm.TEXT,
                    Optional.ofNullable(row.text(6)).filter(condition -> !condition.isBlank()),
                    root));
        }
        return tables;
    }

    private void requireReadable(List<Row> rows) {
        List<String> hidden = rows.stream()
                .filter(row -> !row.bool(7))
                .map(row -> row.string(1) + "." + row.string(2))
                .toList();
        if (!hidden.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.PRIVILEGE_MISSING,
                    "role '" + user() + "' may not read " + listed(hidden),
                    "it lacks SELECT on the table or USAGE on its schema; a dump without them could not be restored whole",
                    "GRANT pg_read_all_data TO " + Quoting.identifier(user()));
        }
        List<String> filtered = rows.stream()
                .filter(row -> row.bool(8))
                .map(row -> row.string(1) + "." + row.string(2))
                .toList();
        if (!filtered.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.PRIVILEGE_MISSING,
                    "role '" + user() + "' sees only some rows of " + listed(filtered),
                    "row-level security applies to it there",
                    "ALTER ROLE " + Quoting.identifier(user()) + " BYPASSRLS");
        }
    }

    private String user() {
        return session.query("SELECT current_user").getFirst().string(0);
    }

    private static String listed(List<String> names) {
        String some = names.stream().limit(5).collect(Collectors.joining("', '", "'", "'"));
        return names.size() > 5 ? some + " and " + (names.size() - 5) + " more" : some;
    }

    /// Tables all of whose columns have types whose binary form means the same on every server: built-in scalars,
    /// arrays and domains of them, and enums, which travel by their labels.
    private Set<Long> tablesWithoutOids() {
        return session.query("""
                        SELECT a.attrelid FROM pg_catalog.pg_attribute a
                        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
                        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' GROUP BY a.attrelid
                        HAVING bool_and(t.typtype = 'e' OR coalesce(nullif(t.typbasetype, 0), t.oid)
                          = ANY (string_to_array($1, ' ')::regtype[]::oid[]))""", BINARY_TYPES).stream()
                .map(row -> row.number(0))
                .collect(Collectors.toSet());
    }

    private Map<Long, List<String>> columns() {
        Map<Long, List<String>> columns = new HashMap<>();
        for (Row row : session.query("""
                SELECT a.attrelid, a.attname FROM pg_catalog.pg_attribute a
                JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
                WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attrelid, a.attnum""")) {
            columns.computeIfAbsent(row.number(0), _ -> new ArrayList<>()).add(row.string(1));
        }
        return columns;
    }

    /// `setval` statements. Sequences are outside of transactions: their values are read after the snapshot was
    /// taken, so each is at least what the snapshot's rows have used.
    String sequences() {
        List<Row> names = session.query("""
                SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND %s AND %s ORDER BY 1, 2""".formatted(USER_SCHEMAS, NOT_OF_EXTENSION));
        StringBuilder script = new StringBuilder();
        for (int from = 0; from < names.size(); from += SEQUENCE_BATCH) {
            List<String> selects = new ArrayList<>();
            for (Row row : names.subList(from, Math.min(from + SEQUENCE_BATCH, names.size()))) {
                String name = Quoting.identifier(row.string(0)) + "." + Quoting.identifier(row.string(1));
                selects.add("SELECT " + Quoting.literal(name) + ", last_value, is_called FROM " + name);
            }
            for (Row row : session.query(String.join(" UNION ALL ", selects))) {
                script.append("SELECT pg_catalog.setval(").append(Quoting.literal(row.string(0)));
                script.append(", ")
                        .append(row.number(1))
                        .append(", ")
                        .append(row.bool(2))
                        .append(");\n");
            }
        }
        return script.toString();
    }

    /// `REFRESH MATERIALIZED VIEW` for each populated one, those it reads from before it. Event triggers are off
    /// meanwhile: they would fire on each.
    String materializedViews() {
        Map<Long, String> views = new LinkedHashMap<>();
        for (Row row : session.query("""
                SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'm' AND c.relispopulated AND %s AND %s ORDER BY 2, 3""".formatted(USER_SCHEMAS, NOT_OF_EXTENSION))) {
            views.put(row.number(0), Quoting.identifier(row.string(1)) + "." + Quoting.identifier(row.string(2)));
        }
        if (views.isEmpty()) {
            return "";
        }
        Map<Long, Set<Long>> reads = new HashMap<>();
        for (Row row : session.query("""
                SELECT r.ev_class, d.refobjid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
                JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind IN ('v', 'm')
                WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                  AND r.ev_class <> d.refobjid""")) {
            reads.computeIfAbsent(row.number(0), _ -> new LinkedHashSet<>()).add(row.number(1));
        }
        Set<Long> ordered = new LinkedHashSet<>();
        views.keySet().forEach(view -> visit(view, reads, new LinkedHashSet<>(), ordered));
        return withoutEventTriggers(ordered.stream()
                .filter(views::containsKey)
                .map(view -> "REFRESH MATERIALIZED VIEW " + views.get(view) + ";\n")
                .collect(Collectors.joining()));
    }

    /// The statements in a transaction in which no event trigger fires.
    String withoutEventTriggers(String statements) {
        String back = eventTriggers(
                "CASE evtenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END");
        return back.isEmpty() ? statements : "BEGIN;\n" + eventTriggers("'DISABLE'") + statements + back + "COMMIT;\n";
    }

    /// @param action SQL for what is to be done with each that is not disabled
    private String eventTriggers(String action) {
        return session
                .query("SELECT evtname, " + action
                        + " FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1")
                .stream()
                .map(row -> "ALTER EVENT TRIGGER " + Quoting.identifier(row.string(0)) + " " + row.string(1) + ";\n")
                .collect(Collectors.joining());
    }

    private static void visit(Long view, Map<Long, Set<Long>> reads, Set<Long> path, Set<Long> ordered) {
        if (ordered.contains(view) || !path.add(view)) {
            return;
        }
        reads.getOrDefault(view, Set.of()).forEach(other -> visit(other, reads, path, ordered));
        ordered.add(view);
    }

    /// Creates the roles that are missing, as they are here but without passwords, and their memberships.
    String roles() {
        StringBuilder script = new StringBuilder();
        for (Row row : session.query("""
                SELECT rolname, 'CREATE ROLE ' || pg_catalog.quote_ident(rolname) || ' WITH'
                  || CASE WHEN rolsuper THEN ' SUPERUSER' ELSE ' NOSUPERUSER' END
                  || CASE WHEN rolinherit THEN ' INHERIT' ELSE ' NOINHERIT' END
                  || CASE WHEN rolcreaterole THEN ' CREATEROLE' ELSE ' NOCREATEROLE' END
                  || CASE WHEN rolcreatedb THEN ' CREATEDB' ELSE ' NOCREATEDB' END
                  || CASE WHEN rolcanlogin THEN ' LOGIN' ELSE ' NOLOGIN' END
                  || CASE WHEN rolreplication THEN ' REPLICATION' ELSE ' NOREPLICATION' END
                  || CASE WHEN rolbypassrls THEN ' BYPASSRLS' ELSE ' NOBYPASSRLS' END
                  || ' CONNECTION LIMIT ' || rolconnlimit
                FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname""")) {
            String create = "BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
                    + Quoting.literal(row.string(0)) + ") THEN " + row.string(1) + "; END IF; END";
            script.append("DO ").append(Quoting.literal(create)).append(";\n");
        }
        for (Row row : session.query("""
                SELECT g.rolname, m.rolname, pg_catalog.bool_or(a.admin_option) FROM pg_catalog.pg_auth_members a
                JOIN pg_catalog.pg_roles g ON g.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
                WHERE m.rolname !~ '^pg_' GROUP BY 1, 2 ORDER BY 1, 2""")) {
            script.append("GRANT ").append(Quoting.identifier(row.string(0)));
            script.append(" TO ").append(Quoting.identifier(row.string(1)));
            script.append(row.bool(2) ? " WITH ADMIN OPTION;\n" : ";\n");
        }
        return script.toString();
    }

    /// Settings (`ALTER DATABASE … SET`, `ALTER ROLE … IN DATABASE … SET`), owner, privileges and comment of the
    /// database.
    String database() {
        StringBuilder script = new StringBuilder();
        for (Row row : session.query("""
                SELECT r.rolname, pg_catalog.split_part(c.entry, '=', 1), pg_catalog.substr(c.entry, pg_catalog.strpos(c.entry, '=') + 1)
                FROM pg_catalog.pg_db_role_setting s
                JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = pg_catalog.current_database()
                LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
                CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c(entry)
                WHERE s.setrole = 0 OR r.oid IS NOT NULL ORDER BY 1 NULLS FIRST, 2""")) {
            String role = row.text(0);
            String subject = role == null ? "DATABASE " : "ROLE " + Quoting.identifier(role) + " IN DATABASE ";
            String value = settingValue(row.string(1), row.string(2));
            script.append(inCurrentDatabase(
                    "ALTER " + subject, " SET " + Quoting.identifier(row.string(1)) + " TO " + value));
        }
        Row database = session.query("""
                SELECT r.rolname, d.datacl IS NOT NULL, pg_catalog.shobj_description(d.oid, 'pg_database')
                FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles r ON r.oid = d.datdba
                WHERE d.datname = pg_catalog.current_database()""").getFirst();
        String owner = database.string(0);
        script.append(inCurrentDatabase("ALTER DATABASE ", " OWNER TO " + Quoting.identifier(owner)));
        if (database.bool(1)) {
            List<Row> grants = session.query("SELECT a.* FROM pg_catalog.pg_database d CROSS JOIN LATERAL ("
                    + AccessRights.QUERY.formatted("d.datacl", "d.datdba")
                    + ") a WHERE d.datname = pg_catalog.current_database()");
            script.append(AccessRights.statements(
                    owner, grants, (before, after) -> inCurrentDatabase(before + "DATABASE ", after)));
        }
        Optional.ofNullable(database.text(2))
                .ifPresent(comment ->
                        script.append(inCurrentDatabase("COMMENT ON DATABASE ", " IS " + Quoting.literal(comment))));
        return script.toString();
    }

    /// The statement `before` + name of the database it is run in + `after`.
    private static String inCurrentDatabase(String before, String after) {
        String body = "BEGIN EXECUTE " + Quoting.literal(before)
                + " || pg_catalog.quote_ident(pg_catalog.current_database()) || " + Quoting.literal(after) + "; END";
        return "DO " + Quoting.literal(body) + ";\n";
    }

    /// Settings whose value is a list of names are kept as a list of quoted identifiers: each must be quoted on
    /// its own.
    private static String settingValue(String name, String value) {
        Set<String> lists = Set.of(
                "search_path",
                "temp_tablespaces",
                "session_preload_libraries",
                "local_preload_libraries",
                "shared_preload_libraries",
                "unix_socket_directories");
        if (!lists.contains(name)) {
            return Quoting.literal(value);
        }
        List<String> elements = new ArrayList<>();
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^,\\s]+")
                .matcher(value);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            elements.add(Quoting.literal(quoted == null ? matcher.group() : quoted.replace("\"\"", "\"")));
        }
        return elements.isEmpty() ? "''" : String.join(", ", elements);
    }

    /// What `pg_dump` 15 leaves out when it reads an older server: that everybody may no longer create in `public`.
    String publicSchema() {
        boolean isClosed = session.query("""
                SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public' AND NOT EXISTS (
                  SELECT FROM pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
                  WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'))""").getFirst().bool(0);
        return isClosed
                ? "--\n-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: -\n--\n\nREVOKE CREATE ON SCHEMA public FROM PUBLIC;\n"
                : "";
    }

    long largeObjectCount() {
        return session.query("SELECT count(*) FROM pg_catalog.pg_largeobject_metadata")
                .getFirst()
                .number(0);
    }

    /// Owners, privileges and comments of large objects.
    String largeObjectRights() {
        StringBuilder script = new StringBuilder();
        for (Row row : session.query("""
                SELECT m.oid, r.rolname, pg_catalog.obj_description(m.oid, 'pg_largeobject'), m.lomacl IS NOT NULL
                FROM pg_catalog.pg_largeobject_metadata m JOIN pg_catalog.pg_roles r ON r.oid = m.lomowner ORDER BY m.oid""")) {
            String object = "LARGE OBJECT " + row.number(0);
            String owner = row.string(1);
            script.append("ALTER " + object + " OWNER TO " + Quoting.identifier(owner) + ";\n");
            if (row.text(2) != null) {
                script.append("COMMENT ON " + object + " IS " + Quoting.literal(row.string(2)) + ";\n");
            }
            if (row.bool(3)) {
                List<Row> grants = session.query(
                        "SELECT a.* FROM pg_catalog.pg_largeobject_metadata m CROSS JOIN LATERAL ("
                                + AccessRights.QUERY.formatted("m.lomacl", "m.lomowner") + ") a WHERE m.oid = $1::oid",
                        Long.toString(row.number(0)));
                script.append(
                        AccessRights.statements(owner, grants, (before, after) -> before + object + after + ";\n"));
            }
        }
        return script.toString();
    }

    /// What a dump of this database cannot hold; each a sentence for a person.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        count("SELECT count(*) FROM pg_catalog.pg_foreign_table", "foreign table")
                .ifPresent(what -> notes.add(what + ": definition only, the rows live on another server"));
        count("SELECT count(*) FROM pg_catalog.pg_stat_subscription WHERE subid IS NOT NULL", "subscription")
                .ifPresent(what -> notes.add(what + " left out: it would connect when restored"));
        count("SELECT count(*) FROM pg_catalog.pg_class WHERE relkind = 'm' AND relispopulated", "materialized view")
                .ifPresent(what -> notes.add(what + ": refreshed on restore, content not part of the proof"));
        return notes;
    }

    private Optional<String> count(String sql, String noun) {
        long count = session.query(sql).getFirst().number(0);
        return count == 0 ? Optional.empty() : Optional.of(count + " " + noun + (count == 1 ? "" : "s"));
    }
}
