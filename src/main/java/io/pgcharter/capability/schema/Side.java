package io.pgcharter.capability.schema;

import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.ObjectKind;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;

/// A database and its catalog as it was read.
///
/// @param name as people call it
record Side(String name, PostgresUrl url, Catalog catalog) {
    static Side read(String name, PostgresUrl url) {
        try (Session session = Session.open(url, "schema")) {
            session.limitSilence();
            return new Side(name, url, CatalogReader.read(session));
        }
    }

    /// What travels: how somebody logs in elsewhere does not.
    static Catalog carried(Catalog catalog) {
        return catalog.without(ObjectKind.USER_MAPPING);
    }
}
