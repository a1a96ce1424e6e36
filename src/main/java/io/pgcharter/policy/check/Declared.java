package io.pgcharter.policy.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// What a charter declares of a database, for checks to hold the server against.
///
/// @param standbys `application_name` of each standby that must be there; empty for not declared
/// @param settings settings that the server must have; empty for not declared
/// @param quiet nobody but replication should write into it
/// @param partitions tables whose partitions are to be there before they are needed
public record Declared(List<String> standbys, Map<String, String> settings, boolean quiet, List<Ahead> partitions) {
    static final String QUIET = "quiet";

    public static final Declared NOTHING = new Declared(List.of(), Map.of(), false, List.of());

    public Declared {
        standbys = List.copyOf(standbys);
        settings = Map.copyOf(settings);
        partitions = List.copyOf(partitions);
    }

    /// How far ahead a table has its partitions. The names of the components are those of the statement's parameter.
    ///
    /// @param by `day`, `week` or `month`
    /// @param ahead so many periods after the current one
    /// @param zone whose midnight a period begins at: `Europe/Zagreb`
    public record Ahead(String schema, String table, String by, int ahead, String zone) {}

    /// The same, with tables whose partitions are looked after.
    public Declared with(List<Ahead> tables) {
        return new Declared(standbys, settings, quiet, tables);
    }

    /// What a statement gets as its parameter: JSON. Empty if the charter declares nothing of it.
    Optional<String> parameter(String declared) {
        return switch (declared) {
            case "standbys" -> json(standbys, standbys.isEmpty());
            case "settings" -> json(settings, settings.isEmpty());
            case "partitions" -> json(partitions, partitions.isEmpty());
            case QUIET -> json(true, !quiet);
            default -> throw new IllegalStateException("no charter declares '" + declared + "'");
        };
    }

    private static Optional<String> json(Object value, boolean isMissing) {
        return isMissing ? Optional.empty() : Optional.of(JsonMapper.shared().writeValueAsString(value));
    }
}
