package io.pgcharter.entry.cli;

import io.pgcharter.entry.terminal.Figures;
import io.pgcharter.entry.terminal.Screen;
import io.pgcharter.entry.terminal.Table;
import io.pgcharter.entry.terminal.Table.Cell;
import io.pgcharter.entry.terminal.Table.Column;
import io.pgcharter.entry.terminal.Tone;
import io.pgcharter.model.operation.Report;

/// What became of backups in other repositories, and the keys of repositories, as people read it.
final class PlacesText {
    private static final int ID_SHOWN = 8;

    private final Screen screen;

    PlacesText(Screen screen) {
        this.screen = screen;
    }

    /// The other places of a backup, one line each.
    void copies(Report.Backup backup) {
        for (Report.BackupCopy copy : backup.copies()) {
            if (copy.trouble().isEmpty()) {
                screen.line("  also    in " + copy.repository()
                        + copy.backup().map(id -> " as " + id.abbreviated()).orElse("") + ", "
                        + Figures.size(copy.addedBytes()) + " added, read back");
            } else {
                screen.line("  " + screen.dress(Tone.BAD, "missing") + " in " + copy.repository() + ": "
                        + copy.trouble().get());
                screen.line("          when that is mended: pgcharter repository copy " + backup.repository() + " "
                        + copy.repository());
            }
        }
    }

    void copy(Report.RepositoryCopy copy) {
        if (copy.copied().isEmpty()) {
            done(copy.to() + " has every backup of " + copy.from() + " that goes there ("
                    + Figures.count(copy.present()) + "); none was copied");
        } else {
            done("copied " + Figures.count(copy.copied().size(), "backup") + " from " + copy.from() + " into "
                    + copy.to() + ", " + Figures.count(copy.present()) + " there before");
            copy.copied().forEach(id -> screen.line("  backup  " + id.abbreviated()));
        }
        screen.line(
                "  stored  " + Figures.count(copy.copiedBlobCount(), "blob") + ", " + Figures.size(copy.addedBytes())
                        + " added; " + Figures.size(copy.verifiedBytes()) + " of content read back and checked");
    }

    void keys(Report.RepositoryKeyList list) {
        Table table = new Table(Column.left("KEY"), Column.left("CREATED"), Column.left("BY"), Column.left("STATE"));
        for (Report.KeyRow row : list.keys()) {
            table.row(
                    Cell.of(shortened(row.key())),
                    Cell.of(row.createdAt().map(Figures::time).orElse("?")),
                    Cell.of(row.user().isEmpty() && row.host().isEmpty() ? "?" : row.user() + "@" + row.host()),
                    state(row));
        }
        screen.table(table);
    }

    private static Cell state(Report.KeyRow row) {
        if (row.trouble().isPresent()) {
            return new Cell(row.trouble().get(), Tone.BAD);
        }
        return row.isCurrent() ? new Cell("the charter's password opens it", Tone.GOOD) : Cell.of("another password");
    }

    void added(Report.RepositoryKeyAdd add) {
        done("one more password opens " + add.repository() + ": key " + shortened(add.key()));
    }

    void removed(Report.RepositoryKeyRemove remove) {
        done("key " + shortened(remove.key()) + " opens " + remove.repository() + " no longer");
    }

    void rotated(Report.RepositoryKeyRotate rotate) {
        done("a new password opens " + rotate.repository() + ": key " + shortened(rotate.added()));
        rotate.removed().forEach(key -> screen.line("  removed key " + shortened(key)));
        screen.line("  " + screen.dress(Tone.WARNING, "next") + "    " + rotate.next());
    }

    private static String shortened(String key) {
        return key.substring(0, Math.min(ID_SHOWN, key.length()));
    }

    private void done(String text) {
        screen.line(screen.dress(Tone.GOOD, "✓") + " " + text);
    }
}
