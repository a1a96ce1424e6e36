package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.SchemaReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Reports as people read them: a sentence where there is one thing to say, a table where there are many.
final class ReportText {
    private static final int FINGERPRINT_SHOWN = 16;
    /// Width of the reasons on a line of 100 columns.
    private static final int REASONS_SHOWN = 54;

    private final Screen screen;
    private final Instant now;

    ReportText(Screen screen, Instant now) {
        this.screen = screen;
        this.now = now;
    }

    void show(Report report) {
        switch (report) {
            case Report.Status status ->
                done(status.database() + ": "
                        + (status.reachable() ? "reachable" : status.trouble().orElse("unreachable")));
            case Report.Health health -> new ChecksText(screen).show(List.of(health), true);
            case Report.Backup backup -> backup(backup);
            case Report.Backups backups -> backups(backups);
            case Report.Restore restore -> restore(restore);
            case Report.Verify verify -> verify(verify);
            case Report.Copy copy -> copy(copy);
            case Report.Approve approve ->
                done("approved " + approve.operation() + ": " + approve.given() + " of " + approve.needed()
                        + (approve.given() >= approve.needed() ? "; the asker may repeat it now" : ""));
            case Report.Queries queries -> new QueriesText(screen).show(queries);
            case SchemaReport schema -> new SchemaText(screen).show(schema);
            case Report.Pools pools -> new PoolsText(screen).show(pools);
            case Report.Watch watch ->
                done("watched over " + watch.databases() + " databases: " + watch.samples() + " samples of its share");
            case Report.Cancel cancel ->
                done(
                        cancel.wasRunning()
                                ? "run " + cancel.run() + " was asked to stop"
                                : "run " + cancel.run() + " was not running");
            case Report.RepositoryInit init ->
                done("created repository " + init.repository() + " ("
                        + init.repositoryId().substring(0, 8) + ") in " + init.location());
            case Report.RepositoryList list -> snapshots(list);
            case Report.RepositoryCheck check -> check(check);
            case Report.RepositoryRepair repair -> repair(repair);
            case Report.RepositoryForget forget ->
                done("forgot backup " + forget.backup().abbreviated() + " of repository " + forget.repository());
            case Report.BackupPin pin ->
                done("backup " + pin.backup().abbreviated() + " in " + pin.repository() + " is exempt from retention: "
                        + pin.because());
            case Report.BackupUnpin unpin ->
                done("backup " + unpin.backup().abbreviated() + " in " + unpin.repository()
                        + (unpin.wasPinned() ? " is pinned no longer" : " was not pinned"));
            case Report.RepositoryPrune prune -> prune(prune);
            case Report.RetentionPlan(var database, var repository, var rows) ->
                retention(database + " in " + repository, rows, "would be forgotten by: pgcharter retention apply");
            case Report.RetentionApply(var database, var repository, var rows) ->
                retention(database + " in " + repository, rows, "forgotten; a prune frees what only they needed");
            case Report.RepositoryCopy copy -> places().copy(copy);
            case Report.RepositoryKeyList list -> places().keys(list);
            case Report.RepositoryKeyAdd add -> places().added(add);
            case Report.RepositoryKeyRemove remove -> places().removed(remove);
            case Report.RepositoryKeyRotate rotate -> places().rotated(rotate);
            case Report.RepositoryStats stats -> stats(stats);
            case Report.JournalVerify verify -> journal(verify);
            case Report.Maintain maintain -> new MaintenanceText(screen).maintain(maintain);
            case Report.Advice advice -> new MaintenanceText(screen).advice(advice);
            case Report.SessionsList list -> new SessionsText(screen, now).list(list);
            case Report.SessionsEnd end -> new SessionsText(screen, now).end(end);
            case Report.Alert alert -> alerts().ended(alert);
            case Report.AlertAcknowledge alert -> alerts().acknowledged(alert);
            case Report.AlertSilence silence -> alerts().silenced(silence);
            case Report.AlertUnsilence silence -> alerts().unsilenced(silence);
            case Report.AlertTry trial -> alerts().tried(trial);
            case AccessReport.UserAdd add -> access().added(add);
            case AccessReport.UserRemove remove -> access().removed(remove);
            case AccessReport.TokenCreate create -> access().created(create);
            case AccessReport.TokenRevoke revoke -> access().revoked(revoke);
            case AccessReport.Login login -> access().loggedIn(login);
            case AccessReport.Logout logout -> access().loggedOut(logout);
            case AccessReport.PasswordChange change -> access().changed(change);
        }
    }

