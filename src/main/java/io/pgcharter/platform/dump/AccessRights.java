package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session.Row;
import java.util.List;
import java.util.function.BinaryOperator;

/// Writes the statements that give an object exactly the rights its access control list says: what its kind has by
/// default is taken away first, the owner's own rights too.
final class AccessRights {
    /// What a query over an access control list asks for, so that [#statements] can read it: privilege, grantee (null
    /// for everybody), whether it may be passed on, and who granted it if that was not the owner; in the
    /// list's order, in which nobody passes on what he has not been given yet.
    ///
    /// Takes the place of `%1$s` for the list and `%2$s` for the owner's oid.
    static final String QUERY = """
            SELECT a.privilege_type, e.rolname, a.is_grantable, CASE WHEN a.grantor <> %2$s THEN g.rolname END
            FROM pg_catalog.aclexplode(%1$s) WITH ORDINALITY AS a(grantor, grantee, privilege_type, is_grantable, place)
            LEFT JOIN pg_catalog.pg_roles e ON e.oid = a.grantee LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantor
            WHERE a.grantee = 0 OR e.oid IS NOT NULL ORDER BY a.place""";

    private AccessRights() {}

    /// @param owner name of the object's owner
    /// @param grants rows of [#QUERY]
    /// @param statement makes a whole statement of what comes before the object's name and what comes after it
    static String statements(String owner, List<Row> grants, BinaryOperator<String> statement) {
        StringBuilder script = new StringBuilder();
        script.append(statement.apply("REVOKE ALL ON ", " FROM PUBLIC"));
        script.append(statement.apply("REVOKE ALL ON ", " FROM " + Quoting.identifier(owner)));
        for (Row row : grants) {
            String grantee = row.text(1);
            String grant = statement.apply(
                    "GRANT " + row.string(0) + " ON ",
                    " TO " + (grantee == null ? "PUBLIC" : Quoting.identifier(grantee))
                            + (row.bool(2) ? " WITH GRANT OPTION" : ""));
            String grantor = row.text(3);
            script.append(
                    grantor == null
                            ? grant
                            : "SET SESSION AUTHORIZATION " + Quoting.identifier(grantor) + ";\n" + grant
                                    + "RESET SESSION AUTHORIZATION;\n");
        }
        return script.toString();
    }
}
