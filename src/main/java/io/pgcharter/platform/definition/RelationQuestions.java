package io.pgcharter.platform.definition;

import java.util.List;
import java.util.Map;

/// What has rows, and what hangs on it. Tables are made as `pg_dump` makes them: a partition as a table of its own
/// that is attached then, so that its columns keep their order; only what a table has itself, the rest is
/// inherited.
final class RelationQuestions {
    private static final String OURS = "c.relpersistence <> 't' and @user(n) and @own(c.oid, pg_class)";

    /// Before and after what is made in a tablespace. A script may be loaded where it is missing.
    private static final String PLACED =
            "coalesce((select 'SET default_tablespace = ' || quote_ident(s.spcname) || ';' || @line() from pg_tablespace s where s.oid = c.reltablespace), '')";

    private static final String UNPLACED =
            "case when c.reltablespace <> 0 then @line() || 'SET default_tablespace = '''';' else '' end";

    private static final String WITH = """
            coalesce((select ' WITH (' || string_agg(prefix || quote_ident(split_part(o, '=', 1)) || '='
                || quote_literal(substr(o, strpos(o, '=') + 1)), ', ' order by prefix, o) || ')'
              from (select '' as prefix, unnest(c.reloptions) as o union all
                select 'toast.', unnest(toast.reloptions) from pg_class toast where toast.oid = c.reltoastrelid) settings), '')""";

    private static final String METHOD =
            "coalesce((select ' USING ' || quote_ident(m.amname) from pg_am m where m.oid = c.relam and m.amname <> 'heap'), '')";

    /// A table that inherits, but nothing that it does not have itself: it is made by itself, with its columns in their
    /// order, and joined to its parents then.
    private static final String OWN = """
            not exists (select from pg_attribute l where l.attrelid = c.oid and l.attnum > 0 and not l.attisdropped
              and not l.attislocal) and not exists (select from pg_constraint l where l.conrelid = c.oid
              and l.contype in ('c', 'n') and not l.conislocal)""";

    /// How a column is kept, and what its table's parents do not demand of it. PostgreSQL 18 has that as
    /// constraints.
    private static final String KEPT = """
            coalesce((select string_agg(@line() || 'ALTER TABLE ONLY ' || @name(n, c.relname) || ' ALTER COLUMN '
                || quote_ident(a.attname) || ' ' || what || ';', '' order by a.attnum, what)
              from pg_attribute a join pg_type t on t.oid = a.atttypid, lateral (values
                (case when a.attstattarget >= 0 then 'SET STATISTICS ' || a.attstattarget end),
                (case when a.attstorage <> t.typstorage then 'SET STORAGE ' || case a.attstorage when 'p' then 'PLAIN'
                  when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end),
                (case a.attcompression when 'p' then 'SET COMPRESSION pglz' when 'l' then 'SET COMPRESSION lz4' end),
                ((select 'SET (' || string_agg(quote_ident(split_part(o, '=', 1)) || '='
                  || quote_literal(substr(o, strpos(o, '=') + 1)), ', ' order by o) || ')' from unnest(a.attoptions) o)),
                (case when a.attnotnull and not a.attislocal and not c.relispartition and c.relkind in ('r', 'p', 'f')
                  and current_setting('server_version_num')::int < 180000 then 'SET NOT NULL' end)) kept(what)
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and what is not null), '')""";

