package io.pgcharter.policy.lint;

import io.pgcharter.model.sql.LockMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a statement does to relations that are there before it: to each the strongest lock, whether all its rows are
/// read, whether its file is written anew.
public record Effect(Map<ObjectName, Touch> touches) {
    public static final Effect NONE = new Effect(Map.of());

    public Effect {
        touches = Collections.unmodifiableMap(new LinkedHashMap<>(touches));
    }

    /// @param scans whether its rows are read, all of them
    /// @param rewrites whether the table, or one of its indexes, is written anew
    public record Touch(LockMode lock, boolean scans, boolean rewrites) {
        Touch and(Touch other) {
            return new Touch(lock.strongest(other.lock), scans || other.scans, rewrites || other.rewrites);
        }
    }

    public static Effect lock(ObjectName relation, LockMode mode) {
        return new Effect(Map.of(relation, new Touch(mode, false, false)));
    }

    public static Effect scan(ObjectName relation, LockMode mode) {
        return new Effect(Map.of(relation, new Touch(mode, true, false)));
    }

    public static Effect rewrite(ObjectName relation, LockMode mode) {
        return new Effect(Map.of(relation, new Touch(mode, true, true)));
    }

    static Effect all(List<ObjectName> relations, LockMode mode) {
        Effect effect = NONE;
        for (ObjectName relation : relations) {
            effect = effect.and(lock(relation, mode));
        }
        return effect;
    }

    public Effect and(Effect other) {
        if (touches.isEmpty()) {
            return other;
        }
        Map<ObjectName, Touch> both = new LinkedHashMap<>(touches);
        other.touches.forEach((name, touch) -> both.merge(name, touch, Touch::and));
        return new Effect(both);
    }

    public Touch on(ObjectName relation) {
        return touches.getOrDefault(relation, new Touch(LockMode.NONE, false, false));
    }

    public boolean scans() {
        return touches.values().stream().anyMatch(Touch::scans);
    }

    public boolean rewrites() {
        return touches.values().stream().anyMatch(Touch::rewrites);
    }
}
