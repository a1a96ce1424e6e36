package io.pgcharter.platform.catalog;

import io.pgcharter.model.schema.ObjectKind;
import java.util.List;

/// What runs: routines, triggers, rules, policies.
final class RoutineFacts {
    private static final Facts AGGREGATE = new Facts(ObjectKind.AGGREGATE, """
            select @name(n, p.proname) || '(' || @types(p.proargtypes) || ')' as object,
              pg_get_userbyid(p.proowner) as owner, pg_get_function_arguments(p.oid) as arguments,
              case a.aggkind when 'o' then 'ordered set' when 'h' then 'hypothetical set' end as form,
              nullif(a.aggnumdirectargs, 0) as "direct arguments",
              a.aggtransfn::regprocedure::text as transition, format_type(a.aggtranstype, null) as state,
              nullif(a.aggtransspace, 0) as "state size", a.agginitval as initial,
              nullif(a.aggfinalfn::oid, 0)::regprocedure::text as final,
              case when a.aggfinalextra then 'true' end as "final extra", a.aggfinalmodify as "final modifies",
              nullif(a.aggcombinefn::oid, 0)::regprocedure::text as combine,
              nullif(a.aggserialfn::oid, 0)::regprocedure::text as serial,
              nullif(a.aggdeserialfn::oid, 0)::regprocedure::text as deserial,
              nullif(a.aggmtransfn::oid, 0)::regprocedure::text as "moving transition",
              nullif(a.aggminvtransfn::oid, 0)::regprocedure::text as "moving inverse",
              case when a.aggmtranstype <> 0 then format_type(a.aggmtranstype, null) end as "moving state",
              nullif(a.aggmtransspace, 0) as "moving state size",
              nullif(a.aggmfinalfn::oid, 0)::regprocedure::text as "moving final", a.aggminitval as "moving initial",
              case when a.aggmfinalextra then 'true' end as "moving final extra",
              case when a.aggmtranstype <> 0 then a.aggmfinalmodify end as "moving final modifies",
              nullif(a.aggsortop, 0)::regoperator::text as "sort operator",
              case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end as parallel,
              @grants(p.proacl, f, p.proowner) as grants, obj_description(p.oid, 'pg_proc') as comment
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_aggregate a on a.aggfnoid = p.oid
            where @user(n) and @own(p.oid, pg_proc)""");

    private static final Facts TRIGGER = new Facts(ObjectKind.TRIGGER, """
            select @name(n, c.relname) || '.' || quote_ident(t.tgname) as object, pg_get_triggerdef(t.oid) as definition,
              case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' end as enabled,
              obj_description(t.oid, 'pg_trigger') as comment
            from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where not t.tgisinternal and t.tgparentid = 0 and @user(n) and @own(c.oid, pg_class)
              and @own(t.oid, pg_trigger)""");

    private static final Facts RULE = new Facts(ObjectKind.RULE, """
            select @name(n, c.relname) || '.' || quote_ident(r.rulename) as object, pg_get_ruledef(r.oid) as definition,
              case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' end as enabled,
              obj_description(r.oid, 'pg_rewrite') as comment
            from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
            where r.rulename <> '_RETURN' and @user(n) and @own(c.oid, pg_class) and @own(r.oid, pg_rewrite)""");

    private static final Facts POLICY = new Facts(ObjectKind.POLICY, """
            select @name(n, c.relname) || '.' || quote_ident(p.polname) as object,
              case when not p.polpermissive then 'true' end as restrictive,
              case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' end
                as command,
              nullif((select string_agg(case when role = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(role)) end, ', '
                order by role = 0, pg_get_userbyid(role)) from unnest(p.polroles) role), 'PUBLIC') as roles,
              pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
              obj_description(p.oid, 'pg_policy') as comment
            from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
            where @user(n) and @own(c.oid, pg_class)""");

    private static final Facts EVENT_TRIGGER = new Facts(ObjectKind.EVENT_TRIGGER, """
            select quote_ident(e.evtname) as object, pg_get_userbyid(e.evtowner) as owner, e.evtevent as event,
              e.evtfoid::regprocedure::text as function, @sorted(e.evttags) as tags,
              case e.evtenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' end as enabled,
              obj_description(e.oid, 'pg_event_trigger') as comment
            from pg_event_trigger e where @own(e.oid, pg_event_trigger)""");

    static final List<Facts> ALL = List.of(
            routine(ObjectKind.FUNCTION, "'f', 'w'"),
            routine(ObjectKind.PROCEDURE, "'p'"),
            AGGREGATE,
            TRIGGER,
            RULE,
            POLICY,
            EVENT_TRIGGER);

    private RoutineFacts() {}

    private static Facts routine(ObjectKind kind, String letters) {
        return new Facts(kind, """
                select @name(n, p.proname) || '(' || @types(p.proargtypes) || ')' as object,
                  pg_get_userbyid(p.proowner) as owner, pg_get_functiondef(p.oid) as definition,
                  @grants(p.proacl, f, p.proowner) as grants, obj_description(p.oid, 'pg_proc') as comment
                from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where p.prokind in (LETTERS) and @user(n) and @own(p.oid, pg_proc)""".replace("LETTERS", letters));
    }
}
