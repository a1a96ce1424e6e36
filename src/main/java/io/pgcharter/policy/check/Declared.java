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
public record Declared(List<String> standbys, Map<String, String> settings, boolean quiet) {
    static final String QUIET = "quiet";

    public static final Declared NOTHING = new Declared(List.of(), Map.of(), false);

    public Declared {
        standbys = List.copyOf(standbys);
        settings = Map.copyOf(settings);
    }

    /// What a statement gets as its parameter: JSON. Empty if the charter declares nothing of it.
    Optional<String> parameter(String declared) {
        return switch (declared) {
            case "standbys" -> json(standbys, standbys.isEmpty());
            case "settings" -> json(settings, settings.isEmpty());
            case QUIET -> json(true, !quiet);
            default -> throw new IllegalStateException("no charter declares '" + declared + "'");
        };
    }

    private static Optional<String> json(Object value, boolean isMissing) {
        return isMissing ? Optional.empty() : Optional.of(JsonMapper.shared().writeValueAsString(value));
    }
}
