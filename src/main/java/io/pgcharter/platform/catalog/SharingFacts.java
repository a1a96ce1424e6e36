package io.pgcharter.platform.catalog;

import io.pgcharter.model.schema.ObjectKind;
import java.util.List;

/// What a database shares with others, and what new objects are given.
final class SharingFacts {
    private static final int NEWEST = Integer.MAX_VALUE;

    static final List<Facts> ALL = List.of(
            new Facts(ObjectKind.FOREIGN_DATA_WRAPPER, """
                    select quote_ident(f.fdwname) as object, pg_get_userbyid(f.fdwowner) as owner,
                      nullif(f.fdwhandler, 0)::regprocedure::text as handler,
                      nullif(f.fdwvalidator, 0)::regprocedure::text as validator, @options(f.fdwoptions) as options,
                      @grants(f.fdwacl, F, f.fdwowner) as grants, obj_description(f.oid, 'pg_foreign_data_wrapper') as comment
                    from pg_foreign_data_wrapper f where @own(f.oid, pg_foreign_data_wrapper)"""),
            new Facts(ObjectKind.FOREIGN_SERVER, """
                    select quote_ident(s.srvname) as object, pg_get_userbyid(s.srvowner) as owner, f.fdwname as wrapper,
                      s.srvtype as type, s.srvversion as version, @options(s.srvoptions) as options,
                      @grants(s.srvacl, S, s.srvowner) as grants, obj_description(s.oid, 'pg_foreign_server') as comment
                    from pg_foreign_server s join pg_foreign_data_wrapper f on f.oid = s.srvfdw
                    where @own(s.oid, pg_foreign_server)"""),
            // How somebody logs in elsewhere is his secret, but for the names of what he gives.
            new Facts(ObjectKind.USER_MAPPING, """
                    select case when umuser = 0 then 'PUBLIC' else quote_ident(usename) end || ' on ' || quote_ident(srvname)
                        as object,
                      (select string_agg(split_part(o, '=', 1), ', ' order by o) from unnest(umoptions) o) as options
                    from pg_user_mappings"""),
            new Facts(ObjectKind.PUBLICATION, """
                    select quote_ident(p.pubname) as object, pg_get_userbyid(p.pubowner) as owner,
                      case when p.puballtables then 'true' end as "all tables",
                      nullif(concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                        case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end),
                        'insert, update, delete, truncate') as publishes,
                      case when p.pubviaroot then 'true' end as "via root",
                      nullif(to_jsonb(p) ->> 'pubgencols', 'n') as "generated columns",
                      obj_description(p.oid, 'pg_publication') as comment
                    from pg_publication p where @own(p.oid, pg_publication)"""),
            new Facts(ObjectKind.PUBLICATION_TABLE, 14, 14, members("")),
            new Facts(ObjectKind.PUBLICATION_TABLE, 15, NEWEST, members("""
                      , pg_get_expr(r.prqual, c.oid) as where,
                      (select string_agg(quote_ident(a.attname), ', ' order by a.attname) from pg_attribute a
                        where a.attrelid = c.oid and a.attnum = any (r.prattrs::int2[])) as columns""")),
            new Facts(ObjectKind.PUBLICATION_SCHEMA, 15, NEWEST, """
                    select quote_ident(p.pubname) || ': ' || quote_ident(n.nspname) as object
                    from pg_publication_namespace s join pg_publication p on p.oid = s.pnpubid
                    join pg_namespace n on n.oid = s.pnnspid where @own(p.oid, pg_publication)"""),
            new Facts(ObjectKind.SECURITY_LABEL, """
                    select quote_ident(l.provider) || ': ' || l.objtype || ' ' || l.objname as object, l.label
                    from pg_seclabels l where l.objoid >= 16384 and l.classoid not in ('pg_largeobject'::regclass,
                      'pg_database'::regclass, 'pg_authid'::regclass, 'pg_tablespace'::regclass, 'pg_subscription'::regclass)"""),
            new Facts(ObjectKind.DEFAULT_PRIVILEGES, """
                    select quote_ident(pg_get_userbyid(d.defaclrole)) || ': ' || case d.defaclobjtype when 'r' then 'tables'
                        when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas'
                        else 'large objects' end
                        || coalesce(' in ' || quote_ident(n.nspname), '') as object,
                      (select string_agg(line, '; ' order by line) from (
                        select case when grantee = 0 then 'PUBLIC' when grantee = d.defaclrole then 'owner'
                            else quote_ident(pg_get_userbyid(grantee)) end || ': '
                          || string_agg(privilege_type || case when is_grantable then '*' else '' end, ', '
                            order by privilege_type) as line
                        from aclexplode(d.defaclacl) group by grantee) grants) as grants
                    from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace"""));

    private SharingFacts() {}

    private static String members(String more) {
        return """
                select quote_ident(p.pubname) || ': ' || @name(n, c.relname) as objectMORE
                from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
                join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace
                where @own(p.oid, pg_publication)""".replace("MORE", more);
    }
}
