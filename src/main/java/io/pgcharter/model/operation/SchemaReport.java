package io.pgcharter.model.operation;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ProvenScript;
import java.util.List;
import java.util.Optional;

/// What became of work on the shape of databases.
public sealed interface SchemaReport extends Report {
    /// What lint makes of migrations.
    ///
    /// @param files how many were read
    /// @param statements how many they hold
    record Lint(int files, int statements) implements SchemaReport {}

    /// @param sourceFingerprint, targetFingerprint of the catalogs; equal if nothing differs
    /// @param changes what must become of the target's objects
    /// @param script if it was asked for
    record SchemaDiff(
            DatabaseName source,
            DatabaseName target,
            String sourceFingerprint,
            String targetFingerprint,
            List<Difference.Change> changes,
            Optional<ProvenScript> script)
            implements SchemaReport {
        public SchemaDiff {
            changes = List.copyOf(changes);
        }
    }

    /// @param other what it should be like
    /// @param changes what has become of the other's objects in the database; empty if it has not drifted
    record SchemaDrift(DatabaseName database, DatabaseName other, String fingerprint, List<Difference.Change> changes)
            implements SchemaReport {
        public SchemaDrift {
            changes = List.copyOf(changes);
        }
    }

    /// @param script what was done; no statements if there was nothing to do
    /// @param fingerprint of the target's catalog afterwards
    record SchemaPush(DatabaseName source, DatabaseName target, ProvenScript script, String fingerprint)
            implements SchemaReport {}
}
