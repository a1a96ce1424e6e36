package io.pgcharter.platform.definition;

import java.util.List;

/// Types and what is defined over them.
final class TypeQuestions {
    static final List<Question> ALL = List.of(
            new Question(Stage.SHELLS, "SHELL TYPE", """
                    select t.oid as place, n.nspname as schema, t.typname as name, @name(n, t.typname) as object,
                      'CREATE TYPE ' || @name(n, t.typname) || ';' as sql
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    left join pg_range r on r.rngtypid = t.oid
                    where @user(n) and @own(t.oid, pg_type) and ((t.typtype = 'p' and not t.typisdefined)
                      or (t.typtype = 'b' and t.typisdefined
                        and not exists (select from pg_type element where element.typarray = t.oid))
                      or (t.typtype = 'r' and r.rngcanonical <> 0))"""),
            new Question(Stage.OBJECTS, "TYPE", """
                    select t.oid as place, n.nspname as schema, t.typname as name, @name(n, t.typname) as object,
                      'CREATE TYPE ' || @name(n, t.typname) || ' AS ENUM (' || coalesce((select string_agg(
                        quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '')
                        || ');' || @owner(TYPE, n, t.typname, t.typowner) as sql
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    where t.typtype = 'e' and @user(n) and @own(t.oid, pg_type)"""),
            new Question(Stage.OBJECTS, "TYPE", """
                    select t.oid as place, n.nspname as schema, t.typname as name, @name(n, t.typname) as object,
                      'CREATE TYPE ' || @name(n, t.typname) || ' AS (' || coalesce((select string_agg(quote_ident(a.attname)
                        || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attcollation <> b.typcollation
                        then ' COLLATE ' || a.attcollation::regcollation else '' end, ', ' order by a.attnum)
                        from pg_attribute a join pg_type b on b.oid = a.atttypid
                        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '')
                        || ');' || @owner(TYPE, n, t.typname, t.typowner) as sql
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    join pg_class c on c.oid = t.typrelid and c.relkind = 'c' where @user(n) and @own(t.oid, pg_type)"""),
            new Question(Stage.OBJECTS, "TYPE", """
                    select t.oid as place, n.nspname as schema, t.typname as name, @name(n, t.typname) as object,
                      'CREATE TYPE ' || @name(n, t.typname) || ' AS RANGE (subtype = ' || format_type(r.rngsubtype, null)
                        || case when o.opcdefault then '' else ', subtype_opclass = ' || @name(m, o.opcname) end
                        || case when r.rngcollation <> s.typcollation then ', collation = ' || r.rngcollation::regcollation
                          else '' end
                        || case when r.rngcanonical <> 0 then ', canonical = ' || r.rngcanonical else '' end
                        || case when r.rngsubdiff <> 0 then ', subtype_diff = ' || r.rngsubdiff else '' end
                        || ', multirange_type_name = ' || format_type(r.rngmultitypid, null) || ');'
                        || @owner(TYPE, n, t.typname, t.typowner) as sql
                    from pg_range r join pg_type t on t.oid = r.rngtypid join pg_namespace n on n.oid = t.typnamespace
                    join pg_type s on s.oid = r.rngsubtype
                    join pg_opclass o on o.oid = r.rngsubopc join pg_namespace m on m.oid = o.opcnamespace
                    where @user(n) and @own(t.oid, pg_type)"""),
            new Question(Stage.OBJECTS, "TYPE", """
                    select t.oid as place, n.nspname as schema, t.typname as name, @name(n, t.typname) as object,
                      'CREATE TYPE ' || @name(n, t.typname) || ' (INPUT = ' || t.typinput || ', OUTPUT = ' || t.typoutput
                        || case when t.typreceive <> 0 then ', RECEIVE = ' || t.typreceive else '' end
                        || case when t.typsend <> 0 then ', SEND = ' || t.typsend else '' end
                        || case when t.typmodin <> 0 then ', TYPMOD_IN = ' || t.typmodin else '' end
                        || case when t.typmodout <> 0 then ', TYPMOD_OUT = ' || t.typmodout else '' end
                        || case when t.typanalyze <> 0 then ', ANALYZE = ' || t.typanalyze else '' end
                        || case when t.typsubscript <> 0 then ', SUBSCRIPT = ' || t.typsubscript else '' end
                        || ', INTERNALLENGTH = ' || case t.typlen when -1 then 'VARIABLE' else t.typlen::text end
                        || case when t.typbyval then ', PASSEDBYVALUE' else '' end
                        || ', ALIGNMENT = ' || case t.typalign when 'c' then 'char' when 's' then 'int2' when 'd' then 'double'
                          else 'int4' end
                        || ', STORAGE = ' || case t.typstorage when 'p' then 'plain' when 'e' then 'external'
                          when 'm' then 'main' else 'extended' end
                        || ', CATEGORY = ' || quote_literal(t.typcategory::text)
                        || case when t.typispreferred then ', PREFERRED = true' else '' end
                        || coalesce(', DEFAULT = ' || quote_literal(t.typdefault), '')
                        || case when t.typelem <> 0 then ', ELEMENT = ' || format_type(t.typelem, null) else '' end
                        || ', DELIMITER = ' || quote_literal(t.typdelim::text)
                        || case when t.typcollation <> 0 then ', COLLATABLE = true' else '' end || ');'
                        || @owner(TYPE, n, t.typname, t.typowner) as sql
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    where t.typtype = 'b' and t.typisdefined and @user(n) and @own(t.oid, pg_type)
                      and not exists (select from pg_type element where element.typarray = t.oid)"""),
            new Question(Stage.OBJECTS, "DOMAIN", """
                    select t.oid as place, n.nspname as schema, t.typname as name, @name(n, t.typname) as object,
                      'CREATE DOMAIN ' || @name(n, t.typname) || ' AS ' || format_type(t.typbasetype, t.typtypmod)
                        || case when t.typcollation <> b.typcollation then ' COLLATE ' || t.typcollation::regcollation
                          else '' end
                        || coalesce(' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), '')
                        || coalesce((select string_agg(@line() || '    CONSTRAINT ' || quote_ident(k.conname) || ' '
                          || case k.contype when 'n' then 'NOT NULL' else pg_get_constraintdef(k.oid) end, ''
                          order by k.contype desc, k.conname) from pg_constraint k
                          where k.contypid = t.oid and k.convalidated), '')
                        || case when t.typnotnull and not exists (select from pg_constraint k
                          where k.contypid = t.oid and k.contype = 'n') then ' NOT NULL' else '' end || ';'
                        || @owner(DOMAIN, n, t.typname, t.typowner) as sql
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
                    where t.typtype = 'd' and @user(n) and @own(t.oid, pg_type)"""),
            new Question(Stage.FINISHES, "CHECK CONSTRAINT", """
                    select k.oid as place, n.nspname as schema, t.typname || ' ' || k.conname as name,
                      'ALTER DOMAIN ' || @name(n, t.typname) || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
                        || pg_get_constraintdef(k.oid) || ';' as sql
                    from pg_constraint k join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = t.typnamespace
                    where not k.convalidated and @user(n) and @own(t.oid, pg_type)"""),
            new Question(Stage.OBJECTS, "OPERATOR", """
                    select o.oid as place, n.nspname as schema, o.oprname as name,
                      quote_ident(n.nspname) || '.' || o.oprname || ' (' || case when o.oprleft = 0 then 'none'
                        else format_type(o.oprleft, null) end || ', ' || format_type(o.oprright, null) || ')' as object,
                      'CREATE OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' (FUNCTION = ' || o.oprcode
                        || case when o.oprleft <> 0 then ', LEFTARG = ' || format_type(o.oprleft, null) else '' end
                        || ', RIGHTARG = ' || format_type(o.oprright, null)
                        || coalesce((select ', COMMUTATOR = OPERATOR(' || quote_ident(m.nspname) || '.' || p.oprname || ')'
                          from pg_operator p join pg_namespace m on m.oid = p.oprnamespace where p.oid = o.oprcom), '')
                        || coalesce((select ', NEGATOR = OPERATOR(' || quote_ident(m.nspname) || '.' || p.oprname || ')'
                          from pg_operator p join pg_namespace m on m.oid = p.oprnamespace where p.oid = o.oprnegate), '')
                        || case when o.oprrest <> 0 then ', RESTRICT = ' || o.oprrest else '' end
                        || case when o.oprjoin <> 0 then ', JOIN = ' || o.oprjoin else '' end
                        || case when o.oprcanhash then ', HASHES' else '' end
                        || case when o.oprcanmerge then ', MERGES' else '' end || ');'
                        || @line() || 'ALTER OPERATOR ' || quote_ident(n.nspname) || '.' || o.oprname || ' ('
                        || case when o.oprleft = 0 then 'NONE' else format_type(o.oprleft, null) end || ', '
                        || format_type(o.oprright, null) || ') OWNER TO ' || quote_ident(pg_get_userbyid(o.oprowner)) || ';'
                        as sql
                    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
                    where o.oprcode <> 0 and @user(n) and @own(o.oid, pg_operator)"""),
            new Question(Stage.OBJECTS, "OPERATOR FAMILY", """
                    select f.oid as place, n.nspname as schema, f.opfname as name, @name(n, f.opfname) || ' USING ' || quote_ident(m.amname) as object,
                      'CREATE OPERATOR FAMILY ' || @name(n, f.opfname) || ' USING ' || quote_ident(m.amname) || ';'
                        || @line() || 'ALTER OPERATOR FAMILY ' || @name(n, f.opfname) || ' USING ' || quote_ident(m.amname)
                        || ' OWNER TO ' || quote_ident(pg_get_userbyid(f.opfowner)) || ';' as sql
                    from pg_opfamily f join pg_am m on m.oid = f.opfmethod join pg_namespace n on n.oid = f.opfnamespace
                    where @user(n) and @own(f.oid, pg_opfamily)"""),
            new Question(Stage.OBJECTS, "OPERATOR CLASS", """
                    select o.oid as place, n.nspname as schema, o.opcname as name, @name(n, o.opcname) || ' USING ' || quote_ident(m.amname) as object,
                      'CREATE OPERATOR CLASS ' || @name(n, o.opcname) || case when o.opcdefault then ' DEFAULT' else '' end
                        || ' FOR TYPE ' || format_type(o.opcintype, null) || ' USING ' || quote_ident(m.amname) || ' FAMILY '
                        || @name(k, f.opfname) || ' AS ' || @line() || '    ' || concat_ws(', ',
                          'STORAGE ' || format_type(case o.opckeytype when 0 then o.opcintype else o.opckeytype end, null),
                          MEMBERS) || ';'
                        || @line() || 'ALTER OPERATOR CLASS ' || @name(n, o.opcname) || ' USING ' || quote_ident(m.amname)
                        || ' OWNER TO ' || quote_ident(pg_get_userbyid(o.opcowner)) || ';' as sql
                    from pg_opclass o join pg_am m on m.oid = o.opcmethod join pg_namespace n on n.oid = o.opcnamespace
                    join pg_opfamily f on f.oid = o.opcfamily join pg_namespace k on k.oid = f.opfnamespace
                    where @user(n) and @own(o.oid, pg_opclass)""".replace("MEMBERS", members("pg_opclass", "o.oid"))),
            new Question(Stage.ADDITIONS, "OPERATOR FAMILY", """
                    select f.oid as place, n.nspname as schema, f.opfname || ' members' as name,
                      @name(n, f.opfname) || ' USING ' || quote_ident(m.amname) as object,
                      'ALTER OPERATOR FAMILY ' || @name(n, f.opfname) || ' USING ' || quote_ident(m.amname) || ' ADD '
                        || @line() || '    ' || members || ';' as sql
                    from pg_opfamily f join pg_am m on m.oid = f.opfmethod join pg_namespace n on n.oid = f.opfnamespace,
                    lateral MEMBERS loose(members)
                    where members is not null""".replace("MEMBERS", members("pg_opfamily", "f.oid"))),
            new Question(Stage.OBJECTS, "CAST", """
                    select c.oid as place, '-' as schema,
                      format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) as name,
                      '(' || format_type(c.castsource, null) || ' as ' || format_type(c.casttarget, null) || ')' as object,
                      'CREATE CAST (' || format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) || ') '
                        || case c.castmethod when 'f' then 'WITH FUNCTION ' || c.castfunc::regprocedure when 'i' then 'WITH INOUT'
                          else 'WITHOUT FUNCTION' end
                        || case c.castcontext when 'a' then ' AS ASSIGNMENT' when 'i' then ' AS IMPLICIT' else '' end || ';'
                        as sql
                    from pg_cast c where c.oid >= 16384 and @own(c.oid, pg_cast) and not exists (select from pg_range r
                      where r.rngtypid = c.castsource and r.rngmultitypid = c.casttarget)"""),
            // After functions that know nothing of it, which would need it otherwise.
            new Question(Stage.ADDITIONS, "TRANSFORM", """
                    select t.oid as place, '-' as schema, format_type(t.trftype, null) || ' ' || l.lanname as name,
                      'for ' || format_type(t.trftype, null) || ' language ' || quote_ident(l.lanname) as object,
                      'CREATE TRANSFORM FOR ' || format_type(t.trftype, null) || ' LANGUAGE ' || quote_ident(l.lanname) || ' ('
                        || concat_ws(', ', 'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql::oid, 0)::regprocedure,
                          'TO SQL WITH FUNCTION ' || nullif(t.trftosql::oid, 0)::regprocedure) || ');' as sql
                    from pg_transform t join pg_language l on l.oid = t.trflang
                    where t.oid >= 16384 and @own(t.oid, pg_transform)"""));

