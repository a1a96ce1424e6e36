package io.pgcharter.platform.definition;

import java.util.List;

/// What runs: routines, triggers, rules, policies, event triggers.
final class RoutineQuestions {
    /// For `ALTER TABLE … TRIGGER`, of a letter of `pg_trigger` and `pg_rewrite`.
    private static final String ENABLED =
            "case %s when 'D' then ' DISABLE ' when 'R' then ' ENABLE REPLICA ' when 'A' then ' ENABLE ALWAYS ' else ' ENABLE ' end";

    static final List<Question> ALL = List.of(
            new Question(Stage.OBJECTS, "FUNCTION", """
                    select p.oid as place, n.nspname as schema,
                      p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
                      @name(n, p.proname) || '(' || @types(p.proargtypes) || ')' as object,
                      case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end as type,
                      rtrim(pg_get_functiondef(p.oid), @line()) || ';' || @line() || 'ALTER '
                        || case p.prokind when 'p' then 'PROCEDURE ' else 'FUNCTION ' end || @name(n, p.proname) || '('
                        || pg_get_function_identity_arguments(p.oid) || ') OWNER TO '
                        || quote_ident(pg_get_userbyid(p.proowner)) || ';' as sql
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                    where p.prokind <> 'a' and @user(n) and @own(p.oid, pg_proc) and not exists (select from pg_depend d
                      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')"""),
            new Question(Stage.OBJECTS, "AGGREGATE", """
                    select p.oid as place, n.nspname as schema, p.proname || '(' || @types(p.proargtypes) || ')' as name,
                      @name(n, p.proname) || '(' || @types(p.proargtypes) || ')' as object,
                      'CREATE AGGREGATE ' || @name(n, p.proname) || '('
                        || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || ') ('
                        || concat_ws(', ', 'SFUNC = ' || a.aggtransfn, 'STYPE = ' || format_type(a.aggtranstype, null),
                          'SSPACE = ' || nullif(a.aggtransspace, 0), 'FINALFUNC = ' || nullif(a.aggfinalfn::oid, 0)::regproc,
                          case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
                          'FINALFUNC_MODIFY = ' || case a.aggfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE'
                            else 'READ_WRITE' end,
                          'COMBINEFUNC = ' || nullif(a.aggcombinefn::oid, 0)::regproc,
                          'SERIALFUNC = ' || nullif(a.aggserialfn::oid, 0)::regproc,
                          'DESERIALFUNC = ' || nullif(a.aggdeserialfn::oid, 0)::regproc,
                          'INITCOND = ' || quote_literal(a.agginitval),
                          'MSFUNC = ' || nullif(a.aggmtransfn::oid, 0)::regproc,
                          'MINVFUNC = ' || nullif(a.aggminvtransfn::oid, 0)::regproc,
                          case when a.aggmtranstype <> 0 then 'MSTYPE = ' || format_type(a.aggmtranstype, null) end,
                          'MSSPACE = ' || nullif(a.aggmtransspace, 0),
                          'MFINALFUNC = ' || nullif(a.aggmfinalfn::oid, 0)::regproc,
                          case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
                          case when a.aggmtranstype <> 0 then 'MFINALFUNC_MODIFY = ' || case a.aggmfinalmodify
                            when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end,
                          'MINITCOND = ' || quote_literal(a.aggminitval),
                          (select 'SORTOP = OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')' from pg_operator o
                            join pg_namespace s on s.oid = o.oprnamespace where o.oid = a.aggsortop),
                          case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end,
                          case when a.aggkind = 'h' then 'HYPOTHETICAL' end) || ');'
                        || @line() || 'ALTER AGGREGATE ' || @name(n, p.proname) || '('
                        || coalesce(nullif(@types(p.proargtypes), ''), '*') || ') OWNER TO '
                        || quote_ident(pg_get_userbyid(p.proowner)) || ';' as sql
                    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_aggregate a on a.aggfnoid = p.oid
                    where @user(n) and @own(p.oid, pg_proc)"""),
            new Question(Stage.FINISHES, "TRIGGER", """
                    select t.oid as place, n.nspname as schema, c.relname || ' ' || t.tgname as name,
                      @name(n, c.relname) || '.' || quote_ident(t.tgname) as object,
                      pg_get_triggerdef(t.oid) || ';' || case t.tgenabled when 'O' then '' else @line() || 'ALTER TABLE '
                        || @name(n, c.relname) || ENABLED || 'TRIGGER ' || quote_ident(t.tgname) || ';' end as sql
                    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
                    where not t.tgisinternal and t.tgparentid = 0 and c.relpersistence <> 't' and @user(n)
                      and @own(c.oid, pg_class) and @own(t.oid, pg_trigger)""".replace("ENABLED", ENABLED.formatted("t.tgenabled"))),
            // A partition's copy may be on where its parent's trigger is off, and the reverse.
            new Question(Stage.RIGHTS, "TRIGGER", """
                    select t.oid as place, n.nspname as schema, c.relname || ' ' || t.tgname as name,
                      'ALTER TABLE ' || @name(n, c.relname) || ENABLED || 'TRIGGER ' || quote_ident(t.tgname) || ';' as sql
                    from pg_trigger t join pg_trigger o on o.oid = t.tgparentid join pg_class c on c.oid = t.tgrelid
                    join pg_namespace n on n.oid = c.relnamespace
                    where not o.tgisinternal and t.tgenabled <> o.tgenabled and @user(n)
                      and @own(c.oid, pg_class)""".replace("ENABLED", ENABLED.formatted("t.tgenabled"))),
            new Question(Stage.FINISHES, "RULE", """
                    select r.oid as place, n.nspname as schema, c.relname || ' ' || r.rulename as name,
                      @name(n, c.relname) || '.' || quote_ident(r.rulename) as object,
                      pg_get_ruledef(r.oid) || case r.ev_enabled when 'O' then '' else @line() || 'ALTER TABLE '
                        || @name(n, c.relname) || ENABLED || 'RULE ' || quote_ident(r.rulename) || ';' end as sql
                    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
                    where r.rulename <> '_RETURN' and c.relpersistence <> 't' and @user(n) and @own(c.oid, pg_class)
                      and @own(r.oid, pg_rewrite)""".replace("ENABLED", ENABLED.formatted("r.ev_enabled"))),
            new Question(Stage.FINISHES, "POLICY", """
                    select p.oid as place, n.nspname as schema, c.relname || ' ' || p.polname as name,
                      'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || @name(n, c.relname)
                        || case when p.polpermissive then '' else ' AS RESTRICTIVE' end
                        || case p.polcmd when 'r' then ' FOR SELECT' when 'a' then ' FOR INSERT' when 'w' then ' FOR UPDATE'
                          when 'd' then ' FOR DELETE' else '' end
                        || ' TO ' || (select string_agg(case when role = 0 then 'PUBLIC'
                          else quote_ident(pg_get_userbyid(role)) end, ', ' order by pg_get_userbyid(role))
                          from unnest(p.polroles) role)
                        || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
                        || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';' as sql
                    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
                    where @user(n) and @own(c.oid, pg_class)"""),
            new Question(Stage.FINISHES, "ROW SECURITY", """
                    select c.oid as place, n.nspname as schema, c.relname as name,
                      'ALTER TABLE ' || @name(n, c.relname) || ' ENABLE ROW LEVEL SECURITY;' as sql
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where c.relrowsecurity and c.relpersistence <> 't' and @user(n) and @own(c.oid, pg_class)"""),
            new Question(
                    Stage.EVENT_TRIGGERS, "EVENT TRIGGER", """
                    select e.oid as place, '-' as schema, e.evtname as name, quote_ident(e.evtname) as object,
                      'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || e.evtevent
                        || coalesce(' WHEN TAG IN (' || (select string_agg(quote_literal(tag), ', ' order by tag)
                          from unnest(e.evttags) tag) || ')', '')
                        || ' EXECUTE FUNCTION ' || e.evtfoid::regproc || '();' || @line() || 'ALTER EVENT TRIGGER '
                        || quote_ident(e.evtname) || ' OWNER TO ' || quote_ident(pg_get_userbyid(e.evtowner)) || ';'
                        || case e.evtenabled when 'O' then '' else @line() || 'ALTER EVENT TRIGGER ' || quote_ident(e.evtname)
                          || rtrim(ENABLED) || ';' end as sql
                    from pg_event_trigger e
                    where @own(e.oid, pg_event_trigger)""".replace("ENABLED", ENABLED.formatted("e.evtenabled"))),
            // An object that goes when its extension goes.
            new Question(Stage.RIGHTS, "DEPENDS ON EXTENSION", """
                    select d.objid as place, '-' as schema, i.identity || ' ' || x.extname as name, 'ALTER ' || upper(i.type)
                      || ' ' || i.identity || ' DEPENDS ON EXTENSION ' || quote_ident(x.extname) || ';' as sql
                    from pg_depend d join pg_extension x on x.oid = d.refobjid,
                      lateral pg_identify_object(d.classid, d.objid, 0) i
                    where d.deptype = 'x' and d.refclassid = 'pg_extension'::regclass"""));

    private RoutineQuestions() {}
}
