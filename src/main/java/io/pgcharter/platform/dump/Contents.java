package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.platform.postgres.PostgresUrl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that a dump holds besides rows, read from a source in its snapshot.
///
/// @param files text by its path in the dump: see [DumpFiles]
/// @param tables largest first
/// @param schemaWriter see [Manifest]
/// @param notes what the dump does not hold
record Contents(
        Manifest.Server server,
        Map<String, String> files,
        List<SourceTable> tables,
        boolean hasLargeObjects,
        String schemaWriter,
        List<String> notes) {
    Contents {
        files = Map.copyOf(files);
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
    }

    static Contents read(SourceSnapshot snapshot, PostgresUrl url, SchemaTexts schemaTexts, RowForm form, Run run) {
        SourceCatalog catalog = snapshot.catalog();
        // First what may be refused, then what takes time.
        List<SourceTable> tables = catalog.tables(form);
        boolean hasLargeObjects = catalog.largeObjectCount() > 0;
        Manifest.Server server = catalog.server();
        Map<String, String> files = new LinkedHashMap<>();
        String roles = catalog.roles();
        SchemaTexts.Written schema = schemaTexts.write(snapshot, url, server, roles, run);
        files.put(DumpFiles.ROLES, roles);
        files.put(DumpFiles.DATABASE, catalog.database());
        files.put(DumpFiles.SEQUENCES, catalog.sequences());
        files.put(DumpFiles.MATERIALIZED_VIEWS, catalog.materializedViews());
        files.put(DumpFiles.LARGE_OBJECT_RIGHTS, hasLargeObjects ? catalog.largeObjectRights() : "");
        files.put(DumpFiles.PRE_DATA, schema.preData() + catalog.publicSchema());
        files.put(DumpFiles.POST_DATA, schema.postData());
        List<String> notes = new ArrayList<>(catalog.notes());
        notes.addAll(schema.notes());
        return new Contents(server, files, tables, hasLargeObjects, schema.writer(), notes);
    }

    /// Bytes of all tables on disk: what progress is measured against.
    long bytesExpected() {
        return tables.stream().mapToLong(SourceTable::bytes).sum();
    }
}
