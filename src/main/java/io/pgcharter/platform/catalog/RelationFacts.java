package io.pgcharter.platform.catalog;

import io.pgcharter.model.schema.ObjectKind;
import java.util.List;

/// Sequences, what has rows, and what hangs on it.
final class RelationFacts {
    private static final Facts SEQUENCE = new Facts(ObjectKind.SEQUENCE, """
            select @name(n, c.relname) as object, pg_get_userbyid(c.relowner) as owner,
              format_type(s.seqtypid, null) as type, s.seqstart as start, s.seqincrement as increment, s.seqmin as minimum,
              s.seqmax as maximum, s.seqcache as cache, case when s.seqcycle then 'true' end as cycle,
              case c.relpersistence when 'u' then 'true' end as unlogged,
              (select @name(m, r.relname) || '.' || quote_ident(a.attname)
                from pg_depend d join pg_class r on r.oid = d.refobjid join pg_namespace m on m.oid = r.relnamespace
                join pg_attribute a on a.attrelid = r.oid and a.attnum = d.refobjsubid
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
                  and d.deptype = 'a') as "owned by",
              @grants(c.relacl, s, c.relowner) as grants, obj_description(c.oid, 'pg_class') as comment
            from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
            where @user(n) and @own(c.oid, pg_class) and not exists (select from pg_depend d
              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')""");

    private static final Facts TABLE = new Facts(ObjectKind.TABLE, """
            select @name(n, c.relname) as object, pg_get_userbyid(c.relowner) as owner,
              case c.relkind when 'p' then 'partitioned' when 'f' then 'foreign' end as form,
              case c.relpersistence when 'u' then 'true' end as unlogged,
              pg_get_partkeydef(c.oid) as "partition key",
              pg_get_expr(c.relpartbound, c.oid) as bound,
              (select string_agg(@name(m, r.relname), ', ' order by i.inhseqno) from pg_inherits i
                join pg_class r on r.oid = i.inhparent join pg_namespace m on m.oid = r.relnamespace
                where i.inhrelid = c.oid) as parents,
              case when c.relrowsecurity then 'true' end as "row security",
              case when c.relforcerowsecurity then 'true' end as "row security forced",
              case c.relreplident when 'n' then 'nothing' when 'f' then 'full' when 'i' then 'index' end
                as "replica identity",
              (select m.amname from pg_am m where m.oid = c.relam and m.amname <> 'heap') as "access method",
              (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) as tablespace,
              @sorted(c.reloptions) as options,
              (select @sorted(toast.reloptions) from pg_class toast where toast.oid = c.reltoastrelid) as "toast options",
              nullif(c.reloftype, 0)::regtype::text as "of type",
              (select s.srvname from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver
                where f.ftrelid = c.oid) as server,
              (select @options(f.ftoptions) from pg_foreign_table f where f.ftrelid = c.oid) as "foreign options",
              @grants(c.relacl, r, c.relowner) as grants, obj_description(c.oid, 'pg_class') as comment
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't' and @user(n) and @own(c.oid, pg_class)""");

    private static final Facts COLUMN = new Facts(ObjectKind.COLUMN, """
            select @name(n, c.relname) || '.' || quote_ident(a.attname) as object,
              format_type(a.atttypid, a.atttypmod) as type,
              case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
              case when a.attnotnull then coalesce((select concat_ws(', ',
                  case when to_jsonb(k) ->> 'convalidated' = 'false' then 'not valid' end,
                  case when k.connoinherit then 'no inherit' end,
                  case when k.conname <> left(c.relname || '_' || a.attname || '_not_null', 63)
                    and octet_length(c.relname || '_' || a.attname) <= 54 and k.conislocal
                    then 'constraint ' || quote_ident(k.conname) end)
                from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum]), '')
              end as "not null",
              case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
              case a.attgenerated when 's' then 'stored ' when 'v' then 'virtual ' end || pg_get_expr(d.adbin, d.adrelid)
                as generated,
              case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
              (select format('%s, start %s, increment %s, minimum %s, maximum %s, cache %s%s', @name(m, s.relname),
                  q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, case when q.seqcycle then ', cycle' end)
                from pg_depend e join pg_sequence q on q.seqrelid = e.objid join pg_class s on s.oid = q.seqrelid
                join pg_namespace m on m.oid = s.relnamespace
                where e.classid = 'pg_class'::regclass and e.refclassid = 'pg_class'::regclass and e.refobjid = c.oid
                  and e.refobjsubid = a.attnum and e.deptype = 'i' and a.attidentity <> '') as "identity sequence",
              case when a.attidentity <> '' then (select @grants(s.relacl, s, s.relowner)
                from pg_depend e join pg_class s on s.oid = e.objid
                where e.classid = 'pg_class'::regclass and e.refclassid = 'pg_class'::regclass and e.refobjid = c.oid
                  and e.refobjsubid = a.attnum and e.deptype = 'i') end as "identity grants",
              case when a.attstorage <> t.typstorage then case a.attstorage when 'p' then 'plain' when 'e' then 'external'
                when 'm' then 'main' else 'extended' end end as storage,
              case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
              nullif(a.attstattarget, -1) as statistics,
              @sorted(a.attoptions) as options, @options(a.attfdwoptions) as "foreign options",
              case when not c.relispartition and a.attinhcount > 0 then case when a.attislocal then 'and declared' else 'only' end
                end as inherited,
              case when a.attacl is not null then @grants(a.attacl, c, c.relowner) end as grants,
              col_description(c.oid, a.attnum) as comment
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_type t on t.oid = a.atttypid
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relkind in ('r', 'p', 'f', 'v', 'm') and c.relpersistence <> 't' and a.attnum > 0
              and not a.attisdropped and @user(n) and @own(c.oid, pg_class)""");

