package io.pgcharter.platform.dump;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.SchemaDump;
import io.pgcharter.platform.postgres.SchemaDump.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
        try (ExecutorService dumps = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> preData =
                    dumps.submit(() -> schemaDump.section(url, server.major(), snapshot.id(), Section.PRE_DATA));
            Future<String> postData =
                    dumps.submit(() -> schemaDump.section(url, server.major(), snapshot.id(), Section.POST_DATA));
            files.put(DumpFiles.ROLES, catalog.roles());
            files.put(DumpFiles.DATABASE, catalog.database());
            files.put(DumpFiles.SEQUENCES, catalog.sequences());
            files.put(DumpFiles.MATERIALIZED_VIEWS, catalog.materializedViews());
            files.put(DumpFiles.LARGE_OBJECT_RIGHTS, hasLargeObjects ? catalog.largeObjectRights() : "");
            files.put(DumpFiles.PRE_DATA, script(preData) + catalog.publicSchema());
            files.put(DumpFiles.POST_DATA, script(postData));
        }
        return new Contents(server, files, tables, hasLargeObjects, catalog.notes());
    }

    private static String script(Future<String> dump) {
        try {
            return dump.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the schema could not be dumped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the schema was dumped", e);
        }
    }

    /// Bytes of all tables on disk: what progress is measured against.
    long bytesExpected() {
        return tables.stream().mapToLong(SourceTable::bytes).sum();
    }
}
