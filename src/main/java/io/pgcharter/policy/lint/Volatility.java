package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.Node;
import java.util.List;
import java.util.Set;

/// Whether a default has to be computed for each row that is there (`pg_proc.provolatile = 'v'`), so that ADD COLUMN
/// writes the table anew.
public final class Volatility {
    /// PostgreSQL's own functions that defaults use and that are stable or immutable. A function that is neither
    /// here nor said to be so by these files is volatile, as PostgreSQL takes it that says nothing.
    private static final Set<String> STEADY = Set.of(
            "now",
            "transaction_timestamp",
            "statement_timestamp",
            "lower",
            "upper",
            "initcap",
            "length",
            "to_char",
            "to_date",
            "to_timestamp",
            "to_number",
            "date_trunc",
            "date_part",
            "concat",
            "concat_ws",
            "md5",
            "sha256",
            "json_build_object",
            "json_build_array",
            "jsonb_build_object",
            "jsonb_build_array",
            "to_json",
            "to_jsonb",
            "make_date",
            "make_time",
            "make_timestamp",
            "make_timestamptz",
            "make_interval",
            "current_setting",
            "encode",
            "decode",
            "substr",
            "substring",
            "replace",
            "round",
            "floor",
            "ceil",
            "ceiling",
            "abs",
            "timezone",
            "version",
            "current_schema",
            "current_database",
            "repeat",
            "lpad",
            "rpad",
            "trim",
            "btrim",
            "ltrim",
            "rtrim",
            "int4range",
            "int8range",
            "numrange",
            "tsrange",
            "tstzrange",
            "daterange",
            "point",
            "array_fill",
            "string_to_array",
            "to_tsvector",
            "hashtext",
            "chr",
            "ascii",
            "age",
            "extract",
            "power",
            "sqrt",
            "greatest",
            "least",
            "coalesce",
            "format",
            "left",
            "right",
            "reverse",
            "split_part",
            "to_hex",
            "txid_current",
            "pg_current_xact_id",
            "xml_is_well_formed",
            "row_to_json",
            "text",
            "varchar",
            "int4",
            "date",
            "timestamptz",
            "timestamp",
            "numeric",
            "array_append",
            "array_cat",
            "inet_client_addr",
            "tsvector");

    private Volatility() {}

    public static boolean isVolatile(Node expression, Known known) {
        return expression
                .descendants()
                .filter(node -> node.is("FuncCall"))
                .anyMatch(call -> isVolatile(call.texts("funcname"), known));
    }

    private static boolean isVolatile(List<String> name, Known known) {
        boolean own = name.size() == 1 || name.getFirst().equals("pg_catalog");
        boolean steady = own
                && (STEADY.contains(name.getLast()) || known.isSteady(new ObjectName("pg_catalog", name.getLast())));
        return !steady && !known.isSteady(ObjectName.of(name));
    }
}
