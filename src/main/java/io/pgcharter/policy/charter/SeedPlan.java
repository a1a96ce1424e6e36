package io.pgcharter.policy.charter;

import io.pgcharter.model.id.EnvironmentName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The named states that databases can be seeded with, environment by environment. Section `seeds` of the charter.
public record SeedPlan(Map<EnvironmentName, Map<String, State>> states) {
    public static final SeedPlan NONE = new SeedPlan(Map.of());

    public SeedPlan {
        Map<EnvironmentName, Map<String, State>> copy = new LinkedHashMap<>();
        states.forEach(
                (environment, named) -> copy.put(environment, Collections.unmodifiableMap(new LinkedHashMap<>(named))));
        states = Collections.unmodifiableMap(copy);
    }

    /// The states there are for an environment, in the order in which they are written.
    public Map<String, State> of(EnvironmentName environment) {
        return states.getOrDefault(environment, Map.of());
    }

    /// What is loaded, in this order, into tables that were emptied before.
    ///
    /// @param line 1-based line of the charter
    public record State(String name, List<Load> loads, int line) {
        public State {
            loads = List.copyOf(loads);
        }
    }

    /// One thing to load.
    public sealed interface Load {
        /// Statements of a file.
        ///
        /// @param path absolute
        record Sql(String path) implements Load {}

        /// Rows of a CSV file whose first line names the columns.
        ///
        /// @param path absolute
        record Csv(String path, Table into) implements Load {}

        /// Rows made up: the same ones every time.
        ///
        /// @param rows how many, 1 to 1,000,000
        /// @param columns by name, in the order in which they are written
        record Made(Table into, int rows, Map<String, Recipe> columns) implements Load {
            public static final int ROWS_MAX = 1_000_000;

            public Made {
                columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
            }
        }
    }

    /// A table by its full name.
    public record Table(String schema, String name) {
        /// @param text `schema.table`, or `table` in `public`
        public static Table of(String text) {
            int dot = text.indexOf('.');
            return dot < 0 ? new Table("public", text) : new Table(text.substring(0, dot), text.substring(dot + 1));
        }

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /// How a column's values are made up.
    public sealed interface Recipe {
        /// `from`, `from + 1`, `from + 2` …
        record Count(long from) implements Recipe {}

        /// One of these texts.
        record OneOf(List<String> texts) implements Recipe {
            public OneOf {
                texts = List.copyOf(texts);
            }
        }

        /// Evenly between two whole numbers, two decimal numbers (with as many digits as the longer has behind the
        /// point), two dates or two instants; both are included.
        record Between(String low, String high) implements Recipe {}

        /// A value that a column of another table holds by then.
        record Of(Table table, String column) implements Recipe {}

        /// What looks like a thing of this kind.
        record Like(Kind kind) implements Recipe {}
    }

    /// What made-up values look like.
    public enum Kind {
        FIRST_NAME,
        LAST_NAME,
        NAME,
        /// Unique within the table; of the reserved domain example.com.
        EMAIL,
        CITY,
        COMPANY,
        SENTENCE,
        UUID
    }

    /// The state of that name.
    public Optional<State> find(EnvironmentName environment, String name) {
        return Optional.ofNullable(of(environment).get(name));
    }
}
