package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.postgres.SchemaDump.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that a dump holds besides rows, read from a source in its snapshot.
///
/// @param files text by its path in the dump: see [DumpFiles]
/// @param tables largest first
/// @param notes what the dump does not hold
record Contents(
        Manifest.Server server,
        Map<String, String> files,
        List<SourceTable> tables,
        boolean hasLargeObjects,
        List<String> notes) {
    Contents {
        files = Map.copyOf(files);
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
    }

    static Contents read(SourceSnapshot snapshot, PostgresUrl url, SchemaDump schemaDump, RowForm form) {
        SourceCatalog catalog = snapshot.catalog();
        // First what may be refused, then what takes time.
        List<SourceTable> tables = catalog.tables(form);
        boolean hasLargeObjects = catalog.largeObjectCount() > 0;
        Manifest.Server server = catalog.server();
        Map<String, String> files = new LinkedHashMap<>();
        files.put(DumpFiles.ROLES, catalog.roles());
        files.put(DumpFiles.DATABASE, catalog.database());
        files.put(
                DumpFiles.PRE_DATA,
                schemaDump.section(url, server.major(), snapshot.id(), Section.PRE_DATA) + catalog.publicSchema());
        files.put(DumpFiles.POST_DATA, schemaDump.section(url, server.major(), snapshot.id(), Section.POST_DATA));
        files.put(DumpFiles.SEQUENCES, catalog.sequences());
        files.put(DumpFiles.MATERIALIZED_VIEWS, catalog.materializedViews());
        files.put(DumpFiles.LARGE_OBJECT_RIGHTS, hasLargeObjects ? catalog.largeObjectRights() : "");
        return new Contents(server, files, tables, hasLargeObjects, catalog.notes());
    }

    /// Bytes of all tables on disk: what progress is measured against.
    long bytesExpected() {
        return tables.stream().mapToLong(SourceTable::bytes).sum();
    }
}
