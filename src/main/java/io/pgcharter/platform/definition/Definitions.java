package io.pgcharter.platform.definition;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.model.schema.ObjectName;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.catalog.ShortForms;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.SqlScript;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All that a database's schema is made of, as one transaction sees it: its catalog, and the statements that make
/// it.
public final class Definitions {
    private static final List<Question> ALL = Stream.of(
                    SchemaQuestions.ALL,
                    TypeQuestions.ALL,
                    RoutineQuestions.ALL,
                    RelationQuestions.ALL,
                    SharingQuestions.ALL,
                    RightsQuestions.ALL)
            .flatMap(List::stream)
            .toList();

    /// Versions of the rows that functions which print definitions read as they are now, not as the snapshot saw
    /// them.
    private static final String VERSIONS = """
            select coalesce(md5(string_agg(line, ' ' order by line)), '') from (
              select 'p' || p.oid || '/' || p.xmin from pg_catalog.pg_proc p where p.oid >= 16384
              union all select 'r' || r.oid || '/' || r.xmin from pg_catalog.pg_rewrite r where r.oid >= 16384
              union all select 'k' || k.oid || '/' || k.xmin from pg_catalog.pg_constraint k
              left join pg_catalog.pg_class c on c.oid = k.conrelid
              where k.oid >= 16384 and c.relpersistence is distinct from 't'
              union all select 't' || t.oid || '/' || t.xmin from pg_catalog.pg_trigger t
              join pg_catalog.pg_class c on c.oid = t.tgrelid and c.relpersistence <> 't'
              union all select 'd' || d.oid || '/' || d.xmin from pg_catalog.pg_attrdef d
              join pg_catalog.pg_class c on c.oid = d.adrelid and c.relpersistence <> 't'
              union all select 'i' || i.indexrelid || '/' || i.xmin from pg_catalog.pg_index i
              join pg_catalog.pg_class c on c.oid = i.indrelid and c.relpersistence <> 't' where i.indexrelid >= 16384
              union all select 's' || s.oid || '/' || s.xmin from pg_catalog.pg_statistic_ext s
              union all select 'n' || n.oid || '/' || n.xmin from pg_catalog.pg_namespace n
              where n.nspname !~ '^pg_(toast|temp)') versions(line)""";

    /// A column that a parent was given later stands behind an heir's own, and before them when both are made anew.
    private static final String HEIRS = """
            select @name(n, c.relname) as heir, string_agg(a.attname, ', ' order by a.attnum) as columns
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
            where c.relkind in ('r', 'f') and not c.relispartition and c.relpersistence <> 't' and a.attnum > 0
              and not a.attisdropped and exists (select from pg_inherits i where i.inhrelid = c.oid)
            group by 1""";

    /// SQLSTATEs of a definition whose object was dropped after the snapshot: it cannot be opened, it is undefined.
    private static final Set<String> GONE = Set.of("XX000", "42P01", "42703", "42704", "42883", "3F000");

    private final Catalog catalog;
    private final List<Definition> all;
    private final Map<ObjectName, List<String>> statements;
    private final Map<String, String> heirs;
    private final String versions;

    private Definitions(
            Catalog catalog,
            List<Definition> all,
            Map<ObjectName, List<String>> statements,
            Map<String, String> heirs,
            String versions) {
        this.catalog = catalog;
        this.all = List.copyOf(all);
        this.statements = statements;
        this.heirs = heirs;
        this.versions = versions;
    }

    /// What the two sections of a dump say.
    ///
    /// @param preData makes what rows are loaded into
    /// @param postData makes the rest, once they are
    /// @param notes what is not in them, a sentence each
    public record Script(String preData, String postData, List<String> notes) {
        public Script {
            notes = List.copyOf(notes);
        }
    }

    /// Reads them.
    ///
    /// @param session in a transaction, whose settings stay
    /// @throws ProblemException `TABLE_CHANGED` if somebody changes schemas meanwhile; `TIMED_OUT` if somebody
    ///     holds a table locked
    public static Definitions read(Session session) {
        try {
            return readWithin(session);
        } catch (ProblemException e) {
            if (Session.sqlState(e.problem()).filter(GONE::contains).isPresent()) {
                throw changed(e.problem().cause());
            }
            throw e;
        }
    }

