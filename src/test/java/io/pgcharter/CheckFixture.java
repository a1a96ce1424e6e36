package io.pgcharter;

import io.pgcharter.model.health.Level;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards.Adjustment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// A fault that a check must find, and its cure: `src/test/resources/io/pgcharter/checks/ID.yaml`.
///
/// `before`, `plant` and `fix` are lists of steps, each run by the superuser in a fresh database:
///
/// - `sql: …` runs and ends; `fails: …` runs and must fail
/// - `seen: …` is asked until its answer is true: the statistics of others arrive a moment later
/// - `hold: …` runs in a session that stays open until the fix, by the role of `role: …`
/// - `wait: …` runs in a session of its own and is not waited for: it waits for one that is held
/// - `deadlock: [ …, … ]` two statements, each run by one transaction first and by the other then
/// - `system: name = value` and `reset: name` set and reset a setting of the server
///
/// `{database}`, `{role}` (who makes the checks) and `{held}` (process of the first held session) are filled in.
/// `adjust` are other thresholds, as a charter may set them; `declare` what a charter declares; `expect` the level and
/// key that must appear; `counter: true` a check whose finding passes by itself; `clear` thresholds that stand for
/// a cure where only time cures. `elsewhere: Class.method` names a test that plants the fault instead.
record CheckFixture(String check, Map<?, ?> entries) {
    private static final Path DIRECTORY = Path.of("src/test/resources/io/pgcharter/checks");

    static CheckFixture of(String check) {
        try {
            String text = Files.readString(DIRECTORY.resolve(check + ".yaml"));
            return new CheckFixture(check, (Map<?, ?>)
                    new Load(LoadSettings.builder().setLabel(check).build()).loadFromString(text));
        } catch (IOException e) {
            throw new UncheckedIOException("check '" + check + "' has no fixture", e);
        }
    }

    Optional<String> elsewhere() {
        return Optional.ofNullable(entries.get("elsewhere")).map(String::valueOf);
    }

    boolean isCounter() {
        return entries.containsKey("counter");
    }

    /// @param key `before`, `plant` or `fix`
    List<Map<?, ?>> steps(String key) {
        Object steps = entries.get(key);
        return steps instanceof List<?> list
                ? list.stream().<Map<?, ?>>map(step -> (Map<?, ?>) step).toList()
                : List.of();
    }

    Level level() {
        return Level.valueOf(String.valueOf(((Map<?, ?>) entries.get("expect")).get("level")));
    }

    String key() {
        return String.valueOf(((Map<?, ?>) entries.get("expect")).get("key"));
    }

    /// Whether nothing else may be found.
    boolean isOnly() {
        return ((Map<?, ?>) entries.get("expect")).containsKey("only");
    }

    Map<String, Adjustment> adjustments() {
        return adjustments("adjust");
    }

    /// Thresholds after the fix.
    Map<String, Adjustment> adjustmentsAfter() {
        return adjustments(entries.containsKey("clear") ? "clear" : "adjust");
    }

    private Map<String, Adjustment> adjustments(String key) {
        return entries.get(key) instanceof Map<?, ?> adjust
                ? Map.of(check, new Adjustment(true, number(adjust.get("warn")), number(adjust.get("crit"))))
                : Map.of();
    }

    private static OptionalDouble number(Object value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(((Number) value).doubleValue());
    }

    Declared declared() {
        if (!(entries.get("declare") instanceof Map<?, ?> declare)) {
            return Declared.NOTHING;
        }
        Map<String, String> settings = new HashMap<>();
        if (declare.get("settings") instanceof Map<?, ?> pairs) {
            pairs.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
        }
        return new Declared(List.of(), settings, declare.containsKey("quiet"), ahead(declare.get("partitions")));
    }

    private static List<Declared.Ahead> ahead(Object tables) {
        return tables instanceof List<?> list
                ? list.stream()
                        .map(table -> (Map<?, ?>) table)
                        .map(table -> new Declared.Ahead(
                                String.valueOf(table.get("schema")),
                                String.valueOf(table.get("table")),
                                String.valueOf(table.get("by")),
                                ((Number) table.get("ahead")).intValue(),
                                String.valueOf(table.get("zone"))))
                        .toList()
                : List.of();
    }
}
