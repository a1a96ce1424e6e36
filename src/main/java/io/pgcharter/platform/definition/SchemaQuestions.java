package io.pgcharter.platform.definition;

import java.util.List;

/// Schemas, what extends the server, how texts are sorted and searched.
final class SchemaQuestions {
    static final List<Question> ALL = List.of(
            // The schema `public` is there already.
            new Question(Stage.SCHEMAS, "SCHEMA", """
                    select n.oid as place, '-' as schema, n.nspname as name,
                      'CREATE SCHEMA ' || quote_ident(n.nspname) || ';' || @line() || 'ALTER SCHEMA ' || quote_ident(n.nspname)
                        || ' OWNER TO ' || quote_ident(pg_get_userbyid(n.nspowner)) || ';' as sql
                    from pg_namespace n where n.nspname <> 'public' and @user(n) and @own(n.oid, pg_namespace)"""),
            new Question(Stage.SCHEMAS, "SCHEMA", """
                    select n.oid as place, '-' as schema, n.nspname as name, 'ALTER SCHEMA public OWNER TO '
                      || quote_ident(pg_get_userbyid(n.nspowner)) || ';' as sql
                    from pg_namespace n where n.nspname = 'public' and n.nspowner <> 10
                      and pg_get_userbyid(n.nspowner) <> 'pg_database_owner'"""),
            new Question(Stage.SCHEMAS, "SCHEMA", """
                    select 2200 as place, '-' as schema, 'public' as name, 'DROP SCHEMA IF EXISTS public;' as sql
                    where not exists (select from pg_namespace where nspname = 'public')"""),
            new Question(Stage.EXTENSIONS, "EXTENSION", """
                    select x.oid as place, '-' as schema, x.extname as name, 'CREATE EXTENSION IF NOT EXISTS '
                      || quote_ident(x.extname) || ' WITH SCHEMA ' || quote_ident(n.nspname) || ';' as sql
                    from pg_extension x join pg_namespace n on n.oid = x.extnamespace where x.oid >= 16384"""),
            new Question(Stage.OBJECTS, "PROCEDURAL LANGUAGE", """
                    select l.oid as place, '-' as schema, l.lanname as name, quote_ident(l.lanname) as object, 'CREATE '
                      || case when l.lanpltrusted then 'TRUSTED ' else '' end || 'LANGUAGE ' || quote_ident(l.lanname)
                      || ' HANDLER ' || l.lanplcallfoid::regproc
                      || case when l.laninline <> 0 then ' INLINE ' || l.laninline::regproc else '' end
                      || case when l.lanvalidator <> 0 then ' VALIDATOR ' || l.lanvalidator::regproc else '' end || ';'
                      || @line() || 'ALTER LANGUAGE ' || quote_ident(l.lanname) || ' OWNER TO '
                      || quote_ident(pg_get_userbyid(l.lanowner)) || ';' as sql
                    from pg_language l where l.oid >= 16384 and @own(l.oid, pg_language)"""),
            new Question(Stage.OBJECTS, "ACCESS METHOD", """
                    select m.oid as place, '-' as schema, m.amname as name, quote_ident(m.amname) as object, 'CREATE ACCESS METHOD ' || quote_ident(m.amname)
                      || ' TYPE ' || case m.amtype when 'i' then 'INDEX' else 'TABLE' end || ' HANDLER ' || m.amhandler || ';'
                      as sql
                    from pg_am m where m.oid >= 16384 and @own(m.oid, pg_am)"""),
            new Question(Stage.OBJECTS, "COLLATION", """
                    select c.oid as place, n.nspname as schema, c.collname as name, @name(n, c.collname) as object,
                      'CREATE COLLATION ' || @name(n, c.collname) || ' (provider = ' || case c.collprovider when 'i' then 'icu'
                        when 'b' then 'builtin' when 'd' then 'default' else 'libc' end
                        || case when c.collisdeterministic then '' else ', deterministic = false' end
                        || case when c.collprovider = 'c' and c.collcollate <> c.collctype
                          then ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || quote_literal(c.collctype)
                          else ', locale = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale',
                            to_jsonb(c) ->> 'colliculocale', c.collcollate)) end
                        || coalesce(', rules = ' || quote_literal(to_jsonb(c) ->> 'collicurules'), '') || ');'
                        || @owner(COLLATION, n, c.collname, c.collowner) as sql
                    from pg_collation c join pg_namespace n on n.oid = c.collnamespace
                    where @user(n) and @own(c.oid, pg_collation)"""),
            new Question(Stage.OBJECTS, "CONVERSION", """
                    select c.oid as place, n.nspname as schema, c.conname as name, @name(n, c.conname) as object,
                      'CREATE ' || case when c.condefault then 'DEFAULT ' else '' end || 'CONVERSION ' || @name(n, c.conname)
                        || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO '
                        || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || c.conproc || ';'
                        || @owner(CONVERSION, n, c.conname, c.conowner) as sql
                    from pg_conversion c join pg_namespace n on n.oid = c.connamespace
                    where @user(n) and @own(c.oid, pg_conversion)"""),
            new Question(Stage.OBJECTS, "TEXT SEARCH PARSER", """
                    select p.oid as place, n.nspname as schema, p.prsname as name, @name(n, p.prsname) as object,
                      'CREATE TEXT SEARCH PARSER ' || @name(n, p.prsname) || ' (START = ' || p.prsstart || ', GETTOKEN = '
                        || p.prstoken || ', END = ' || p.prsend
                        || case when p.prsheadline <> 0 then ', HEADLINE = ' || p.prsheadline else '' end
                        || ', LEXTYPES = ' || p.prslextype || ');' as sql
                    from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace
                    where @user(n) and @own(p.oid, pg_ts_parser)"""),
            new Question(Stage.OBJECTS, "TEXT SEARCH TEMPLATE", """
                    select t.oid as place, n.nspname as schema, t.tmplname as name, @name(n, t.tmplname) as object,
                      'CREATE TEXT SEARCH TEMPLATE ' || @name(n, t.tmplname) || ' ('
                        || case when t.tmplinit <> 0 then 'INIT = ' || t.tmplinit || ', ' else '' end
                        || 'LEXIZE = ' || t.tmpllexize || ');' as sql
                    from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace
                    where @user(n) and @own(t.oid, pg_ts_template)"""),
            new Question(Stage.OBJECTS, "TEXT SEARCH DICTIONARY", """
                    select d.oid as place, n.nspname as schema, d.dictname as name, @name(n, d.dictname) as object,
                      'CREATE TEXT SEARCH DICTIONARY ' || @name(n, d.dictname) || ' (TEMPLATE = ' || @name(s, t.tmplname)
                        || coalesce(', ' || d.dictinitoption, '') || ');'
                        || @owner(TEXT SEARCH DICTIONARY, n, d.dictname, d.dictowner) as sql
                    from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
                    join pg_ts_template t on t.oid = d.dicttemplate join pg_namespace s on s.oid = t.tmplnamespace
                    where @user(n) and @own(d.oid, pg_ts_dict)"""),
            new Question(Stage.OBJECTS, "TEXT SEARCH CONFIGURATION", """
                    select c.oid as place, n.nspname as schema, c.cfgname as name, @name(n, c.cfgname) as object,
                      'CREATE TEXT SEARCH CONFIGURATION ' || @name(n, c.cfgname) || ' (PARSER = ' || @name(s, p.prsname) || ');'
                        || coalesce((select string_agg(@line() || 'ALTER TEXT SEARCH CONFIGURATION ' || @name(n, c.cfgname)
                          || ' ADD MAPPING FOR ' || quote_ident(alias) || ' WITH ' || dictionaries || ';', '' order by alias)
                          from (select t.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno)
                              as dictionaries
                            from pg_ts_config_map m join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype
                            where m.mapcfg = c.oid group by t.alias) mappings), '')
                        || @owner(TEXT SEARCH CONFIGURATION, n, c.cfgname, c.cfgowner) as sql
                    from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
                    join pg_ts_parser p on p.oid = c.cfgparser join pg_namespace s on s.oid = p.prsnamespace
                    where @user(n) and @own(c.oid, pg_ts_config)"""));

    private SchemaQuestions() {}
}