    private static Definitions readWithin(Session session) {
        String versions = session.query(VERSIONS).getFirst().string(0);
        Catalog catalog = CatalogReader.readWithin(session);
        session.execute("savepoint definitions; " + CatalogReader.SETTINGS);
        Map<Stage, Map<String, List<Definition>>> stages = new EnumMap<>(Stage.class);
        Map<ObjectName, List<String>> statements = new HashMap<>();
        for (Question question : ALL) {
            if (question.since() <= session.serverMajor()) {
                Map<String, List<Definition>> stage =
                        stages.computeIfAbsent(question.stage(), _ -> new LinkedHashMap<>());
                answered(session, question, stage, statements);
            }
        }
        Dependencies dependencies = Dependencies.read(session);
        List<Definition> all = stages.values().stream()
                .flatMap(stage -> dependencies.ordered(stage).stream())
                .toList();
        Map<String, String> heirs = new TreeMap<>();
        session.queryByName(ShortForms.expanded(HEIRS))
                .forEach(row -> heirs.put(row.getOrDefault("heir", ""), row.getOrDefault("columns", "")));
        session.execute("rollback to savepoint definitions; release savepoint definitions");
        return new Definitions(catalog, all, statements, heirs, versions);
    }

    /// @param stage by object id
    private static void answered(
            Session session,
            Question question,
            Map<String, List<Definition>> stage,
            Map<ObjectName, List<String>> statements) {
        List<Map<String, String>> rows = new ArrayList<>(session.queryByName(question.sql()));
        rows.sort(Comparator.comparingLong(row -> Long.parseLong(row.getOrDefault("place", "0"))));
        for (Map<String, String> row : rows) {
            String sql = row.get("sql");
            if (sql == null) {
                throw changed(question.type() + " '" + row.get("name") + "' is not there any more");
            }
            Definition definition = new Definition(
                    question.stage(),
                    row.getOrDefault("type", question.type()),
                    row.getOrDefault("schema", "-"),
                    row.getOrDefault("name", ""),
                    sql.strip(),
                    Optional.ofNullable(row.get("standin"))
                            .map(standin -> new Definition.Standin(
                                    standin,
                                    row.getOrDefault(
                                            "rest",
                                            sql.strip().replaceFirst("^CREATE VIEW ", "CREATE OR REPLACE VIEW ")))));
            stage.computeIfAbsent(row.getOrDefault("place", "0"), _ -> new ArrayList<>())
                    .add(definition);
            Optional.ofNullable(row.get("object"))
                    .ifPresent(object -> statements
                            .computeIfAbsent(definition.object(object), _ -> new ArrayList<>())
                            .add(definition.sql()));
        }
    }

    /// Whether the database still is as it was when this was read. What prints definitions looks at what is, not at
    /// what
    /// a snapshot saw: only both together say that these are the snapshot's.
    ///
    /// @param now a session of the same database, outside a transaction
    /// @throws ProblemException `TABLE_CHANGED`
    public void requireUnchanged(Session now) {
        if (!now.query(VERSIONS).getFirst().string(0).equals(versions)
                || !CatalogReader.read(now).fingerprint().equals(catalog.fingerprint())) {
            throw changed("a definition is another one than a moment ago");
        }
    }

    private static ProblemException changed(String cause) {
        return new ProblemException(
                ProblemCode.TABLE_CHANGED,
                "the schema changed while it was read",
                cause,
                "run the command again; if it happens every time, choose a time without such changes");
    }

    /// All but those of some kinds, which nothing else needs.
    public Definitions without(Set<ObjectKind> kinds) {
        Set<String> types = kinds.stream()
                .map(kind -> kind.words().toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return new Definitions(
                catalog.without(kinds),
                all.stream().filter(each -> !types.contains(each.type())).toList(),
                statements,
                heirs,
                versions);
    }

    /// The statements that make an object, each with its semicolon; empty if it is only a part of something. What is
    /// granted or said of it is not in them.
    public List<String> of(ObjectName object) {
        return statements.getOrDefault(object, List.of()).stream()
                .flatMap(sql -> SqlScript.statements(sql).stream())
                .map(SqlScript.Statement::text)
                .toList();
    }

    /// Puts them into an order by carrying them out, and proves what came out.
    ///
    /// @param scratch an empty database of the same major version whose server has the roles; it is filled
    /// @throws ProblemException `SCHEMA_UNPROVEN` with what cannot be made, or does not come out as it was
    public Script proven(PostgresUrl scratch, Run run) {
        try (Session session = Session.open(scratch, "definitions")) {
            Making making = new Making(session, run);
            Script script = making.script(all);
            session.execute("begin isolation level repeatable read, read only");
            Definitions made = read(session);
            Comparison.require(this, made);
            session.execute("rollback");
            return new Script(script.preData(), script.postData(), Comparison.notes(this, made));
        }
    }

    Catalog catalog() {
        return catalog;
    }

    /// Tables that inherit, with their columns in their order.
    Map<String, String> heirs() {
        return heirs;
    }

    List<Definition> all() {
        return all;
    }
}
