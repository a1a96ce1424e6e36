package io.pgcharter.platform.dump;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.repository.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/// A dump in a repository. Thread-safe.
public final class RepositorySource implements DumpSource {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final SnapshotReader reader;
    private final Manifest manifest;

    private RepositorySource(SnapshotReader reader, Manifest manifest) {
        this.reader = reader;
        this.manifest = manifest;
    }

    /// @throws ProblemException `NOT_FOUND` if the snapshot holds no dump, `REPOSITORY_DAMAGED`, `REPOSITORY_FORMAT`
    public static RepositorySource open(SnapshotReader reader) {
        if (!reader.contains(DumpFiles.MANIFEST)) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "the snapshot holds no '" + DumpFiles.MANIFEST + "'",
                    "it was not written by pgcharter's backup",
                    "choose one from: pgcharter backups");
        }
        return new RepositorySource(reader, Manifest.fromJson(bytes(reader, DumpFiles.MANIFEST)));
    }

    public Manifest manifest() {
        return manifest;
    }

    @Override
    public List<Table> tables() {
        return manifest.tables().stream()
                .map(entry -> new Table(
                        entry.schema(),
                        entry.name(),
                        entry.columns(),
                        RowForm.TEXT,
                        entry.root(),
                        entry.files().stream()
                                .map(file -> new Part(file, reader.size(file)))
                                .toList()))
                .sorted(Comparator.comparingLong((Table table) -> -table.bytes()))
                .toList();
    }

    @Override
    public String text(String file) {
        return reader.contains(file) ? new String(bytes(reader, file), StandardCharsets.UTF_8) : "";
    }

    private static byte[] bytes(SnapshotReader reader, String file) {
        try (InputStream in = reader.open(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasLargeObjects() {
        return reader.contains(DumpFiles.LARGE_OBJECTS);
    }

    @Override
    public Feed openFeed() {
        return new FileFeed();
    }

    /// Reads files of the snapshot.
    private final class FileFeed implements Feed {
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private volatile boolean cancelled;

        @Override
        public void write(String file, OutputStream target) {
            try (InputStream in = reader.open(file)) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (cancelled) {
                        throw new ProblemException(
                                ProblemCode.CANCELLED,
                                "reading '" + file + "' was stopped",
                                "the run failed elsewhere or was cancelled",
                                "see the run's own problem");
                    }
                    target.write(buffer, 0, length);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void close() {
            cancelled = true;
        }
    }
}
