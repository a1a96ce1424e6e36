package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which class of data each column holds. Section `classification` of the charter.
public record ClassificationPlan(List<Classified> all) {
    public static final ClassificationPlan NONE = new ClassificationPlan(List.of());

    public ClassificationPlan {
        all = List.copyOf(all);
    }

    /// How much it would hurt if others saw it; each more than the one before.
    public enum DataClass {
        PUBLIC,
        INTERNAL,
        CONFIDENTIAL,
        RESTRICTED
    }

    /// Columns of one class.
    ///
    /// @param columns of four parts: database, schema, table, column
    /// @param line 1-based line of the charter
    public record Classified(NamePattern columns, DataClass dataClass, int line) {}

    /// Whether columns of the database are classified, so that each must be.
    public boolean speaksOf(DatabaseName database) {
        return all.stream().anyMatch(classified -> classified.columns().isOf(database));
    }

    /// What is said of a column. Of several keys that fit, the one with `*` in the fewest parts counts; of equally
    /// exact ones the stricter class.
    public Optional<Classified> of(DatabaseName database, String schema, String table, String column) {
        return all.stream()
                .filter(classified -> classified.columns().fits(database, List.of(schema, table, column)))
                .min(Comparator.<Classified>comparingInt(
                                classified -> classified.columns().openParts())
                        .thenComparing(Classified::dataClass, Comparator.reverseOrder()));
    }
}
