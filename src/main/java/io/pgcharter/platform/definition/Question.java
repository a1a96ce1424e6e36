package io.pgcharter.platform.definition;

import io.pgcharter.platform.catalog.ShortForms;

/// One question to the system catalogs, written in [ShortForms]. Its columns: `place` sorts, `schema` and `name` are
/// those of the object, unquoted (schema `-` outside of schemas), `sql` the statements that make it, and where it
/// matters `type`, the word that `pg_dump` has for it; `standin`, statements that make something like it that needs
/// less, and `rest`, what is missing then, if not `create or replace`; and `object`, its name as catalogs write it, if
/// `sql` alone makes it.
///
/// @param type if the rows do not say
/// @param since the first major that can answer
record Question(Stage stage, String type, int since, String text) {
    Question(Stage stage, String type, String text) {
        this(stage, type, 0, text);
    }

    String sql() {
        return ShortForms.expanded(text);
    }
}