    private static final Facts VIEW = new Facts(ObjectKind.VIEW, """
            select @name(n, c.relname) as object, pg_get_userbyid(c.relowner) as owner,
              pg_get_viewdef(c.oid) as definition, @sorted(c.reloptions) as options,
              @grants(c.relacl, r, c.relowner) as grants, obj_description(c.oid, 'pg_class') as comment
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'v' and c.relpersistence <> 't' and @user(n) and @own(c.oid, pg_class)""");

    private static final Facts MATERIALIZED_VIEW = new Facts(ObjectKind.MATERIALIZED_VIEW, """
            select @name(n, c.relname) as object, pg_get_userbyid(c.relowner) as owner,
              pg_get_viewdef(c.oid) as definition, @sorted(c.reloptions) as options,
              (select m.amname from pg_am m where m.oid = c.relam and m.amname <> 'heap') as "access method",
              (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) as tablespace,
              @grants(c.relacl, r, c.relowner) as grants, obj_description(c.oid, 'pg_class') as comment
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'm' and @user(n) and @own(c.oid, pg_class)""");

    /// Those of a partition that it has from its parent are the parent's.
    private static final Facts CONSTRAINT = new Facts(ObjectKind.CONSTRAINT, """
            select @name(n, c.relname) || '.' || quote_ident(k.conname) as object, pg_get_constraintdef(k.oid) as definition,
              case when x.indexrelid is not null then pg_get_indexdef(x.indexrelid) end as index,
              case when not x.indisvalid then 'true' end as invalid, case when x.indisclustered then 'true' end as clustered,
              case when x.indisreplident then 'true' end as "replica identity",
              (select s.spcname from pg_tablespace s where s.oid = ic.reltablespace) as tablespace,
              obj_description(k.oid, 'pg_constraint') as comment
            from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
            left join pg_index x on x.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
            left join pg_class ic on ic.oid = x.indexrelid
            where k.contype in ('c', 'f', 'p', 'u', 'x') and k.conparentid = 0 and k.conislocal
              and @user(n) and @own(c.oid, pg_class)""");

    private static final Facts INDEX = new Facts(ObjectKind.INDEX, """
            select @name(n, i.relname) as object, pg_get_indexdef(i.oid) as definition,
              case when not x.indisvalid then 'true' end as invalid, case when x.indisclustered then 'true' end as clustered,
              case when x.indisreplident then 'true' end as "replica identity",
              (select s.spcname from pg_tablespace s where s.oid = i.reltablespace) as tablespace,
              (select string_agg(a.attnum || ' ' || a.attstattarget, ', ' order by a.attnum) from pg_attribute a
                where a.attrelid = i.oid and a.attstattarget >= 0) as statistics,
              obj_description(i.oid, 'pg_class') as comment
            from pg_index x join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = i.relnamespace
            join pg_class c on c.oid = x.indrelid
            where not i.relispartition and c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and @user(n)
              and @own(c.oid, pg_class) and not exists (select from pg_constraint k
                where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))""");

    private static final Facts STATISTICS = new Facts(ObjectKind.STATISTICS, """
            select @name(n, s.stxname) as object, pg_get_userbyid(s.stxowner) as owner,
              pg_get_statisticsobjdef(s.oid) as definition, nullif(s.stxstattarget, -1) as target,
              obj_description(s.oid, 'pg_statistic_ext') as comment
            from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
            where @user(n) and @own(s.oid, pg_statistic_ext)""");

    static final List<Facts> ALL =
            List.of(SEQUENCE, TABLE, COLUMN, VIEW, MATERIALIZED_VIEW, CONSTRAINT, INDEX, STATISTICS);

    private RelationFacts() {}
}
