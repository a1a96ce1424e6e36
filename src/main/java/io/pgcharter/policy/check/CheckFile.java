package io.pgcharter.policy.check;

import io.pgcharter.model.health.Question;
import io.pgcharter.model.health.Question.Side;
import io.pgcharter.model.health.Question.Sight;
import io.pgcharter.policy.check.Judging.Measure;
import io.pgcharter.policy.check.Judging.Thresholds;
import io.pgcharter.policy.check.Judging.Unit;
import io.pgcharter.policy.check.Judging.Worse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// A check's file. It is part of the program: what is wrong with it is a bug, and a test reads them all.
final class CheckFile {
    private static final int MAJOR_MIN = 14;
    private static final int MAJOR_MAX = 99;

    /// What the monitoring role has in any case, see docs/checks.md.
    private static final String GRANT_DEFAULT = "GRANT pg_monitor TO {role}";

    private static final Set<String> KEYS = Set.of(
            "title",
            "why",
            "scope",
            "rhythm",
            "side",
            "since",
            "until",
            "declared",
            "sight",
            "applies",
            "sql",
            "judge",
            "worse",
            "unit",
            "warn",
            "crit",
            "volume",
            "ok",
            "remedy",
            "grant");

    private final String id;
    private final Map<?, ?> entries;

    private CheckFile(String id, Map<?, ?> entries) {
        this.id = id;
        this.entries = entries;
    }

    static Check read(String id, String group, String text) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new CoreSchema()).setLabel(id).build();
        if (!(new Load(settings).loadFromString(text) instanceof Map<?, ?> entries)) {
            throw new IllegalStateException("check '" + id + "' is not a mapping");
        }
        for (Object key : entries.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw new IllegalStateException("check '" + id + "' has the unknown key '" + key + "'");
            }
        }
        return new CheckFile(id, entries).check(group);
    }

    private Check check(String group) {
        return new Check(
                id,
                group,
                text("title"),
                text("why"),
                word("scope", Check.Scope.class, Check.Scope.SERVER),
                word("rhythm", Check.Rhythm.class, Check.Rhythm.SLOW),
                judging(),
                text("ok"),
                text("remedy"),
                optional("declared"),
                entries.containsKey("sql") ? Optional.of(question()) : Optional.empty());
    }

    private Question question() {
        return new Question(
                id,
                word("side", Side.class, Side.ANY),
                number("since").map(Double::intValue).orElse(MAJOR_MIN),
                number("until").map(Double::intValue).orElse(MAJOR_MAX),
                sight(),
                optional("applies"),
                statements(),
                List.of(),
                optional("grant").orElse(GRANT_DEFAULT));
    }

    /// Who does not say what a role must see has not thought about it; so it must be said.
    private Optional<Sight> sight() {
        Object sight = required("sight");
        if (sight instanceof Map<?, ?> own) {
            return Optional.of(new Sight(part(own, "sql"), part(own, "reason"), part(own, "grant")));
        }
        return switch (String.valueOf(sight)) {
            case "anyone" -> Optional.empty();
            case "statistics" ->
                Optional.of(new Sight(
                        "SELECT pg_has_role('pg_read_all_stats', 'USAGE')",
                        "the role sees nothing of other roles' sessions and statistics",
                        GRANT_DEFAULT));
            case "settings" ->
                Optional.of(new Sight(
                        "SELECT pg_has_role('pg_read_all_settings', 'USAGE')",
                        "the role does not see all settings",
                        GRANT_DEFAULT));
            default -> throw new IllegalStateException("check '" + id + "' has the unknown sight '" + sight + "'");
        };
    }

    /// `sql: …`, or one statement for each major version from which on it is used.
    private SortedMap<Integer, String> statements() {
        SortedMap<Integer, String> statements = new TreeMap<>();
        if (required("sql") instanceof Map<?, ?> variants) {
            variants.forEach(
                    (major, sql) -> statements.put(Integer.valueOf(String.valueOf(major)), String.valueOf(sql)));
        } else {
            statements.put(MAJOR_MIN, text("sql"));
        }
        return statements;
    }

    private Judging judging() {
        Thresholds thresholds = new Thresholds(threshold("warn"), threshold("crit"));
        Worse worse = word("worse", Worse.class, Worse.HIGHER);
        String judge = text("judge");
        return switch (judge) {
            case "row" -> new Judging.ByRow();
            case "value" -> new Judging.ByValue(thresholds, worse, word("unit", Unit.class, Unit.COUNT));
            case "increase", "rate", "share" ->
                new Judging.ByCounter(
                        Measure.valueOf(judge.toUpperCase(Locale.ROOT)),
                        thresholds,
                        worse,
                        number("volume").orElse(0.0));
            default -> throw new IllegalStateException("check '" + id + "' is judged by '" + judge + "'");
        };
    }

    private OptionalDouble threshold(String key) {
        return number(key).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private <E extends Enum<E>> E word(String key, Class<E> words, E otherwise) {
        return optional(key)
                .map(word -> Enum.valueOf(words, word.toUpperCase(Locale.ROOT)))
                .orElse(otherwise);
    }

    private Optional<Double> number(String key) {
        return optional(key).map(Double::valueOf);
    }

    private Object required(String key) {
        Object value = entries.get(key);
        if (value == null) {
            throw new IllegalStateException("check '" + id + "' lacks '" + key + "'");
        }
        return value;
    }

    private String text(String key) {
        return String.valueOf(required(key)).strip();
    }

    private Optional<String> optional(String key) {
        return entries.containsKey(key) ? Optional.of(text(key)) : Optional.empty();
    }

    private String part(Map<?, ?> own, String key) {
        Object value = own.get(key);
        if (value == null) {
            throw new IllegalStateException("check '" + id + "' lacks sight." + key);
        }
        return String.valueOf(value).strip();
    }
}
