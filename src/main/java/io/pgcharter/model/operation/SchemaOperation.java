package io.pgcharter.model.operation;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.MigrationsName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is done with the shape of databases: migrations judged and applied, schemas compared and carried over,
/// databases
/// filled with seeds.
public sealed interface SchemaOperation extends Operation {

    /// Judge migrations by the rules of lint. Reads files; asks the target's catalogs and statistics if it is named.
    ///
    /// @param migrations as the charter names them
    /// @param all whether those are judged too that the target has already
    record Lint(MigrationsName migrations, Optional<DatabaseName> target, boolean all) implements SchemaOperation {
        @Override
        public String verb() {
            return "lint";
        }
    }

    /// Judge files by the rules of lint, whether the charter knows them or not. Not over the network: it would read
    /// any file there is.
    ///
    /// @param files paths of SQL files, or of directories with some; at least one
    record LintFiles(List<String> files, Optional<DatabaseName> target) implements SchemaOperation {
        public LintFiles {
            files = List.copyOf(files);
            if (files.isEmpty()) {
                throw new IllegalArgumentException("lint needs a file");
            }
        }

        @Override
        public String verb() {
            return "lint";
        }
    }

    /// Say which migrations the database has, lacks, and what is wrong with them. Reads the history table and files.
    record MigrateStatus(DatabaseName database) implements SchemaOperation {
        @Override
        public String verb() {
            return "migrate status";
        }
    }

    /// Say what `migrate up` would do, statement by statement. Changes nothing.
    record MigratePlan(DatabaseName database) implements SchemaOperation {
        @Override
        public String verb() {
            return "migrate plan";
        }
    }

    /// Apply what the database lacks, in order.
    ///
    /// @param to the last migration to apply; all there are if empty
    record MigrateUp(DatabaseName database, Optional<String> to) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + database);
        }

        @Override
        public String verb() {
            return "migrate up";
        }
    }

    /// Undo the newest migrations by their own down files, newest first.
    ///
    /// @param count how many, at least 1
    record MigrateDown(DatabaseName database, int count) implements SchemaOperation {
        public MigrateDown {
            if (count < 1) {
                throw new IllegalArgumentException("not a count of migrations: " + count);
            }
        }

        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + database);
        }

        @Override
        public String verb() {
            return "migrate down";
        }
    }

    /// Make the files of a new, empty migration. Not over the network: it writes files.
    ///
    /// @param title what it is to do, in a few words
    record MigrateNew(MigrationsName migrations, String title) implements SchemaOperation {
        public MigrateNew {
            if (title.isBlank() || title.length() > 100 || title.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("not a title: '" + title + "'");
            }
        }

        @Override
        public String verb() {
            return "migrate new";
        }
    }

    /// Say how a migration that failed, or was done by hand, stands. Changes the history table only.
    ///
    /// @param migration its name or version, as `migrate status` shows it
    record MigrateResolve(DatabaseName database, String migration, Standing standing) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + database);
        }

        @Override
        public String verb() {
            return "migrate resolve";
        }

        /// How it stands in truth.
        public enum Standing {
            /// All of it is in the database.
            APPLIED,
            /// Nothing of it is in the database.
            ROLLED_BACK
        }
    }

    /// Take a database that has no history table for one that has these migrations. Changes the history table only.
    ///
    /// @param to the last migration that it has
    record MigrateBaseline(DatabaseName database, String to) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + database);
        }

        @Override
        public String verb() {
            return "migrate baseline";
        }
    }

    /// Take over the history that another tool has left in the database. Reads its tables, writes our layout's.
    record MigrateImport(DatabaseName database, Tool from) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + database);
        }

        @Override
        public String verb() {
            return "migrate import";
        }

        /// Whose history is read.
        public enum Tool {
            SQITCH,
            LIQUIBASE
        }
    }

    /// Apply what the database lacks to a copy restored from its newest proven backup, measuring each statement;
    /// undo it, compare, apply it again. Reads the database's catalogs and statistics; changes nothing in it.
    record Rehearse(DatabaseName database) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("rehearse/" + database);
        }

        @Override
        public String verb() {
            return "rehearse";
        }
    }

    /// Bring what was rehearsed into the database: back up, apply, verify, watch, or roll back, each a run of its
    /// own. One that did not end is taken up where it stood.
    ///
    /// @param abandon instead, end the one that did not end as it is: people see to the database from here on
    /// @param waiting at most so long for the charter's window to open; not at all if empty
    record Release(DatabaseName database, boolean abandon, Optional<Duration> waiting) implements SchemaOperation {
        /// Windows come every week.
        public static final Duration WAIT_MAX = Duration.ofDays(7);

        public Release {
            if (waiting.filter(longest -> longest.isNegative() || longest.compareTo(WAIT_MAX) > 0)
                    .isPresent()) {
                throw new IllegalArgumentException("not a time to wait: " + waiting.get());
            }
            if (abandon && waiting.isPresent()) {
                throw new IllegalArgumentException("what is abandoned waits for nothing");
            }
        }

        @Override
        public Optional<String> exclusive() {
            return Optional.of("release/" + database);
        }

        @Override
        public String verb() {
            return "release";
        }
    }

    /// Compare two schemas object by object: what must become of the target's so that it is the source's. Changes
    /// neither.
    ///
    /// @param script whether the script that does it is written, and proven on a scratch server
    record SchemaDiff(DatabaseName source, DatabaseName target, boolean script) implements SchemaOperation {
        @Override
        public String verb() {
            return "schema diff";
        }
    }

    /// Compare a database with another, or with what its own migrations make.
    ///
    /// @param other what it is to be like; empty for its migrations
    record SchemaDrift(DatabaseName database, Optional<DatabaseName> other) implements SchemaOperation {
        @Override
        public String verb() {
            return "schema drift";
        }
    }

    /// Give the target the schema of the source. Rows travel not at all.
    ///
    /// @param losing whether what holds rows may be dropped
    record SchemaPush(DatabaseName source, DatabaseName target, boolean losing) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + target);
        }

        @Override
        public String verb() {
            return "schema push";
        }
    }

    /// Bring a database into a named state: its rows, again and again the same.
    record Seed(DatabaseName database, String state) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("migrate/" + database);
        }

        @Override
        public String verb() {
            return "seed";
        }
    }

    /// Drop everything in a database, migrate it, and seed it.
    ///
    /// @param state what it is seeded with; empty for nothing
    record Reset(DatabaseName database, Optional<String> state) implements SchemaOperation {
        @Override
        public Optional<String> exclusive() {
            return Optional.of("reset/" + database);
        }

        @Override
        public String verb() {
            return "reset";
        }
    }
}