    private void backup(Report.Backup backup) {
        done("backup " + backup.backup().abbreviated() + " of " + backup.database() + " is in " + backup.repository());
        facts(
                amount(backup.tableCount(), backup.rowCount(), backup.contentBytes(), backup.durationMillis()),
                "stored  " + Figures.size(backup.addedBytes()) + " added to the repository",
                "state   " + Figures.time(backup.takenAt()) + ", " + backup.lsn() + ", PostgreSQL "
                        + Figures.version(backup.serverVersion()),
                "proof   fingerprint " + shortened(backup.fingerprint()) + "; prove it with: pgcharter verify "
                        + backup.database() + " --from " + backup.repository());
        places().copies(backup);
        notes(backup.notes());
    }

    private AlertsText alerts() {
        return new AlertsText(screen, now);
    }

    private AccessText access() {
        return new AccessText(screen, now);
    }

    private PlacesText places() {
        return new PlacesText(screen);
    }

    private void backups(Report.Backups listing) {
        if (listing.backups().isEmpty()) {
            screen.line("no backups in " + listing.repository());
            return;
        }
        screen.line(Tone.STRONG, Figures.count(listing.backups().size(), "backup") + " in " + listing.repository());
        Table table = new Table(
                Column.left("BACKUP"),
                Column.left("DATABASE"),
                Column.left("TAKEN"),
                Column.left("SERVER"),
                Column.right("TABLES"),
                Column.right("ROWS"),
                Column.right("SIZE"),
                Column.left("PROVEN"),
                Column.left("PINNED"));
        for (Report.BackupRow row : listing.backups()) {
            table.row(
                    Cell.of(row.backup().abbreviated()),
                    Cell.of(row.database().text()),
                    Cell.of(Figures.time(row.takenAt())),
                    Cell.of(Figures.version(row.serverVersion())),
                    Cell.of(Figures.count(row.tableCount())),
                    Cell.of(Figures.count(row.rowCount())),
                    Cell.of(Figures.size(row.contentBytes())),
                    row.provenAt()
                            .map(at -> new Cell(Figures.age(at, now), Tone.GOOD))
                            .orElse(new Cell("not yet", Tone.WARNING)),
                    row.pinned().map(Cell::of).orElse(Cell.none()));
        }
        screen.table(table);
    }

    /// @param fate what is to be said of the backups that are not kept
    private void retention(String what, List<Report.RetentionRow> rows, String fate) {
        if (rows.isEmpty()) {
            screen.line("no backups of " + what);
            return;
        }
        long kept = rows.stream().filter(Report.RetentionRow::isKept).count();
        screen.line(Tone.STRONG, Figures.count(rows.size(), "backup") + " of " + what);
        Table table =
                new Table(Column.left("BACKUP"), Column.left("TAKEN"), Column.left("VERDICT"), Column.left("REASONS"));
        for (Report.RetentionRow row : rows) {
            List<String> lines = wrapped(row.reasons());
            table.row(
                    Cell.of(row.backup().abbreviated()),
                    Cell.of(Figures.time(row.takenAt())),
                    row.isKept() ? new Cell("keep", Tone.GOOD) : new Cell("remove", Tone.BAD),
                    Cell.of(lines.getFirst()));
            lines.stream().skip(1).forEach(line -> table.row("", "", "", line));
        }
        screen.table(table);
        done(kept + " kept, " + (rows.size() - kept) + (rows.size() == kept ? " removed" : " " + fate));
    }