    /// What is generated as in a parent is inherited: PostgreSQL before 16 does not take it twice.
    private static final String COLUMNS = """
            (select string_agg(part, ',' || @line() || '    ' order by place, part) from (
              select a.attnum as place, quote_ident(a.attname) || case when c.reloftype <> 0 then ' WITH OPTIONS'
                else ' ' || format_type(a.atttypid, a.atttypmod)
                  || case when a.attcollation <> t.typcollation then ' COLLATE ' || a.attcollation::regcollation else '' end
                  || @given(a.attfdwoptions) end
                || case when a.attgenerated = '' or inherited then '' else ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
                  || case a.attgenerated when 's' then ' STORED' else ' VIRTUAL' end end
                || case when a.attnotnull and current_setting('server_version_num')::int < 180000 then ' NOT NULL' else '' end
                as part
              from pg_attribute a join pg_type t on t.oid = a.atttypid
              left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum,
              lateral (select not c.relispartition and not {own} and a.attgenerated <> '' and exists (select from pg_inherits i
                join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname
                join pg_attrdef e on e.adrelid = p.attrelid and e.adnum = p.attnum
                where i.inhrelid = c.oid and pg_get_expr(e.adbin, e.adrelid) = pg_get_expr(d.adbin, d.adrelid))) parent(inherited)
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (a.attislocal or c.relispartition)
                and (c.reloftype = 0 or a.attgenerated <> ''
                  or (a.attnotnull and current_setting('server_version_num')::int < 180000))
              union all
              select 10000, 'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
              from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'n') and k.convalidated
                and (k.conislocal or c.relispartition)) parts)""";

    private static final String LIST = """
            case when c.reloftype <> 0 and columns is null then ''
              else ' (' || coalesce(@line() || '    ' || columns || @line(), '') || ')' end""";

    /// Its stand-in is without checks, which may call functions that need the table.
    private static final Question TABLE = new Question(Stage.OBJECTS, "TABLE", """
            select c.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              case c.relkind when 'f' then 'FOREIGN TABLE' else 'TABLE' end as type,
              replace(whole, e'\\x01', listed) as sql,
              case when bare is distinct from listed then replace(whole, e'\\x01', bare) end as standin,
              (select string_agg('ALTER TABLE ' || @name(n, c.relname) || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
                || pg_get_constraintdef(k.oid) || ';', @line() order by k.conname) from pg_constraint k
                where k.conrelid = c.oid and k.contype = 'c' and k.convalidated and (k.conislocal or c.relispartition)) as rest
            from pg_class c join pg_namespace n on n.oid = c.relnamespace,
            lateral (values ({columns}, {bare})) parts(columns, bare_columns),
            lateral (select {list}, {bare list}) lists(listed, bare),
            lateral (select {placed} || 'CREATE ' || case c.relpersistence when 'u' then 'UNLOGGED ' else '' end
              || case c.relkind when 'f' then 'FOREIGN ' else '' end || 'TABLE ' || @name(n, c.relname)
              || case when c.reloftype <> 0 then ' OF ' || c.reloftype::regtype else '' end
              || e'\\x01'
              || case when c.relispartition or {own} then '' else coalesce(@line() || 'INHERITS ('
                || (select string_agg(@name(m, r.relname), ', ' order by i.inhseqno) from pg_inherits i
                  join pg_class r on r.oid = i.inhparent join pg_namespace m on m.oid = r.relnamespace
                  where i.inhrelid = c.oid) || ')', '') end
              || coalesce(@line() || 'PARTITION BY ' || pg_get_partkeydef(c.oid), '')
              || coalesce((select @line() || 'SERVER ' || quote_ident(s.srvname) || @given(f.ftoptions)
                from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid), '')
              || {method} || {with} || ';'
              || @owner(TABLE, n, c.relname, c.relowner) || {kept}
              || case when c.relforcerowsecurity then @line() || 'ALTER TABLE ONLY ' || @name(n, c.relname)
                || ' FORCE ROW LEVEL SECURITY;' else '' end
              || case case when c.relkind = 'f' then 'd' else c.relreplident end when 'n' then @line() || 'ALTER TABLE ONLY ' || @name(n, c.relname)
                || ' REPLICA IDENTITY NOTHING;' when 'f' then @line() || 'ALTER TABLE ONLY ' || @name(n, c.relname)
                || ' REPLICA IDENTITY FULL;' else '' end || {unplaced}) making(whole)
            where c.relkind in ('r', 'p', 'f') and {ours}""");

