package io.pgcharter.platform.catalog;

import io.pgcharter.model.schema.ObjectKind;

/// One question to the system catalogs
/// (<https://www.postgresql.org/docs/current/catalogs.html>): the answer's column `object` is the name of an object,
/// each other column an attribute, NULL where it has its default.
///
/// Columns that only newer servers have are asked for as `to_jsonb(row) ->> 'column'`, NULL on the others.
///
/// It is written in [ShortForms].
///
/// @param since, until the first and the last major that can answer
record Facts(ObjectKind kind, int since, int until, String text) {
    Facts(ObjectKind kind, String text) {
        this(kind, 0, Integer.MAX_VALUE, text);
    }

    boolean fit(int major) {
        return since <= major && major <= until;
    }

    String sql() {
        return ShortForms.expanded(text);
    }
}
