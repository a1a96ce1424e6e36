package io.pgcharter.platform.dump;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// What can be loaded: a dump in a repository, or a live database read through a snapshot. Thread-safe.
public interface DumpSource {
    /// One table and where its rows are.
    ///
    /// @param root where its rows are to be loaded: see [Manifest.TableEntry]
    record Table(
            String schema,
            String name,
            List<String> columns,
            RowForm form,
            Optional<Manifest.Root> root,
            List<Part> parts) {
        public Table {
            columns = List.copyOf(columns);
            parts = List.copyOf(parts);
        }

        public String label() {
            return schema + "." + name;
        }

        String copyIn() {
            return SourceTable.copyIn(root.orElse(new Manifest.Root(schema, name)), columns, form);
        }

        long bytes() {
            return parts.stream().mapToLong(Part::bytes).sum();
        }
    }

    /// @param file path of the part in the dump: see [DumpFiles]
    /// @param bytes of COPY, as far as known; for progress and for order
    record Part(String file, long bytes) {}

    /// Tables, largest first.
    List<Table> tables();

    /// The text of one of the small files of [DumpFiles]; empty if the dump has none of that name.
    String text(String file);

    boolean hasLargeObjects();

    /// Opens what one thread reads rows through.
    Feed openFeed();

    /// Hands out rows. Used by one thread, but for [#cancel()].
    interface Feed extends AutoCloseable {
        /// Writes one part, in its table's form, to `target` and returns.
        void write(String file, OutputStream target);

        /// Makes a running [#write] end soon, with an error. Callable from any thread.
        void cancel();

        @Override
        void close();
    }
}