    /// As they were joined, or could have been.
    private static final Question HEIR = new Question(Stage.ADDITIONS, "TABLE ATTACH", """
            select c.oid as place, n.nspname as schema, c.relname || ' ' || r.relname as name,
              @name(n, c.relname) as object,
              'ALTER TABLE ONLY ' || @name(n, c.relname) || ' INHERIT ' || @name(m, r.relname) || ';' as sql
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
            join pg_class r on r.oid = i.inhparent join pg_namespace m on m.oid = r.relnamespace
            where not c.relispartition and c.relkind in ('r', 'f') and {own} and {ours} order by c.oid, i.inhseqno""");

    private static final Question ATTACHED = new Question(Stage.ADDITIONS, "TABLE ATTACH", """
            select c.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              'ALTER TABLE ONLY ' || @name(m, r.relname) || ' ATTACH PARTITION ' || @name(n, c.relname) || ' '
                || pg_get_expr(c.relpartbound, c.oid) || ';' as sql
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
            join pg_class r on r.oid = i.inhparent join pg_namespace m on m.oid = r.relnamespace
            where c.relispartition and c.relkind in ('r', 'p', 'f') and {ours}""");

    private static final Question DEFAULT = new Question(Stage.ADDITIONS, "DEFAULT", """
            select c.oid as place, n.nspname as schema, c.relname || ' ' || a.attname as name,
              @name(n, c.relname) as object,
              'ALTER TABLE ONLY ' || @name(n, c.relname) || ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET DEFAULT '
                || pg_get_expr(d.adbin, d.adrelid) || ';' as sql
            from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where a.attgenerated = '' and not a.attisdropped and {ours}""");

    private static final String SEQUENCE_FACTS = """
            ' START WITH ' || s.seqstart || ' INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE '
              || s.seqmax || ' CACHE ' || s.seqcache || case when s.seqcycle then ' CYCLE' else '' end""";

    private static final Question SEQUENCE = new Question(Stage.OBJECTS, "SEQUENCE", """
            select c.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              'CREATE ' || case c.relpersistence when 'u' then 'UNLOGGED ' else '' end || 'SEQUENCE ' || @name(n, c.relname)
                || ' AS ' || format_type(s.seqtypid, null) || {sequence} || ';'
                || @owner(SEQUENCE, n, c.relname, c.relowner) as sql
            from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
            where {ours} and not exists (select from pg_depend d
              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')""");

    private static final Question IDENTITY = new Question(Stage.ADDITIONS, "SEQUENCE", """
            select r.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              'ALTER TABLE ' || @name(m, r.relname) || ' ALTER COLUMN ' || quote_ident(a.attname) || ' ADD GENERATED '
                || case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end || ' AS IDENTITY (SEQUENCE NAME '
                || @name(n, c.relname) || {sequence} || ');' as sql
            from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'
              and d.refclassid = 'pg_class'::regclass
            join pg_class r on r.oid = d.refobjid join pg_namespace m on m.oid = r.relnamespace
            join pg_attribute a on a.attrelid = r.oid and a.attnum = d.refobjsubid
            where a.attidentity <> '' and {ours}""");

    private static final Question OWNED = new Question(Stage.ADDITIONS, "SEQUENCE OWNED BY", """
            select c.oid as place, n.nspname as schema, c.relname as name,
              'ALTER SEQUENCE ' || @name(n, c.relname) || ' OWNED BY ' || @name(m, r.relname) || '.'
                || quote_ident(a.attname) || ';' as sql
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a'
              and d.refclassid = 'pg_class'::regclass
            join pg_class r on r.oid = d.refobjid join pg_namespace m on m.oid = r.relnamespace
            join pg_attribute a on a.attrelid = r.oid and a.attnum = d.refobjsubid
            where c.relkind = 'S' and {ours}""");

    private static final Question VIEW = new Question(Stage.OBJECTS, "VIEW", """
            select c.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              'CREATE VIEW ' || @name(n, c.relname) || {with} || ' AS' || @line() || pg_get_viewdef(c.oid)
                || @owner(VIEW, n, c.relname, c.relowner) as sql,
              'CREATE VIEW ' || @name(n, c.relname) || ' AS SELECT ' || coalesce((select string_agg('NULL::'
                  || format_type(a.atttypid, a.atttypmod)
                  || case when a.attcollation <> t.typcollation then ' COLLATE ' || a.attcollation::regcollation else '' end
                  || ' AS ' || quote_ident(a.attname), ', ' order by a.attnum)
                from pg_attribute a join pg_type t on t.oid = a.atttypid
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '') || ';' as standin
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'v' and {ours}""");

