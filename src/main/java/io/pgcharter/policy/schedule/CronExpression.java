package io.pgcharter.policy.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/// Five fields as cron knows them: minute, hour, day of the month, month, day of the week. Where both days are limited,
/// either will do. Two are equal if their texts are.
public final class CronExpression {
    private final String text;
    private final ExecutionTime times;

    private CronExpression(String text, ExecutionTime times) {
        this.text = text;
        this.times = times;
    }

    /// @throws IllegalArgumentException saying what is wrong, if it cannot be read or never comes
    public static CronExpression parse(String text) {
        String fields = text.strip().replaceAll("\\s+", " ");
        ExecutionTime times =
                ExecutionTime.forCron(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                        .parse(fields)
                        .validate());
        CronExpression expression = new CronExpression(fields, times);
        if (expression.next(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException("there is no such day");
        }
        return expression;
    }

    /// The first local time after `after`.
    Optional<LocalDateTime> next(LocalDateTime after) {
        // In UTC no local time is left out or repeated: what that means for a zone is said elsewhere.
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    /// Whether the hour begins with `*`.
    boolean everyHour() {
        return text.split(" ", -1)[1].startsWith("*");
    }

    String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression expression && expression.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
