package io.pgcharter.platform.dump;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a dump is: written last into a backup, read first from it.
///
/// @param format 1; a reader refuses any other
/// @param takenAt the instant of the snapshot, by the server's clock
/// @param lsn the server's write-ahead position right after the snapshot was taken
/// @param largeObjects fingerprint of [DumpFiles#LARGE_OBJECTS]; rows are parts of at most 1 MiB
/// @param schemaWriter who wrote the schema: `pg_dump 15`, `pgcharter`; empty in dumps that do not say, whose is
///     `pg_dump`'s
/// @param notes what the dump does not hold
public record Manifest(
        int format,
        String writtenBy,
        Server server,
        Instant takenAt,
        String lsn,
        List<TableEntry> tables,
        Totals largeObjects,
        Optional<String> schemaWriter,
        List<String> notes) {

    public static final int FORMAT = 1;

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Manifest {
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
    }

    /// The database the dump was read from.
    ///
    /// @param encoding, collate, ctype as in `pg_database`
    /// @param provider of the locale if it is not the C library: `icu` or `builtin`
    /// @param locale, rules of that provider
    public record Server(
            String version,
            int major,
            String database,
            String encoding,
            String collate,
            String ctype,
            Optional<String> provider,
            Optional<String> locale,
            Optional<String> rules) {}

    /// The partitioned table through which rows must be loaded, for the server to find the partition of each.
    public record Root(String schema, String name) {
        /// `schema.name`, for people.
        @JsonIgnore
        public String label() {
            return schema + "." + name;
        }
    }

    /// @param rows, bytes of COPY text, line feeds included
    /// @param fingerprint see [Fingerprint]
    public record Totals(long rows, long bytes, String fingerprint) {
        static Totals of(Fingerprint fingerprint, long bytes) {
            return new Totals(fingerprint.rows(), bytes, fingerprint.digits());
        }

        Fingerprint value() {
            return Fingerprint.of(rows, fingerprint);
        }
    }

    /// One table with data of its own (no views, no partitioned parents).
    ///
    /// @param columns in the order of the COPY text; generated columns are left out
    /// @param condition for configuration tables of extensions: which rows belong to the user
    /// @param root the table to load the rows into, if it is not this one: where a row's partition depends on oids,
    ///     which a restore gives anew, only the rows of all partitions together are as they were
    /// @param files parts of the COPY text
    public record TableEntry(
            String schema,
            String name,
            List<String> columns,
            Optional<String> condition,
            Optional<Root> root,
            Totals totals,
            List<String> files) {
        public TableEntry {
            columns = List.copyOf(columns);
            files = List.copyOf(files);
        }

        /// `schema.name`, for people.
        @JsonIgnore
        public String label() {
            return schema + "." + name;
        }

        /// The table whose rows are compared as a whole: the root, or this one.
        @JsonIgnore
        String provenLabel() {
            return root.map(Root::label).orElse(label());
        }

        /// The `COPY` statement that takes its rows.
        @JsonIgnore
        String copyIn() {
            return SourceTable.copyIn(root.orElse(new Root(schema, name)), columns, RowForm.TEXT);
        }
    }

    @JsonIgnore
    public long rowCount() {
        return tables.stream().mapToLong(table -> table.totals().rows()).sum();
    }

    @JsonIgnore
    public long contentBytes() {
        return largeObjects.bytes()
                + tables.stream().mapToLong(table -> table.totals().bytes()).sum();
    }

    /// One value over all tables: the first 32 digits of SHA-256 over a line `schema.name rows fingerprint` a
    /// table, in the manifest's order, and one for the large objects.
    @JsonIgnore
    public String fingerprint() {
        StringBuilder lines = new StringBuilder();
        for (TableEntry table : tables) {
            lines.append(table.label()).append(' ').append(table.totals().rows());
            lines.append(' ').append(table.totals().fingerprint()).append('\n');
        }
        lines.append("large objects ").append(largeObjects.rows());
        lines.append(' ').append(largeObjects.fingerprint()).append('\n');
        return HexFormat.of().formatHex(sha256(lines.toString()), 0, 16);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public byte[] toJson() {
        return JSON.writeValueAsBytes(this);
    }

    /// @throws ProblemException `REPOSITORY_DAMAGED` if it is not a manifest, `REPOSITORY_FORMAT` if it is a newer
    ///     one
    public static Manifest fromJson(byte[] json) {
        Manifest manifest;
        try {
            manifest = JSON.readValue(json, Manifest.class);
        } catch (JacksonException e) {
            throw new ProblemException(
                    new io.pgcharter.model.problem.Problem(
                            ProblemCode.REPOSITORY_DAMAGED,
                            "the backup's '" + DumpFiles.MANIFEST + "' cannot be read",
                            e.getOriginalMessage() == null ? "it is not JSON" : e.getOriginalMessage(),
                            "take another backup from: pgcharter backups"),
                    e);
        }
        if (manifest.format() != FORMAT) {
            throw new ProblemException(
                    ProblemCode.REPOSITORY_FORMAT,
                    "the backup has format " + manifest.format() + ", this pgcharter knows format " + FORMAT,
                    "it was written by " + manifest.writtenBy(),
                    "use that version of pgcharter, or restore with the snapshot's own restore.sh");
        }
        return manifest;
    }
}