    private static final Question MATERIALIZED_VIEW = new Question(Stage.OBJECTS, "MATERIALIZED VIEW", """
            select c.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              {placed} || 'CREATE MATERIALIZED VIEW ' || @name(n, c.relname) || {method} || {with} || ' AS' || @line()
                || rtrim(pg_get_viewdef(c.oid), ';') || @line() || '  WITH NO DATA;'
                || @owner(MATERIALIZED VIEW, n, c.relname, c.relowner) || {kept} || {unplaced} as sql
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'm' and {ours}""");

    /// How an index, also a constraint's, is used beyond being there.
    private static final String INDEX_USED = """
            coalesce((select string_agg(@line() || 'ALTER INDEX ' || @name(n, c.relname) || ' ALTER COLUMN ' || a.attnum
                || ' SET STATISTICS ' || a.attstattarget || ';', '' order by a.attnum) from pg_attribute a
                where a.attrelid = c.oid and a.attstattarget >= 0), '')
              || case when x.indisclustered then @line() || 'ALTER TABLE ' || @name(m, r.relname) || ' CLUSTER ON '
                || quote_ident(c.relname) || ';' else '' end
              || case when x.indisreplident then @line() || 'ALTER TABLE ONLY ' || @name(m, r.relname)
                || ' REPLICA IDENTITY USING INDEX ' || quote_ident(c.relname) || ';' else '' end""";

    /// One that is not valid, left behind by whoever made it, is not carried over; `pg_dump` does not either.
    private static final Question INDEX = new Question(Stage.INDEXES, "INDEX", """
            select c.oid as place, n.nspname as schema, c.relname as name, @name(n, c.relname) as object,
              {placed} || pg_get_indexdef(c.oid) || ';' || {used} || {unplaced} as sql
            from pg_index x join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_class r on r.oid = x.indrelid join pg_namespace m on m.oid = r.relnamespace
            where r.relkind in ('r', 'p', 'm') and @own(r.oid, pg_class) and {ours}
              and (x.indisvalid or c.relkind = 'I')
              and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))""");

    private static final Question INDEX_CONSTRAINT = new Question(Stage.CONSTRAINTS, "CONSTRAINT", """
            select c.oid as place, n.nspname as schema, r.relname || ' ' || k.conname as name,
              @name(m, r.relname) || '.' || quote_ident(k.conname) as object,
              {placed} || 'ALTER TABLE ONLY ' || @name(m, r.relname) || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
                || pg_get_constraintdef(k.oid) || ';'
                || coalesce((select @line() || 'ALTER INDEX ' || @name(n, c.relname) || ' SET (' || string_agg(
                  quote_ident(split_part(o, '=', 1)) || '=' || quote_literal(substr(o, strpos(o, '=') + 1)), ', ' order by o)
                  || ');' from unnest(c.reloptions) o having count(*) > 0), '')
                || {used} || {unplaced} as sql
            from pg_constraint k join pg_index x on x.indexrelid = k.conindid
            join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_class r on r.oid = k.conrelid join pg_namespace m on m.oid = r.relnamespace
            where k.contype in ('p', 'u', 'x') and @own(r.oid, pg_class) and {ours}""");

    private static final Question INDEX_ATTACHED = new Question(Stage.ATTACHMENTS, "INDEX ATTACH", """
            select c.oid as place, n.nspname as schema, c.relname as name,
              'ALTER INDEX ' || @name(m, r.relname) || ' ATTACH PARTITION ' || @name(n, c.relname) || ';' as sql
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
            join pg_class r on r.oid = i.inhparent join pg_namespace m on m.oid = r.relnamespace
            where c.relkind in ('i', 'I') and {ours}""");

