package io.pgcharter.platform.definition;

import java.util.List;

/// Comments, and who may do what. Rights are written as a whole: what an object's kind has by itself is taken away
/// first, then each grant is given in the list's order, in which nobody passes on what he was not given yet.
final class RightsQuestions {
    /// Comments of the server's own and of extensions' objects are theirs.
    private static final Question COMMENT = new Question(Stage.COMMENTS, "COMMENT", """
            select d.objoid as place, coalesce(i.schema, '-') as schema, upper(w.word) || ' ' || i.identity as name,
              'COMMENT ON ' || upper(w.word) || ' ' || case
                  when i.type = 'domain constraint' then replace(i.identity, ' on ', ' on domain ')
                  when i.type = 'aggregate' and i.identity like '%()' then left(i.identity, -2) || '(*)'
                  else i.identity end
                || ' IS ' || quote_literal(d.description) || ';' as sql
            from pg_description d, lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i,
            lateral (select case when i.type like '%column' then 'column' when i.type like '%constraint' then 'constraint'
              when i.type = 'composite type' then 'type' when i.type = 'statistics object' then 'statistics'
              when i.type = 'foreign-data wrapper' then 'foreign data wrapper' else i.type end) w(word)
            where d.objoid >= 16384
              and d.classoid not in ('pg_largeobject'::regclass, 'pg_event_trigger'::regclass, 'pg_subscription'::regclass)
              and coalesce(i.schema, '') !~ '^pg_(toast|temp)' and not exists (select from pg_depend member
                where member.objid = d.objoid and member.classid = d.classoid and member.deptype = 'e')""");

    private static final Question COMMENT_ON_PUBLIC = new Question(Stage.COMMENTS, "COMMENT", """
            select n.oid as place, '-' as schema, 'SCHEMA public' as name,
              'COMMENT ON SCHEMA public IS ' || coalesce(quote_literal(obj_description(n.oid, 'pg_namespace')), 'NULL') || ';'
                as sql
            from pg_namespace n where n.nspname = 'public'
              and obj_description(n.oid, 'pg_namespace') is distinct from 'standard public schema'""");

    private static final Question COMMENT_ON_EVENT_TRIGGER = new Question(Stage.EVENT_TRIGGERS, "COMMENT", """
            select 4294967295 as place, '-' as schema, 'EVENT TRIGGER ' || quote_ident(e.evtname) as name,
              'COMMENT ON EVENT TRIGGER ' || quote_ident(e.evtname) || ' IS '
                || quote_literal(obj_description(e.oid, 'pg_event_trigger')) || ';' as sql
            from pg_event_trigger e where obj_description(e.oid, 'pg_event_trigger') is not null
              and @own(e.oid, pg_event_trigger)""");

    /// A scratch server has nobody to provide them: they are refused there, by name.
    private static final Question LABEL = new Question(Stage.COMMENTS, "SECURITY LABEL", """
            select l.objoid as place, '-' as schema, l.objtype || ' ' || l.objname as name,
              'SECURITY LABEL FOR ' || quote_ident(l.provider) || ' ON ' || upper(l.objtype) || ' ' || l.objname || ' IS '
                || quote_literal(l.label) || ';' as sql
            from pg_seclabels l where l.objoid >= 16384 and l.classoid not in ('pg_largeobject'::regclass,
              'pg_database'::regclass, 'pg_authid'::regclass, 'pg_tablespace'::regclass, 'pg_subscription'::regclass)""");