    private TypeQuestions() {}

    /// Operators and functions that belong to a class, or to a family and no class of it; those of users, not of
    /// extensions.
    private static String members(String catalog, String object) {
        return """
                (select string_agg(member, ',' || @line() || '    ' order by member) from (
                  select 'OPERATOR ' || a.amopstrategy || ' ' || a.amopopr::regoperator || coalesce((select ' FOR ORDER BY '
                    || @name(s, r.opfname) from pg_opfamily r join pg_namespace s on s.oid = r.opfnamespace
                    where r.oid = a.amopsortfamily), '') as member
                  from pg_amop a join pg_depend d on d.classid = 'pg_amop'::regclass and d.objid = a.oid
                    and d.refclassid = 'CATALOG'::regclass and d.refobjid = OBJECT and d.deptype in ('i', 'a')
                  where a.oid >= 16384 and @own(a.oid, pg_amop)
                  union all
                  select 'FUNCTION ' || a.amprocnum || ' (' || format_type(a.amproclefttype, null) || ', '
                    || format_type(a.amprocrighttype, null) || ') ' || a.amproc::regprocedure
                  from pg_amproc a join pg_depend d on d.classid = 'pg_amproc'::regclass and d.objid = a.oid
                    and d.refclassid = 'CATALOG'::regclass and d.refobjid = OBJECT and d.deptype in ('i', 'a')
                  where a.oid >= 16384 and @own(a.oid, pg_amproc)) members)""".replace("CATALOG", catalog).replace("OBJECT", object);
    }
}
