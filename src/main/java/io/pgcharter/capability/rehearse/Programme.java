package io.pgcharter.capability.rehearse;

import io.pgcharter.model.migration.Migration;
import io.pgcharter.model.migration.Pin;
import io.pgcharter.model.migration.Source;
import io.pgcharter.policy.migration.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The migrations that are due, in order, and how each is carried out and undone.
record Programme(List<Item> items) {
    Programme {
        items = List.copyOf(items);
    }

    /// @param down empty if no file undoes it
    record Item(Migration migration, Passage up, Optional<Passage> down) {}

    /// @param reading reads a file, or says why it cannot be carried out
    static Programme of(List<Migration> due, Function<Source, Passage> reading) {
        List<Item> items = new ArrayList<>();
        for (Migration migration : due) {
            items.add(new Item(
                    migration, reading.apply(migration.up()), migration.down().map(reading)));
        }
        return new Programme(items);
    }

    Pin pin() {
        return Pin.of(items.stream().map(Item::migration).toList());
    }

    /// Those that nothing undoes.
    List<String> irreversible() {
        return items.stream()
                .filter(item -> item.down().isEmpty())
                .map(item -> item.migration().name())
                .toList();
    }
}
