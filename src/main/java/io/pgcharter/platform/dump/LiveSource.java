package io.pgcharter.platform.dump;

import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A live database, read through one snapshot; keeps the totals of what was read. Thread-safe once open.
public final class LiveSource implements DumpSource, AutoCloseable {
    static final Manifest.Totals EMPTY = Manifest.Totals.of(Fingerprint.EMPTY, 0);

    private final SourceSnapshot snapshot;
    private final Contents contents;
    private final Map<String, SourceTable.Part> parts = new HashMap<>();
    private final Map<String, Manifest.Totals> totals = new ConcurrentHashMap<>();

    private LiveSource(SourceSnapshot snapshot, Contents contents) {
        this.snapshot = snapshot;
        this.contents = contents;
        for (SourceTable table : contents.tables()) {
            table.parts().forEach(part -> parts.put(part.file(), part));
        }
    }

    /// Takes the snapshot and reads what the database holds, but for its rows. A run that is to stop does not wait
    /// for a table that somebody else has locked.
    ///
    /// @param form the rows' form where their table permits it
    /// @throws ProblemException `PRIVILEGE_MISSING`, `PROGRAM_MISSING`,
    ///     `PROGRAM_FAILED`, and what a connection can meet
    public static LiveSource open(PostgresUrl url, SchemaTexts schemaTexts, RowForm form, Run run) {
        SourceSnapshot snapshot = SourceSnapshot.open(url);
        try {
            return new LiveSource(
                    snapshot, read(snapshot, () -> Contents.read(snapshot, url, schemaTexts, form, run), run));
        } catch (ProblemException e) {
            snapshot.close();
            throw LockHolders.named(url, e);
        } catch (RuntimeException e) {
            snapshot.close();
            throw e;
        }
    }

    /// Reads on a thread of its own, while this one asks whether the run may go on.
    private static Contents read(SourceSnapshot snapshot, Supplier<Contents> reading, Run run) {
        AtomicReference<@Nullable Contents> contents = new AtomicReference<>();
        Iterator<Jobs.Task<CatalogWorker>> once = List.<Jobs.Task<CatalogWorker>>of(_ -> contents.set(reading.get()))
                .iterator();
        new Jobs<>(1, run, () -> new CatalogWorker(snapshot.session()))
                .carryOut(1, () -> once.hasNext() ? once.next() : null);
        return Objects.requireNonNull(contents.get(), "what failed is thrown");
    }

    /// The snapshot's own session, which outlives the reading.
    private record CatalogWorker(Session session) implements Jobs.Worker {
        @Override
        public void cancel() {
            session.cancel();
        }

        @Override
        public void close() {}
    }

    public SourceSnapshot snapshot() {
        return snapshot;
    }

    /// What the database is.
    public Manifest.Server server() {
        return contents.server();
    }

    Contents contents() {
        return contents;
    }

    @Override
    public List<Table> tables() {
        return contents.tables().stream()
                .map(table -> new Table(
                        table.schema(),
                        table.name(),
                        table.columns(),
                        table.form(),
                        table.root(),
                        table.parts().stream()
                                .map(part -> new Part(part.file(), part.bytesExpected()))
                                .toList()))
                .toList();
    }

    @Override
    public String text(String file) {
        return contents.files().getOrDefault(file, "");
    }

    @Override
    public boolean hasLargeObjects() {
        return contents.hasLargeObjects();
    }

    @Override
    public Feed openFeed() {
        return new SnapshotFeed(snapshot.openReader());
    }

    /// The manifest of what has been read, once every part has been.
    ///
    /// @param writtenBy name and version of the program
    public Manifest manifest(String writtenBy) {
        Function<SourceTable, Manifest.TableEntry> entry = table -> new Manifest.TableEntry(
                table.schema(),
                table.name(),
                table.columns(),
                table.condition(),
                table.root(),
                table.parts().stream().map(part -> total(part.file())).reduce(EMPTY, LiveSource::sum),
                table.parts().stream().map(SourceTable.Part::file).toList());
        return new Manifest(
                Manifest.FORMAT,
                writtenBy,
                contents.server(),
                snapshot.takenAt(),
                snapshot.lsn().toString(),
                contents.tables().stream()
                        .sorted(Comparator.comparing(SourceTable::schema).thenComparing(SourceTable::name))
                        .map(entry)
                        .toList(),
                hasLargeObjects() ? total(DumpFiles.LARGE_OBJECTS) : EMPTY,
                Optional.of(contents.schemaWriter()),
                contents.notes());
    }

    static Manifest.Totals sum(Manifest.Totals one, Manifest.Totals other) {
        return Manifest.Totals.of(one.value().plus(other.value()), one.bytes() + other.bytes());
    }

    private Manifest.Totals total(String file) {
        return Optional.ofNullable(totals.get(file))
                .orElseThrow(() -> new IllegalStateException("'" + file + "' has not been read"));
    }

    @Override
    public void close() {
        snapshot.close();
    }

    /// Reads parts on a session of its own, fingerprinting each row on its way.
    private final class SnapshotFeed implements Feed {
        private final Session reader;

        SnapshotFeed(Session reader) {
            this.reader = reader;
        }

        @Override
        public void write(String file, OutputStream target) {
            SourceTable.Part part = parts.get(file);
            Tally tally = new Tally(part == null ? RowForm.TEXT : part.table().form(), target);
            if (part == null) {
                snapshot.copyOut(reader, LargeObjects.COPY_OUT, tally);
            } else {
                snapshot.read(reader, part, tally);
            }
            totals.put(file, tally.totals());
        }

        @Override
        public void cancel() {
            reader.cancel();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