    /// Those that hold for all rows are made with their table.
    private static final Question CHECK = new Question(Stage.FINISHES, "CHECK CONSTRAINT", """
            select k.oid as place, n.nspname as schema, c.relname || ' ' || k.conname as name,
              'ALTER TABLE ' || @name(n, c.relname) || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
                || pg_get_constraintdef(k.oid) || ';' as sql
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            where k.contype in ('c', 'n') and not k.convalidated and k.conislocal and {ours}""");

    /// An heir that was made later than its parent's constraint holds it for all of its rows.
    private static final Question VALIDATED = new Question(Stage.FINISHES, "CHECK CONSTRAINT", """
            select k.oid as place, n.nspname as schema, c.relname || ' ' || k.conname as name,
              'ALTER TABLE ' || @name(n, c.relname) || ' VALIDATE CONSTRAINT ' || quote_ident(k.conname) || ';' as sql
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            where k.contype in ('c', 'n') and k.convalidated and not k.conislocal and not c.relispartition and {ours}
              and exists (select from pg_inherits i join pg_constraint p on p.conrelid = i.inhparent
                where i.inhrelid = c.oid and p.contype = k.contype and p.conname = k.conname and not p.convalidated)""");

    private static final Question FOREIGN_KEY = new Question(Stage.FOREIGN_KEYS, "FK CONSTRAINT", """
            select k.oid as place, n.nspname as schema, c.relname || ' ' || k.conname as name,
              @name(n, c.relname) || '.' || quote_ident(k.conname) as object,
              'ALTER TABLE ' || case c.relkind when 'p' then '' else 'ONLY ' end || @name(n, c.relname) || ' ADD CONSTRAINT '
                || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) || ';' as sql
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            where k.contype = 'f' and k.conparentid = 0 and {ours}""");

    private static final Question STATISTICS = new Question(Stage.FINISHES, "STATISTICS", """
            select s.oid as place, n.nspname as schema, s.stxname as name, @name(n, s.stxname) as object,
              pg_get_statisticsobjdef(s.oid) || ';' || @owner(STATISTICS, n, s.stxname, s.stxowner)
                || case when s.stxstattarget >= 0 then @line() || 'ALTER STATISTICS ' || @name(n, s.stxname)
                  || ' SET STATISTICS ' || s.stxstattarget || ';' else '' end as sql
            from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
            where @user(n) and @own(s.oid, pg_statistic_ext)""");

    /// What several questions share, in braces.
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("ours", OURS),
            Map.entry("placed", PLACED),
            Map.entry("unplaced", UNPLACED),
            Map.entry("with", WITH),
            Map.entry("method", METHOD),
            Map.entry("kept", KEPT),
            Map.entry("own", "(" + OWN + ")"),
            Map.entry("columns", COLUMNS),
            Map.entry("bare", COLUMNS.replace("('c', 'n')", "('n')")),
            Map.entry("list", LIST),
            Map.entry("bare list", LIST.replace("columns", "bare_columns")),
            Map.entry("sequence", SEQUENCE_FACTS),
            Map.entry("used", INDEX_USED));

    static final List<Question> ALL = List.of(
                    TABLE,
                    SEQUENCE,
                    VIEW,
                    MATERIALIZED_VIEW,
                    ATTACHED,
                    HEIR,
                    IDENTITY,
                    OWNED,
                    DEFAULT,
                    INDEX,
                    INDEX_CONSTRAINT,
                    INDEX_ATTACHED,
                    CHECK,
                    VALIDATED,
                    STATISTICS,
                    FOREIGN_KEY)
            .stream()
            .map(RelationQuestions::whole)
            .toList();

    private RelationQuestions() {}

    private static Question whole(Question question) {
        String text = question.text();
        for (String part : List.of("columns", "bare", "list", "bare list", "used", "kept")) { // which hold others
            text = text.replace("{" + part + "}", PARTS.getOrDefault(part, ""));
        }
        for (Map.Entry<String, String> part : PARTS.entrySet()) {
            text = text.replace("{" + part.getKey() + "}", part.getValue());
        }
        return new Question(question.stage(), question.type(), question.since(), text);
    }
}
