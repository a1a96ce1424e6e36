package io.pgcharter.capability.schema;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.util.Set;

/// A database and its catalog as it was read.
///
/// @param name as people call it
record Side(String name, PostgresUrl url, Catalog catalog) {
    /// How somebody logs in elsewhere is his secret; who gives labels stands outside of the database.
    static final Set<ObjectKind> NOT_CARRIED = Set.of(ObjectKind.USER_MAPPING, ObjectKind.SECURITY_LABEL);

    static Side read(String name, PostgresUrl url) {
        try (Session session = Session.open(url, "schema")) {
            session.limitSilence();
            return new Side(name, url, CatalogReader.read(session));
        }
    }

    /// What travels.
    static Catalog carried(Catalog catalog) {
        return catalog.without(NOT_CARRIED);
    }
}
