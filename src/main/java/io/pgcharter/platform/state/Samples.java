package io.pgcharter.platform.state;

import io.pgcharter.model.health.Event;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Sample;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.json.JsonMapper;

/// What checks saw the last time, so that counters can be compared, also by another process. Thread-safe.
public final class Samples {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Jdbi jdbi;

    public Samples(State state) {
        this.jdbi = state.jdbi();
    }

    /// By id of the check.
    public Map<String, Sample> of(String subject) {
        return jdbi.withHandle(handle -> {
            Map<String, Sample> samples = new HashMap<>();
            handle.createQuery(
                            "SELECT \"check\", at, rows, events FROM pgcharter.check_sample WHERE subject = :subject")
                    .bind("subject", subject)
                    .map((row, _) -> new Sample(
                            row.getString(1),
                            row.getObject(2, OffsetDateTime.class).toInstant(),
                            List.of(JSON.readValue(row.getString(3), Observation[].class)),
                            List.of(JSON.readValue(row.getString(4), Event[].class))))
                    .forEach(sample -> samples.put(sample.check(), sample));
            return samples;
        });
    }

    /// Keeps them in place of those that were kept for the same checks.
    public void keep(String subject, Collection<Sample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            PreparedBatch batch = handle.prepareBatch("""
                    INSERT INTO pgcharter.check_sample (subject, "check", at, rows, events)
                    VALUES (:subject, :check, :at, :rows, :events)
                    ON CONFLICT (subject, "check")
                    DO UPDATE SET at = excluded.at, rows = excluded.rows, events = excluded.events""");
            for (Sample sample : samples) {
                batch.bind("subject", subject)
                        .bind("check", sample.check())
                        .bind("at", sample.at().atOffset(ZoneOffset.UTC))
                        .bind("rows", JSON.writeValueAsString(sample.rows()))
                        .bind("events", JSON.writeValueAsString(sample.events()))
                        .add();
            }
            batch.execute();
        });
    }
}
