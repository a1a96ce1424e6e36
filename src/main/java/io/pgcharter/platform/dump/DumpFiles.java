package io.pgcharter.platform.dump;

/// The files of a dump, by their path in the snapshot. A person with `psql` alone restores them: see `restore.sh`.
public final class DumpFiles {
    /// What the dump is, as JSON: see [Manifest].
    public static final String MANIFEST = "manifest.json";

    /// Restores everything below with nothing but a shell and `psql`.
    public static final String RESTORE_SCRIPT = "restore.sh";

    /// Creates the roles that are missing, without passwords.
    public static final String ROLES = "roles.sql";

    /// Settings and privileges of the database itself, for whichever database it is run in.
    public static final String DATABASE = "database.sql";

    /// `pg_dump --section=pre-data`: everything data needs to be loaded into.
    public static final String PRE_DATA = "pre-data.sql";

    /// `pg_dump --section=post-data`: indexes, constraints, triggers, policies.
    public static final String POST_DATA = "post-data.sql";

    /// `setval` for each sequence.
    public static final String SEQUENCES = "sequences.sql";

    /// `REFRESH MATERIALIZED VIEW`, in the order they depend on each other.
    public static final String MATERIALIZED_VIEWS = "materialized-views.sql";

    /// Large objects as COPY text: oid, number of the 1 MiB part, bytes.
    public static final String LARGE_OBJECTS = "large-objects.copy";

    /// Owners, privileges and comments of large objects.
    public static final String LARGE_OBJECT_RIGHTS = "large-objects.sql";

    private DumpFiles() {}

    /// COPY text of one part of one table.
    ///
    /// @param table number of the table in the dump, from 1; its name is not used, for any name is legal
    static String data(int table, int part) {
        return "data/%06d-%05d.copy".formatted(table, part);
    }
}
