package io.pgcharter.model.operation;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.migration.Release.State;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.model.schema.ProvenScript;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of work on the shape of databases.
public sealed interface SchemaReport extends Report {
    /// What lint makes of migrations.
    ///
    /// @param files how many were read
    /// @param statements how many they hold
    /// @param version PostgreSQL's major that they were judged for
    /// @param applied how many migrations the target has already; they were not judged
    /// @param findings in the order of files and places
    /// @param notes what was not judged, and why
    /// @param fails whether there are findings of a severity that the charter does not let pass
    record Lint(
            int files,
            int statements,
            int version,
            int applied,
            List<LintFinding> findings,
            List<String> notes,
            boolean fails)
            implements SchemaReport {
        public Lint {
            findings = List.copyOf(findings);
            notes = List.copyOf(notes);
        }

        /// How many findings have the severity.
        public long count(LintFinding.Severity severity) {
            return findings.stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
        }
    }

    /// What a database was seeded with.
    ///
    /// @param tables those that hold rows now, by name
    record Seed(DatabaseName database, String state, List<SeededTable> tables, long milliseconds)
            implements SchemaReport {
        public Seed {
            tables = List.copyOf(tables);
        }
    }

    /// How a database was made anew.
    ///
    /// @param dropped how many tables there were before
    /// @param migrations how many were applied
    /// @param seed what it was seeded with, if it was
    record Reset(DatabaseName database, int dropped, int migrations, Optional<Seed> seed, long milliseconds)
            implements SchemaReport {}

    /// @param table as `schema.table`
    record SeededTable(String table, long rows) {}

    /// Which migrations a database has and lacks.
    ///
    /// @param layout `prisma`, `flyway` or `plain`
    /// @param table the history table, with its schema
    /// @param hasTable whether it is there
    /// @param rows in the order of the history, then of what is to come
    /// @param pending how many `migrate up` would carry out
    /// @param divergences how many keep it from doing so
    /// @param release one that is open
    record MigrateStatus(
            DatabaseName database,
            MigrationsName migrations,
            String layout,
            String table,
            boolean hasTable,
            List<MigrationRow> rows,
            int pending,
            int divergences,
            Optional<ReleaseStanding> release)
            implements SchemaReport {
        public MigrateStatus {
            rows = List.copyOf(rows);
        }
    }

    /// What became of a release.
    ///
    /// @param outcome `RELEASED` or `ABANDONED`; what went wrong is a problem, not a report
    /// @param release empty if nothing was to be released
    record Release(DatabaseName database, State outcome, Optional<ReleaseStanding> release) implements SchemaReport {}

    /// One migration.
    ///
    /// @param standing `applied`, `baselined`, `pending`, `changed`, `failed`, `edited`, `missing` or `out of
    ///     order`
    /// @param at when it was begun or applied
    /// @param note what is to be known of it; empty if all is well
    /// @param remedy what to do about it; empty if nothing
    record MigrationRow(String name, String title, String standing, Optional<Instant> at, String note, String remedy) {}

    /// What `migrate up` would do.
    record MigratePlan(DatabaseName database, List<PlannedMigration> migrations) implements SchemaReport {
        public MigratePlan {
            migrations = List.copyOf(migrations);
        }
    }

    /// One migration to come.
    ///
    /// @param transaction whether all of it is carried out or nothing
    /// @param reason why it is not; empty if it is
    record PlannedMigration(
            String name, String file, boolean transaction, String reason, List<PlannedStatement> statements) {
        public PlannedMigration {
            statements = List.copyOf(statements);
        }
    }

    /// @param line of the file, from 1
    /// @param text its beginning, in one line
    record PlannedStatement(int line, String text) {}

    /// What was applied.
    ///
    /// @param notes what servers said on the way
    record MigrateUp(DatabaseName database, List<CarriedOut> migrations, List<String> notes) implements SchemaReport {
        public MigrateUp {
            migrations = List.copyOf(migrations);
            notes = List.copyOf(notes);
        }
    }

    /// What was undone, newest first.
    record MigrateDown(DatabaseName database, List<CarriedOut> migrations, List<String> notes) implements SchemaReport {
        public MigrateDown {
            migrations = List.copyOf(migrations);
            notes = List.copyOf(notes);
        }
    }

    /// One migration that was applied or undone.
    ///
    /// @param attempts how often it was tried until its locks were to be had
    record CarriedOut(String name, boolean transaction, int statements, int attempts, long millis) {}

    /// Files that were made.
    record MigrateNew(MigrationsName migrations, List<String> files) implements SchemaReport {
        public MigrateNew {
            files = List.copyOf(files);
        }
    }

    /// What the history says now.
    ///
    /// @param was how it stood before, as [MigrationRow] says it
    record MigrateResolve(
            DatabaseName database, String migration, String was, SchemaOperation.MigrateResolve.Standing now)
            implements SchemaReport {}

    /// What the database is now taken to have.
    record MigrateBaseline(DatabaseName database, List<String> migrations) implements SchemaReport {
        public MigrateBaseline {
            migrations = List.copyOf(migrations);
        }
    }

    /// What was taken over from another tool's history.
    record MigrateImport(DatabaseName database, SchemaOperation.MigrateImport.Tool from, List<String> migrations)
            implements SchemaReport {
        public MigrateImport {
            migrations = List.copyOf(migrations);
        }
    }

    /// @param sourceFingerprint, targetFingerprint of the catalogs; equal if nothing differs
    /// @param changes what must become of the target's objects
    /// @param script if it was asked for
    /// @param findings what lint makes of the script
    record SchemaDiff(
            DatabaseName source,
            DatabaseName target,
            String sourceFingerprint,
            String targetFingerprint,
            List<Difference.Change> changes,
            Optional<ProvenScript> script,
            List<LintFinding> findings)
            implements SchemaReport {
        public SchemaDiff {
            changes = List.copyOf(changes);
            findings = List.copyOf(findings);
        }
    }

    /// @param other what it should be like; empty for what its own migrations make
    /// @param changes what has become of the other's objects in the database; empty if it has not drifted
    record SchemaDrift(
            DatabaseName database, Optional<DatabaseName> other, String fingerprint, List<Difference.Change> changes)
            implements SchemaReport {
        public SchemaDrift {
            changes = List.copyOf(changes);
        }
    }

    /// @param script what was done; no statements if there was nothing to do
    /// @param fingerprint of the target's catalog afterwards
    /// @param findings what lint made of the script
    record SchemaPush(
            DatabaseName source,
            DatabaseName target,
            ProvenScript script,
            List<LintFinding> findings,
            String fingerprint)
            implements SchemaReport {
        public SchemaPush {
            findings = List.copyOf(findings);
        }
    }

    /// What migrations would do.
    ///
    /// @param rehearsed empty if none is due
    record Rehearse(DatabaseName database, MigrationsName migrations, Optional<RehearsalReport> rehearsed)
            implements SchemaReport {}
}
