package io.pgcharter.capability.rehearse;

import io.pgcharter.capability.rehearse.Carrier.Broken;
import io.pgcharter.capability.rehearse.Programme.Item;
import io.pgcharter.model.migration.Recorded;
import io.pgcharter.model.operation.RehearsalReport.NotBroughtBack;
import io.pgcharter.model.operation.RehearsalReport.WayBack;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.schema.Catalog;
import io.pgcharter.model.schema.Difference;
import io.pgcharter.platform.catalog.CatalogReader;
import io.pgcharter.platform.dump.Manifest;
import io.pgcharter.platform.dump.Readback;
import io.pgcharter.platform.dump.RowForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/// Tries the way back: undoes all that was applied, compares with what was there before, applies it again.
final class WayBackTrial {
    private static final int JOBS = 2;

    private final Subject subject;
    private final Stage stage;
    private final Carrier carrier;
    private final Run run;
    private final Catalog catalog;
    private final Map<String, Manifest.Totals> rows;

    private WayBackTrial(Subject subject, Stage stage, Carrier carrier, Run run) {
        this.subject = subject;
        this.stage = stage;
        this.carrier = carrier;
        this.run = run;
        this.catalog = CatalogReader.read(stage.clerk());
        this.rows = rows();
    }

    /// Remembers what is there before anything is applied.
    static WayBackTrial begin(Subject subject, Stage stage, Carrier carrier, Run run) {
        return new WayBackTrial(subject, stage, carrier, run);
    }

    /// What is said where nothing can be undone.
    ///
    /// @param missing migrations without a file that undoes them
    static WayBack impossible(List<String> missing) {
        return new WayBack(missing, Optional.empty(), List.of(), List.of(), 0, Optional.empty());
    }

    private Map<String, Manifest.Totals> rows() {
        Map<String, Manifest.Totals> read =
                new Readback(stage.onlooker().url(), RowForm.TEXT, JOBS, run).readWhateverTheOrder();
        // What is written into the history is not what is undone.
        read.remove(subject.history().schema() + "." + subject.history().tableName());
        return read;
    }

    /// @param after the catalog when all was applied
    WayBack walk(Catalog after) {
        Optional<String> trouble = undo();
        if (trouble.isPresent()) {
            return new WayBack(List.of(), trouble, List.of(), List.of(), 0, Optional.empty());
        }
        List<Difference.Change> changes =
                Difference.between(catalog, CatalogReader.read(stage.clerk())).changes();
        List<NotBroughtBack> lost = lost(rows());
        Optional<String> again = again();
        return new WayBack(
                List.of(),
                again,
                changes,
                lost,
                rows.size()
                        - (int) lost.stream()
                                .filter(one -> one.before().isPresent())
                                .count(),
                again.isPresent()
                        ? Optional.empty()
                        : Optional.of(Difference.between(after, CatalogReader.read(stage.clerk()))
                                .changes()));
    }

    private Optional<String> undo() {
        for (Item item : subject.programme().items().reversed()) {
            String name = item.migration().name();
            Recorded recorded = subject.history().read(stage.clerk()).stream()
                    .filter(row -> row.name().equals(name))
                    .reduce((_, last) -> last)
                    .orElseThrow(() -> new IllegalStateException("'" + name + "' was applied and is not recorded"));
            Optional<Broken> broken = carrier.undo(recorded, item.down().orElseThrow());
            if (broken.isPresent()) {
                return Optional.of("undoing '" + name + "' failed at "
                        + broken.get().where(item.down().orElseThrow()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> again() {
        for (Item item : subject.programme().items()) {
            Optional<Broken> broken = carrier.apply(item.migration(), item.up(), new Gauge.Unread(stage));
            if (broken.isPresent()) {
                return Optional.of("applying '" + item.migration().name() + "' again failed at "
                        + broken.get().where(item.up()));
            }
        }
        return Optional.empty();
    }

    private List<NotBroughtBack> lost(Map<String, Manifest.Totals> now) {
        SortedSet<String> tables = new TreeSet<>(rows.keySet());
        tables.addAll(now.keySet());
        List<NotBroughtBack> lost = new ArrayList<>();
        for (String table : tables) {
            Manifest.Totals before = rows.get(table);
            Manifest.Totals after = now.get(table);
            boolean same = before != null
                    && after != null
                    && before.rows() == after.rows()
                    && before.fingerprint().equals(after.fingerprint());
            if (!same) {
                lost.add(new NotBroughtBack(table, count(before), count(after)));
            }
        }
        return lost;
    }

    private static OptionalLong count(Manifest.@org.jspecify.annotations.Nullable Totals totals) {
        return totals == null ? OptionalLong.empty() : OptionalLong.of(totals.rows());
    }
}