    /// Reasons one after the other, as many on a line as fit: none is to be cut off.
    private static List<String> wrapped(List<String> reasons) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String reason : reasons) {
            if (!line.isEmpty() && line.length() + reason.length() > REASONS_SHOWN) {
                lines.add(line.append(',').toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : ", ").append(reason);
        }
        lines.add(line.toString());
        return lines;
    }

    private void restore(Report.Restore restore) {
        done("restored backup " + restore.backup().abbreviated() + " into " + restore.target() + " (database '"
                + restore.database() + "')");
        facts(amount(restore.tableCount(), restore.rowCount(), restore.contentBytes(), restore.durationMillis()));
        notes(restore.notes());
    }

    private void verify(Report.Verify verify) {
        done("proven: backup " + verify.backup().abbreviated() + " of " + verify.database() + " in "
                + verify.repository());
        facts(
                "content every row of " + Figures.count(verify.tableCount(), "table") + " agrees: "
                        + Figures.count(verify.rowCount(), "row") + ", fingerprint " + shortened(verify.fingerprint()),
                "restore " + Figures.duration(verify.restoreMillis()) + " into PostgreSQL "
                        + Figures.version(verify.serverVersion()) + ", " + Figures.duration(verify.durationMillis())
                        + " in all");
        verify.smoke().forEach(smoke -> facts("smoke   " + smoke.query() + " → " + smoke.answer()));
        notes(verify.notes());
    }

    private void copy(Report.Copy copy) {
        done("copied " + copy.source() + " into " + copy.target() + ", proven by fingerprint "
                + shortened(copy.fingerprint()));
        facts(amount(copy.tableCount(), copy.rowCount(), copy.contentBytes(), copy.durationMillis()));
        notes(copy.notes());
    }

    private void snapshots(Report.RepositoryList list) {
        if (list.snapshots().isEmpty()) {
            screen.line("no snapshots in " + list.repository());
            return;
        }
        Table table = new Table(
                Column.left("SNAPSHOT"),
                Column.left("TIME"),
                Column.left("HOST"),
                Column.left("PATHS"),
                Column.left("TAGS"));
        for (Report.SnapshotRow row : list.snapshots()) {
            table.row(
                    row.id().substring(0, 8),
                    Figures.time(row.time()),
                    row.host(),
                    String.join(" ", row.paths()),
                    String.join(" ", row.tags()));
        }
        screen.table(table);
    }

    private void check(Report.RepositoryCheck check) {
        new HealthText(screen, now).check(check);
    }

    private void repair(Report.RepositoryRepair repair) {
        new HealthText(screen, now).repair(repair);
    }

    private void prune(Report.RepositoryPrune prune) {
        String freed = prune.freedPackCount() == 0
                ? "nothing could be removed yet"
                : "freed " + Figures.size(prune.freedBytes()) + " in " + Figures.count(prune.freedPackCount(), "pack");
        if (prune.freedPackCount() == 0 && prune.markedPackCount() == 0) {
            done("repository " + prune.repository() + " holds nothing that could be freed");
        } else {
            done("pruned repository " + prune.repository() + ": " + freed);
        }
        facts("holds   " + Figures.count(prune.snapshotCount(), "snapshot") + " in "
                + Figures.count(prune.packCount(), "pack"));
        if (prune.repackedBytes() > 0) {
            facts("moved   " + Figures.size(prune.repackedBytes())
                    + " that is needed, out of packs that mostly are not");
        }
        if (prune.markedPackCount() > 0) {
            String when = prune.removableAt()
                    .map(at -> " from " + Figures.time(at) + " on")
                    .orElse("");
            facts("marked  " + Figures.size(prune.markedBytes()) + " in "
                    + Figures.count(prune.markedPackCount(), "pack") + ", removed by a prune" + when
                    + "; at once: --grace 0s");
        }
        prune.waiting().ifPresent(cause -> notes(List.of("not all could be removed: " + cause)));
    }

    private void stats(Report.RepositoryStats stats) {
        Table table = new Table(Column.left("REPOSITORY " + stats.repository()), Column.right(""));
        table.row("snapshots", Figures.count(stats.snapshotCount()));
        table.row("packs", Figures.count(stats.packCount()));
        table.row("blobs", Figures.count(stats.blobCount()));
        table.row("stored", Figures.size(stats.storedBytes()));
        table.row("content", Figures.size(stats.contentBytes()));
        screen.table(table);
    }

    private void journal(Report.JournalVerify verify) {
        if (!verify.breaks().isEmpty()) {
            screen.line(Tone.BAD, "the journal is broken:");
            verify.breaks().forEach(where -> screen.line("  " + where));
            return;
        }
        done("the journal holds: " + (verify.size() == 1 ? "1 entry" : Figures.count(verify.size()) + " entries")
                + ", no contradiction");
        facts(
                "root    " + shortened(verify.root()),
                "signed  the first " + Figures.count(verify.checkpointedSize()) + " by checkpoints",
                "anchored the first " + Figures.count(verify.anchoredSize()) + " by "
                        + Figures.count(verify.anchorCount(), "anchor") + " outside the control database");
    }

    private static String amount(int tables, long rows, long bytes, long millis) {
        String rate = millis > 0 && bytes > 0 ? ", " + Figures.size(bytes * 1000 / millis) + "/s" : "";
        return "content " + Figures.count(tables, "table") + ", " + Figures.count(rows, "row") + ", "
                + Figures.size(bytes) + " in " + Figures.duration(millis) + rate;
    }

    private static String shortened(String fingerprint) {
        return fingerprint.length() <= FINGERPRINT_SHOWN
                ? fingerprint
                : fingerprint.substring(0, FINGERPRINT_SHOWN) + "…";
    }

    private void done(String text) {
        screen.line(screen.dress(Tone.GOOD, "✓") + " " + text);
    }

    private void facts(String... lines) {
        for (String line : lines) {
            screen.line("  " + line);
        }
    }

    private void notes(List<String> notes) {
        notes.forEach(note -> screen.line("  " + screen.dress(Tone.WARNING, "note") + "    " + note));
    }
}
