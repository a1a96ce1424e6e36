package io.pgcharter.capability.migrate;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.migration.Source;
import io.pgcharter.model.operation.SchemaReport.MigrationRow;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.migration.Ledger;
import io.pgcharter.policy.migration.Ledger.Entry;
import io.pgcharter.policy.migration.Ledger.Standing;
import io.pgcharter.policy.migration.Passage;
import io.pgcharter.policy.migration.Passage.Mode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Says in words how migrations stand, why, and what to do.
final class Account {
    private static final int NAMED_MAX = 20;
    private static final int LOG_LINES_MAX = 2;
    private static final int LOG_MAX = 500;

    private final DatabaseName database;
    private final Supplier<SqlParser> parser;
    private final Session session;

    /// @param session to look what became of a statement
    Account(DatabaseName database, Supplier<SqlParser> parser, Session session) {
        this.database = database;
        this.parser = parser;
        this.session = session;
    }

    static String word(Standing standing) {
        return standing.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    MigrationRow row(Entry entry, Ledger ledger) {
        return new MigrationRow(
                entry.name(),
                entry.migration()
                        .map(Migration::title)
                        .or(() -> entry.recorded().flatMap(Recorded::title))
                        .orElse(""),
                word(entry.standing()),
                entry.recorded().flatMap(Recorded::at),
                note(entry, ledger),
                remedy(entry));
    }

    /// @throws ProblemException `MIGRATIONS_DIVERGED` if anything keeps migrations from being carried out
    void requireNoDivergence(Ledger ledger) {
        List<Entry> divergences = ledger.divergences();
        if (divergences.isEmpty()) {
            return;
        }
        Entry first = divergences.getFirst();
        String named = divergences.stream()
                .limit(NAMED_MAX)
                .map(entry -> "'" + entry.name() + "' is " + word(entry.standing()) + ": " + note(entry, ledger))
                .collect(Collectors.joining(". "));
        throw new ProblemException(
                ProblemCode.MIGRATIONS_DIVERGED,
                "the migrations of '" + database + "' and its history do not fit together: '" + first.name() + "' is "
                        + word(first.standing())
                        + (divergences.size() > 1 ? ", and " + (divergences.size() - 1) + " more" : ""),
                named + ". Nothing was done",
                remedy(first));
    }

    private String note(Entry entry, Ledger ledger) {
        return switch (entry.standing()) {
            case APPLIED, PENDING -> "";
            case BASELINED -> "a baseline stands for it";
            case CHANGED -> "its file has changed; it is carried out again";
            case EDITED ->
                "its file is not the one that was applied: checksum "
                        + entry.migration().map(Migration::checksum).orElse("?") + ", in the history "
                        + entry.recorded().flatMap(Recorded::checksum).orElse("none");
            case MISSING -> "the database has it, but there is no such file";
            case OUT_OF_ORDER ->
                "a later one is in the database already"
                        + newest(ledger).map(name -> ": " + name).orElse("");
            case FAILED -> failed(entry);
        };
    }

    private static Optional<String> newest(Ledger ledger) {
        return ledger.entries().stream()
                .filter(entry -> entry.standing() == Standing.APPLIED)
                .map(Entry::name)
                .reduce((_, last) -> last);
    }

    private String failed(Entry entry) {
        Recorded recorded = entry.recorded().orElseThrow();
        String log = recorded.log().isBlank() ? "" : "; it was written down: " + beginning(recorded.log());
        return (recorded.isUndoing() ? "undoing it was begun and has not ended; " : "it was begun and has not ended; ")
                + left(entry, recorded)
                + log;
    }

    /// What else a tool writes down is where in its own program it was.
    private static String beginning(String log) {
        String lines = log.lines().limit(LOG_LINES_MAX).map(String::strip).collect(Collectors.joining(" "));
        return lines.length() <= LOG_MAX ? lines : lines.substring(0, LOG_MAX) + "…";
    }

    /// What is in the database of it, as far as can be known.
    private String left(Entry entry, Recorded recorded) {
        Optional<Passage> passage = entry.migration()
                .flatMap(migration -> recorded.isUndoing() ? migration.down() : Optional.of(migration.up()))
                .flatMap(this::passage);
        if (passage.isEmpty()) {
            return "what of it is in the database is not known";
        }
        if (passage.get().mode() == Mode.TRANSACTION) {
            return "if it was carried out as one transaction, nothing of it is in the database";
        }
        return recorded.steps().isPresent()
                ? left(passage.get(), recorded.steps().getAsInt())
                : "how many of its " + passage.get().steps().size() + " statements were carried out was not counted";
    }

    /// @param done how many steps are known to be carried out
    String left(Passage passage, int done) {
        int all = passage.steps().size();
        if (done >= all) {
            return "all of its " + all + " statements were carried out";
        }
        String begun = done == 0
                ? "none of its " + all + " statements is known to be carried out"
                : "of its " + all + " statements the first " + done + " were carried out, up to "
                        + passage.at(done - 1);
        String next = "; the next, at " + passage.at(done) + ", may be or may not: "
                + passage.steps().get(done).shown();
        return begun + next + (passage.steps().get(done).isOnline() ? invalid() : "");
    }

    private String invalid() {
        List<Row> rows =
                session.query("select pg_catalog.string_agg(indexrelid::pg_catalog.regclass::text, ', ' order by 1)"
                        + " from pg_catalog.pg_index where not indisvalid");
        String names = rows.getFirst().text(0);
        return names == null ? "; no index is invalid" : "; invalid are the indexes " + names;
    }

    private Optional<Passage> passage(Source source) {
        try {
            return Optional.of(Passage.of(source, parser.get().parse(source.text())));
        } catch (ProblemException unreadable) {
            // A file that is no SQL says nothing about what of it was carried out; that it is none, `migrate up` says.
            return Optional.empty();
        }
    }

    private String remedy(Entry entry) {
        String resolve = "pgcharter migrate resolve " + database + " " + entry.name();
        return switch (entry.standing()) {
            case APPLIED, BASELINED -> "";
            case PENDING, CHANGED -> "pgcharter migrate up " + database;
            case FAILED ->
                "remove what it left behind, then: " + resolve + " --rolled-back; or finish it by hand, then: "
                        + resolve + " --applied";
            case EDITED ->
                "give the file back its content, and make the change a migration of its own; or, if the database"
                        + " has what the file says now: " + resolve + " --applied";
            case MISSING ->
                "bring the file back; or, if its work is of no concern any more: " + resolve + " --rolled-back";
            case OUT_OF_ORDER ->
                "give it a name behind the others; or, if the database has what it says: " + resolve + " --applied";
        };
    }
}
