package io.pgcharter.platform.inventory;

import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.repository.Repositories;
import io.pgcharter.platform.repository.Repository;
import io.pgcharter.platform.repository.Snapshot;
import io.pgcharter.platform.repository.SnapshotWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// A real repository whose backups are as old as a test wants.
final class Vaults implements AutoCloseable {
    static final SecretText PASSWORD = new SecretText("correct horse battery");

    final Path directory;
    final Repository repository;

    private Vaults(Path directory, Repository repository) {
        this.directory = directory;
        this.repository = repository;
    }

    static Repositories repositories(Path caches) {
        return new Repositories(text -> new Secret(text.text()), caches);
    }

    static Vaults init(Path directory) {
        return new Vaults(
                directory, repositories(directory.resolveSibling("caches")).init(place(directory), PASSWORD));
    }

    static StoragePlace place(Path directory) {
        return new StoragePlace.Directory(new SecretText(directory.toString()));
    }

    Snapshot backup(String database, Instant takenAt) {
        return snapshot(
                takenAt,
                List.of(
                        "pgcharter-backup",
                        "database=" + database,
                        "server=15.18",
                        "tables=3",
                        "rows=700",
                        "bytes=9000"));
    }

    Snapshot proof(Snapshot backup, Instant at) {
        return snapshot(at, List.of("pgcharter-proof", "database=shop", "backup=" + backup.id()));
    }

    Snapshot snapshot(Instant time, List<String> tags) {
        try (SnapshotWriter writer = repository.write()) {
            try (OutputStream out = writer.file("a", 0600)) {
                out.write("a".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return writer.commit(time, "node", List.of("/a"), tags);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
