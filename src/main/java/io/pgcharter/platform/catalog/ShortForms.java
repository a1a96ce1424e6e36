package io.pgcharter.platform.catalog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Short forms in questions to the system catalogs, which [#expanded] writes out; no argument holds parentheses:
/// - `@name(n, c.relname)`: the name in schema `n`, quoted where it must be;
/// - `@user(n)`: `n` is no schema of the server's own;
/// - `@own(c.oid, pg_class)`: the object belongs to no extension;
/// - `@grants(c.relacl, r, c.relowner)`: who may do what, sorted; NULL if it is what PostgreSQL gives on its own. The
///   letter is that of `acldefault`;
/// - `@sorted(c.reloptions)`: the texts of an array, sorted;
/// - `@options(s.srvoptions)`: the same of what a foreign server is told; of what may be a secret the name only;
/// - `@types(p.proargtypes)`: the types of an `oidvector`, in order;
/// - `@owner(TABLE, n, c.relname, c.relowner)`: the statement that gives it to its owner, on a line of its own;
/// - `@given(s.srvoptions)`: ` OPTIONS (…)` with all values, empty if there are none;
/// - `@line()`: a line feed.
public final class ShortForms {
    private static final Pattern SHORT = Pattern.compile("@(\\w+)\\(([^()]*)\\)");

    private ShortForms() {}

    /// The SQL that `text` stands for.
    public static String expanded(String text) {
        return SHORT.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(expand(found.group(1), found.group(2))));
    }

    private static String expand(String word, String given) {
        String[] arguments = given.split(", *", -1);
        return switch (word) {
            case "name" -> "quote_ident(%s.nspname) || '.' || quote_ident(%s)".formatted((Object[]) arguments);
            case "user" -> "(%1$s.nspname !~ '^pg_' and %1$s.nspname <> 'information_schema')".formatted(given);
            case "own" -> """
                    not exists (select from pg_depend member
                      where member.objid = %s and member.classid = '%s'::regclass and member.deptype = 'e')""".formatted((Object[]) arguments);
            case "sorted" -> "(select string_agg(o, ', ' order by o) from unnest(%s) o)".formatted(given);
            case "options" -> """
                    (select string_agg(case when o ~* '^[^=]*(pass|secret|token|key)' then split_part(o, '=', 1) else o end,
                      ', ' order by o) from unnest(%s) o)""".formatted(given);
            case "types" -> """
                    (select coalesce(string_agg(format_type(t, null), ', ' order by position), '')
                      from unnest(%s) with ordinality given (t, position))""".formatted(given);
            case "grants" -> grants(arguments[0], arguments[1], arguments[2]);
            case "owner" -> """
                    (e'\\nALTER %s ' || quote_ident(%s.nspname) || '.' || quote_ident(%s) || ' OWNER TO '
                      || quote_ident(pg_get_userbyid(%s)) || ';')""".formatted((Object[]) arguments);
            case "given" -> """
                    coalesce((select ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value),
                      ', ' order by option_name) || ')' from pg_options_to_table(%s)), '')""".formatted(given);
            case "line" -> "e'\\n'";
            default -> throw new IllegalStateException("no short form '" + word + "'");
        };
    }

    /// The owner is written as `owner`, so that objects of two owners with the same rights compare equal.
    private static String grants(String acl, String letter, String owner) {
        String listed = """
                (select string_agg(line, '; ' order by line) from (
                  select case when grantee = 0 then 'PUBLIC' when grantee = %2$s then 'owner'
                      else quote_ident(pg_get_userbyid(grantee)) end || ': '
                    || string_agg(privilege_type || case when is_grantable then '*' else '' end, ', '
                      order by privilege_type) as line
                  from aclexplode(%1$s) group by grantee) grants)""";
        String given = "coalesce(" + listed.formatted(acl, owner) + ", 'none')";
        String usual =
                "coalesce(" + listed.formatted("acldefault('" + letter + "', " + owner + ")", owner) + ", 'none')";
        return "case when " + acl + " is not null then nullif(" + given + ", " + usual + ") end";
    }
}
