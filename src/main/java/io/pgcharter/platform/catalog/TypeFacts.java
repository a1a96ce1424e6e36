package io.pgcharter.platform.catalog;

import io.pgcharter.model.schema.ObjectKind;
import java.util.List;

/// Types, domains, operators and casts.
final class TypeFacts {
    static final List<Facts> ALL = List.of(
            new Facts(ObjectKind.TYPE, """
                    select @name(n, t.typname) as object, pg_get_userbyid(t.typowner) as owner,
                      case t.typtype when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range' else 'base' end
                        as form,
                      (select string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder)
                        from pg_enum l where l.enumtypid = t.oid) as labels,
                      (select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                          || case when a.attcollation <> b.typcollation then ' collate ' || a.attcollation::regcollation
                            else '' end, ', ' order by a.attnum)
                        from pg_attribute a join pg_type b on b.oid = a.atttypid
                        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as attributes,
                      format_type(r.rngsubtype, null) as subtype,
                      (select @name(s, o.opcname) from pg_opclass o join pg_namespace s on s.oid = o.opcnamespace
                        where o.oid = r.rngsubopc) as "operator class",
                      nullif(r.rngcollation, 0)::regcollation::text as collation,
                      nullif(r.rngcanonical, 0)::regprocedure::text as canonical,
                      nullif(r.rngsubdiff, 0)::regprocedure::text as "subtype difference",
                      format_type(r.rngmultitypid, null) as multirange,
                      case t.typtype when 'b' then format('%s, %s, length %s, by value %s, align %s, storage %s, category %s',
                        t.typinput, t.typoutput, t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory)
                        || format(', receive %s, send %s, modifier in %s, out %s, analyze %s, subscript %s', t.typreceive,
                        t.typsend, t.typmodin, t.typmodout, t.typanalyze, t.typsubscript) || format(', element %s,'
                        ' delimiter %s, preferred %s, collation %s, default %s', format_type(nullif(t.typelem, 0), null),
                        t.typdelim, t.typispreferred, nullif(t.typcollation, 0)::regcollation, t.typdefault) end as base,
                      (select string_agg(quote_ident(a.attname) || ': ' || d.description, '; ' order by a.attnum)
                        from pg_description d join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
                        where d.classoid = 'pg_class'::regclass and d.objoid = t.typrelid and d.objsubid > 0)
                        as "attribute comments",
                      @grants(t.typacl, T, t.typowner) as grants,
                      coalesce(obj_description(t.oid, 'pg_type'), obj_description(c.oid, 'pg_class')) as comment
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace
                    left join pg_range r on r.rngtypid = t.oid left join pg_class c on c.oid = t.typrelid
                    where @user(n) and @own(t.oid, pg_type) and t.typtype in ('e', 'c', 'r', 'b')
                      and t.typisdefined and (t.typrelid = 0 or c.relkind = 'c')
                      and not exists (select from pg_type element where element.typarray = t.oid)"""),
            new Facts(ObjectKind.DOMAIN, """
                    select @name(n, t.typname) as object, pg_get_userbyid(t.typowner) as owner,
                      format_type(t.typbasetype, t.typtypmod) as type, case when t.typnotnull then 'true' end as "not null",
                      coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) as default,
                      case when t.typcollation <> b.typcollation then t.typcollation::regcollation::text end as collation,
                      @grants(t.typacl, T, t.typowner) as grants, obj_description(t.oid, 'pg_type') as comment
                    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
                    where t.typtype = 'd' and @user(n) and @own(t.oid, pg_type)"""),
            new Facts(ObjectKind.DOMAIN_CONSTRAINT, """
                    select @name(n, t.typname) || '.' || quote_ident(k.conname) as object,
                      pg_get_constraintdef(k.oid) as definition, obj_description(k.oid, 'pg_constraint') as comment
                    from pg_constraint k join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = t.typnamespace
                    where k.contype = 'c' and @user(n) and @own(t.oid, pg_type)"""),
            new Facts(ObjectKind.OPERATOR, """
                    select quote_ident(n.nspname) || '.' || o.oprname || ' (' || case when o.oprleft = 0 then 'none'
                        else format_type(o.oprleft, null) end || ', ' || format_type(o.oprright, null) || ')' as object,
                      pg_get_userbyid(o.oprowner) as owner, o.oprcode::regprocedure::text as function,
                      nullif(o.oprcom, 0)::regoperator::text as commutator,
                      nullif(o.oprnegate, 0)::regoperator::text as negator,
                      nullif(o.oprrest::oid, 0)::regprocedure::text as restrict,
                      nullif(o.oprjoin::oid, 0)::regprocedure::text as join,
                      case when o.oprcanhash then 'true' end as hashes, case when o.oprcanmerge then 'true' end as merges,
                      obj_description(o.oid, 'pg_operator') as comment
                    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
                    where @user(n) and @own(o.oid, pg_operator) and o.oprcode <> 0"""),
            new Facts(ObjectKind.CAST, """
                    select '(' || format_type(c.castsource, null) || ' as ' || format_type(c.casttarget, null) || ')' as object,
                      case c.castmethod when 'f' then c.castfunc::regprocedure::text when 'i' then 'inout' else 'binary' end
                        as method,
                      case c.castcontext when 'a' then 'assignment' when 'i' then 'implicit' end as context,
                      obj_description(c.oid, 'pg_cast') as comment
                    from pg_cast c where c.oid >= 16384 and @own(c.oid, pg_cast)"""),
            SchemaFacts.other("pg_opclass", "opc", """
                    pg_get_userbyid(o.opcowner) as owner, format_type(o.opcintype, null) as type,
                    format_type(nullif(o.opckeytype, 0), null) as storage, case when o.opcdefault then 'true' end as default,
                    (select @name(s, f.opfname) from pg_opfamily f join pg_namespace s on s.oid = f.opfnamespace
                      where f.oid = o.opcfamily) as family"""),
            SchemaFacts.other("pg_opfamily", "opf", """
                    pg_get_userbyid(o.opfowner) as owner,
                    (select string_agg(member, ', ' order by member) from (
                      select a.amopstrategy || ' ' || a.amopopr::regoperator || coalesce((select ' for order by '
                        || @name(s, r.opfname) from pg_opfamily r join pg_namespace s on s.oid = r.opfnamespace
                        where r.oid = a.amopsortfamily), '') as member
                      from pg_amop a where a.amopfamily = o.oid) members) as operators,
                    (select string_agg(a.amprocnum || ' (' || format_type(a.amproclefttype, null) || ', '
                        || format_type(a.amprocrighttype, null) || ') ' || a.amproc::regprocedure, ', '
                        order by a.amprocnum, a.amproclefttype::regtype::text, a.amprocrighttype::regtype::text)
                      from pg_amproc a where a.amprocfamily = o.oid) as functions"""),
            new Facts(ObjectKind.OTHER, """
                    select i.type || ' ' || replace(i.identity, ' on language ', ' language ') as object, nullif(o.trffromsql::oid, 0)::regprocedure::text as "from SQL",
                      nullif(o.trftosql::oid, 0)::regprocedure::text as "to SQL",
                      obj_description(o.oid, 'pg_transform') as comment
                    from pg_transform o, lateral pg_identify_object('pg_transform'::regclass, o.oid, 0) i
                    where o.oid >= 16384 and @own(o.oid, pg_transform)"""));

    private TypeFacts() {}
}