    /// Everything that can be granted, also of extensions and of the server itself where somebody has changed it.
    /// PostgreSQL 14 gives everybody the right to create in `public`, newer ones do not: there it is always said.
    private static final Question RIGHTS = new Question(Stage.RIGHTS, "ACL", """
            with object(class, id, sub, schema, word, identity, owner, acl, part) as (
              select 'pg_class'::regclass, c.oid, 0, n.nspname, case c.relkind when 'S' then 'SEQUENCE' else 'TABLE' end,
                @name(n, c.relname), c.relowner, c.relacl, ''
              from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relpersistence <> 't'
              union all select 'pg_class', c.oid, a.attnum, n.nspname, 'TABLE', @name(n, c.relname), c.relowner, a.attacl,
                ' (' || quote_ident(a.attname) || ')'
              from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
              where c.relpersistence <> 't' and not a.attisdropped
              union all select 'pg_proc', p.oid, 0, n.nspname, case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end,
                @name(n, p.proname) || '(' || case p.prokind when 'a' then @types(p.proargtypes)
                  else pg_get_function_identity_arguments(p.oid) end || ')', p.proowner, p.proacl, ''
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace
              union all select 'pg_type', t.oid, 0, n.nspname, 'TYPE', @name(n, t.typname), t.typowner, t.typacl, ''
              from pg_type t join pg_namespace n on n.oid = t.typnamespace
              union all select 'pg_namespace', n.oid, 0, '-', 'SCHEMA', quote_ident(n.nspname), n.nspowner, n.nspacl, ''
              from pg_namespace n where n.nspname !~ '^pg_(toast|temp)'
              union all select 'pg_language', l.oid, 0, '-', 'LANGUAGE', quote_ident(l.lanname), l.lanowner, l.lanacl, ''
              from pg_language l
              union all select 'pg_foreign_data_wrapper', f.oid, 0, '-', 'FOREIGN DATA WRAPPER', quote_ident(f.fdwname),
                f.fdwowner, f.fdwacl, '' from pg_foreign_data_wrapper f
              union all select 'pg_foreign_server', s.oid, 0, '-', 'FOREIGN SERVER', quote_ident(s.srvname), s.srvowner,
                s.srvacl, '' from pg_foreign_server s),
            changed as (
              select o.*, word = 'SCHEMA' and identity = 'public'
                and owner = 10 as original from object o
              left join pg_init_privs i on i.classoid = o.class and i.objoid = o.id and i.objsubid = o.sub
              where (o.acl is not null and o.acl is distinct from i.initprivs)
                or (word = 'SCHEMA' and identity = 'public' and current_setting('server_version_num')::int < 150000))
            select id as place, schema, word || ' ' || identity || part as name,
              'REVOKE ALL' || part || ' ON ' || word || ' ' || identity || ' FROM PUBLIC;'
                || case when original then '' else @line() || 'REVOKE ALL' || part || ' ON ' || word || ' ' || identity
                  || ' FROM ' || quote_ident(pg_get_userbyid(owner)) || ';' end
                || coalesce((select string_agg(@line() || case when grantor <> owner then 'SET SESSION AUTHORIZATION '
                      || quote_ident(pg_get_userbyid(grantor)) || ';' || @line() else '' end
                    || 'GRANT ' || privileges || ' ON ' || word || ' ' || identity || ' TO '
                    || case when grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(grantee)) end
                    || case when is_grantable then ' WITH GRANT OPTION' else '' end || ';'
                    || case when grantor <> owner then @line() || 'RESET SESSION AUTHORIZATION;' else '' end, ''
                    order by place)
                  from (select min(a.place) as place, a.grantor, a.grantee, a.is_grantable,
                      string_agg(a.privilege_type || part, ', ' order by a.place) as privileges
                    from aclexplode(acl) with ordinality a(grantor, grantee, privilege_type, is_grantable, place)
                    where not (original and a.grantee = owner)
                    group by a.grantor, a.grantee, a.is_grantable) given), '') as sql
            from changed""");

    /// What everything made later is given. Within a schema it adds to what holds for the database.
    private static final Question DEFAULT_RIGHTS = new Question(Stage.DEFAULT_RIGHTS, "DEFAULT ACL", """
            select d.oid as place, coalesce(n.nspname, '-') as schema, 'DEFAULT PRIVILEGES FOR ' || words as name,
              case when n.oid is null then 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || quote_ident(owner) || ' REVOKE ALL ON '
                  || words || ' FROM PUBLIC;' || @line() || 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || quote_ident(owner)
                  || ' REVOKE ALL ON ' || words || ' FROM ' || quote_ident(owner) || ';' else '' end
                || coalesce((select string_agg(@line() || 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || quote_ident(owner)
                    || coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '') || ' GRANT ' || privileges || ' ON ' || words
                    || ' TO ' || case when grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(grantee)) end
                    || case when is_grantable then ' WITH GRANT OPTION' else '' end || ';', '' order by place)
                  from (select min(a.place) as place, a.grantee, a.is_grantable,
                      string_agg(a.privilege_type, ', ' order by a.place) as privileges
                    from aclexplode(d.defaclacl) with ordinality a(grantor, grantee, privilege_type, is_grantable, place)
                    group by a.grantee, a.is_grantable) given), '') as sql
            from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace,
              lateral (select case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS'
                when 'T' then 'TYPES' when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end,
                pg_get_userbyid(d.defaclrole)) w(words, owner)""");

    static final List<Question> ALL =
            List.of(COMMENT, COMMENT_ON_PUBLIC, COMMENT_ON_EVENT_TRIGGER, LABEL, RIGHTS, DEFAULT_RIGHTS);

    private RightsQuestions() {}
}
