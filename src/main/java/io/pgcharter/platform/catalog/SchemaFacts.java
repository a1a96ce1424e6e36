package io.pgcharter.platform.catalog;

import io.pgcharter.model.schema.ObjectKind;
import java.util.List;

/// Schemas and what extends the server.
final class SchemaFacts {
    static final List<Facts> ALL = List.of(
            new Facts(ObjectKind.SCHEMA, """
                    select quote_ident(n.nspname) as object, pg_get_userbyid(n.nspowner) as owner,
                      @grants(n.nspacl, n, n.nspowner) as grants, obj_description(n.oid, 'pg_namespace') as comment
                    from pg_namespace n where @user(n) and @own(n.oid, pg_namespace)"""),
            new Facts(ObjectKind.EXTENSION, """
                    select quote_ident(x.extname) as object, x.extversion as version, quote_ident(n.nspname) as schema,
                      obj_description(x.oid, 'pg_extension') as comment
                    from pg_extension x join pg_namespace n on n.oid = x.extnamespace"""),
            new Facts(ObjectKind.LANGUAGE, """
                    select quote_ident(l.lanname) as object, pg_get_userbyid(l.lanowner) as owner,
                      case when l.lanpltrusted then 'true' end as trusted, l.lanplcallfoid::regprocedure::text as handler,
                      nullif(l.laninline, 0)::regprocedure::text as inline,
                      nullif(l.lanvalidator, 0)::regprocedure::text as validator,
                      @grants(l.lanacl, l, l.lanowner) as grants, obj_description(l.oid, 'pg_language') as comment
                    from pg_language l where l.oid >= 16384 and @own(l.oid, pg_language)"""),
            new Facts(ObjectKind.COLLATION, """
                    select @name(n, c.collname) as object, pg_get_userbyid(c.collowner) as owner,
                      case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' when 'd' then 'default' else 'libc' end
                        as provider,
                      case when not c.collisdeterministic then 'false' end as deterministic,
                      case when c.collencoding >= 0 then pg_encoding_to_char(c.collencoding) end as encoding,
                      coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate) as locale,
                      nullif(c.collctype, c.collcollate) as "character type", to_jsonb(c) ->> 'collicurules' as rules,
                      obj_description(c.oid, 'pg_collation') as comment
                    from pg_collation c join pg_namespace n on n.oid = c.collnamespace
                    where @user(n) and @own(c.oid, pg_collation)"""),
            new Facts(ObjectKind.TEXT_SEARCH_DICTIONARY, """
                    select @name(n, d.dictname) as object, pg_get_userbyid(d.dictowner) as owner,
                      @name(s, t.tmplname) as template, d.dictinitoption as options,
                      obj_description(d.oid, 'pg_ts_dict') as comment
                    from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
                    join pg_ts_template t on t.oid = d.dicttemplate join pg_namespace s on s.oid = t.tmplnamespace
                    where @user(n) and @own(d.oid, pg_ts_dict)"""),
            new Facts(ObjectKind.TEXT_SEARCH_CONFIGURATION, """
                    select @name(n, c.cfgname) as object, pg_get_userbyid(c.cfgowner) as owner,
                      (select string_agg(alias || ': ' || dictionaries, '; ' order by alias) from (
                        select t.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
                        from pg_ts_config_map m join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
                        where m.mapcfg = c.oid group by t.alias) mappings) as mappings,
                      obj_description(c.oid, 'pg_ts_config') as comment
                    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
                    where @user(n) and @own(c.oid, pg_ts_config)"""),
            other("pg_conversion", "con", """
                    pg_get_userbyid(o.conowner) as owner, case when o.condefault then 'true' end as default,
                    pg_encoding_to_char(o.conforencoding) || ' to ' || pg_encoding_to_char(o.contoencoding) as encodings,
                    o.conproc::regprocedure::text as function"""),
            other("pg_ts_parser", "prs", """
                    o.prsstart::regprocedure::text as start, o.prstoken::regprocedure::text as token,
                    o.prsend::regprocedure::text as end, nullif(o.prsheadline::oid, 0)::regprocedure::text as headline,
                    o.prslextype::regprocedure::text as types"""),
            other("pg_ts_template", "tmpl", """
                    nullif(o.tmplinit::oid, 0)::regprocedure::text as init, o.tmpllexize::regprocedure::text as lexize"""),
            new Facts(ObjectKind.OTHER, """
                    select i.type || ' ' || i.identity as object, o.amhandler::regprocedure::text as handler,
                      case o.amtype when 't' then 'table' else 'index' end as form, obj_description(o.oid, 'pg_am') as comment
                    from pg_am o, lateral pg_identify_object('pg_am'::regclass, o.oid, 0) i
                    where o.oid >= 16384 and @own(o.oid, pg_am)"""));

    private SchemaFacts() {}

    /// @param prefix of the catalog's columns
    /// @param attributes of its row `o`
    static Facts other(String catalog, String prefix, String attributes) {
        return new Facts(ObjectKind.OTHER, """
                select i.type || ' ' || i.identity as object, ATTRIBUTES, obj_description(o.oid, 'CATALOG') as comment
                from CATALOG o join pg_namespace n on n.oid = o.PREFIXnamespace,
                  lateral pg_identify_object('CATALOG'::regclass, o.oid, 0) i
                where @user(n) and @own(o.oid, CATALOG)""".replace("ATTRIBUTES", attributes)
                .replace("CATALOG", catalog)
                .replace("PREFIX", prefix));
    }
}
