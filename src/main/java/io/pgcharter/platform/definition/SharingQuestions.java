package io.pgcharter.platform.definition;

import java.util.List;

/// What a database shares with others.
final class SharingQuestions {
    private static final String MEMBERS = """
            select r.oid as place, n.nspname as schema, p.pubname || ' ' || c.relname as name,
              'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLE ONLY ' || @name(n, c.relname) MORE || ';' as sql
            from pg_publication_rel r join pg_publication p on p.oid = r.prpubid join pg_class c on c.oid = r.prrelid
            join pg_namespace n on n.oid = c.relnamespace where @own(p.oid, pg_publication)""";

    static final List<Question> ALL = List.of(
            new Question(Stage.OBJECTS, "FOREIGN DATA WRAPPER", """
                    select f.oid as place, '-' as schema, f.fdwname as name,
                      'CREATE FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)
                        || case when f.fdwhandler <> 0 then ' HANDLER ' || f.fdwhandler::regproc else '' end
                        || case when f.fdwvalidator <> 0 then ' VALIDATOR ' || f.fdwvalidator::regproc else '' end
                        || @given(f.fdwoptions) || ';' || @line() || 'ALTER FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)
                        || ' OWNER TO ' || quote_ident(pg_get_userbyid(f.fdwowner)) || ';' as sql
                    from pg_foreign_data_wrapper f where @own(f.oid, pg_foreign_data_wrapper)"""),
            new Question(Stage.OBJECTS, "SERVER", """
                    select s.oid as place, '-' as schema, s.srvname as name, 'CREATE SERVER ' || quote_ident(s.srvname)
                        || coalesce(' TYPE ' || quote_literal(s.srvtype), '')
                        || coalesce(' VERSION ' || quote_literal(s.srvversion), '')
                        || ' FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname) || @given(s.srvoptions) || ';' || @line()
                        || 'ALTER SERVER ' || quote_ident(s.srvname) || ' OWNER TO '
                        || quote_ident(pg_get_userbyid(s.srvowner)) || ';' as sql
                    from pg_foreign_server s join pg_foreign_data_wrapper f on f.oid = s.srvfdw
                    where @own(s.oid, pg_foreign_server)"""),
            // Of a mapping that this role may not see, the options are left out, as pg_dump does.
            new Question(Stage.OBJECTS, "USER MAPPING", """
                    select u.umid as place, '-' as schema, u.usename || ' ' || u.srvname as name,
                      'CREATE USER MAPPING FOR ' || case when u.umuser = 0 then 'PUBLIC' else quote_ident(u.usename) end
                        || ' SERVER ' || quote_ident(u.srvname) || @given(u.umoptions) || ';' as sql
                    from pg_user_mappings u"""),
            new Question(Stage.PUBLICATIONS, "PUBLICATION", """
                    select p.oid as place, '-' as schema, p.pubname as name, 'CREATE PUBLICATION ' || quote_ident(p.pubname)
                        || case when p.puballtables then ' FOR ALL TABLES' else '' end || ' WITH (publish = '
                        || quote_literal(concat_ws(', ', case when p.pubinsert then 'insert' end,
                          case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end,
                          case when p.pubtruncate then 'truncate' end))
                        || case when p.pubviaroot then ', publish_via_partition_root = true' else '' end
                        || case to_jsonb(p) ->> 'pubgencols' when 's' then ', publish_generated_columns = stored' else '' end
                        || ');' || @line() || 'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' OWNER TO '
                        || quote_ident(pg_get_userbyid(p.pubowner)) || ';' as sql
                    from pg_publication p where @own(p.oid, pg_publication)"""),
            new Question(
                    Stage.PUBLICATIONS,
                    "PUBLICATION TABLE",
                    0,
                    MEMBERS.replace("MORE", "") + " and not exists (" + """
                    select where current_setting('server_version_num')::int >= 150000)"""),
            new Question(Stage.PUBLICATIONS, "PUBLICATION TABLE", 15, MEMBERS.replace("MORE", """
                      || coalesce((select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')'
                        from pg_attribute a where a.attrelid = c.oid and a.attnum = any (r.prattrs::int2[])
                        having count(*) > 0), '')
                      || coalesce(' WHERE (' || pg_get_expr(r.prqual, c.oid) || ')', '')""")),
            new Question(Stage.PUBLICATIONS, "PUBLICATION TABLES IN SCHEMA", 15, """
                    select s.oid as place, '-' as schema, p.pubname || ' ' || n.nspname as name,
                      'ALTER PUBLICATION ' || quote_ident(p.pubname) || ' ADD TABLES IN SCHEMA ' || quote_ident(n.nspname)
                        || ';' as sql
                    from pg_publication_namespace s join pg_publication p on p.oid = s.pnpubid
                    join pg_namespace n on n.oid = s.pnnspid where @own(p.oid, pg_publication)"""));

    private SharingQuestions() {}
}
