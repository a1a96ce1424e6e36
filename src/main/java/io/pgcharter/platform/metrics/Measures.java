package io.pgcharter.platform.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/// What was measured at one time, by metric; what was not has no value. Kept as single-precision numbers: 7 digits.
public final class Measures {
    private final float[] values;

    private Measures(float[] values) {
        this.values = values;
    }

    /// @param measured NaN and infinity count as not measured
    public static Measures of(Map<Metric, Double> measured) {
        float[] values = new float[Metric.values().length];
        Arrays.fill(values, Float.NaN);
        measured.forEach((metric, value) -> {
            if (Double.isFinite(value)) {
                values[metric.position() - 1] = value.floatValue();
            }
        });
        return new Measures(values);
    }

    /// @param stored as the control database has it: shorter than today's metrics if an older pgcharter wrote it
    static Measures of(Object[] stored) {
        float[] values = new float[Metric.values().length];
        Arrays.fill(values, Float.NaN);
        for (int index = 0; index < Math.min(stored.length, values.length); index++) {
            if (stored[index] instanceof Float value) {
                values[index] = value;
            }
        }
        return new Measures(values);
    }

    public OptionalDouble of(Metric metric) {
        float value = values[metric.position() - 1];
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// Every value there is, by metric.
    public Map<Metric, Double> all() {
        Map<Metric, Double> all = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            of(metric).ifPresent(value -> all.put(metric, value));
        }
        return all;
    }

    /// As PostgreSQL writes an array of `real`: `{1,NULL,0.5}`.
    String text() {
        StringBuilder text = new StringBuilder(values.length * 8).append('{');
        for (int index = 0; index < values.length; index++) {
            text.append(index == 0 ? "" : ",");
            if (Float.isNaN(values[index])) {
                text.append("NULL");
            } else {
                text.append(values[index]);
            }
        }
        return text.append('}').toString();
    }

    @Override
    public String toString() {
        return all().toString();
    }
}
