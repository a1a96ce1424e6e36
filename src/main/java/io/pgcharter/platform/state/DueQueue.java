package io.pgcharter.platform.state;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;

/// Work that is due, handed out to one node at a time: db-scheduler on the control database. A node that stays silent
/// for 20 s loses what it had, and another one gets it. Thread-safe.
public final class DueQueue {
    private static final String TASK = "job";
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int HEARTBEATS_MISSED_MAX = 4;

    /// How long the end waits for work that was asked to stop.
    private static final Duration STOP_MAX = Duration.ofSeconds(25);

    /// After a failure of ours, or of the control database.
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Jdbi jdbi;
    private final Scheduler scheduler;

    /// What there is to do.
    ///
    /// @param key tells it from all else, `nightly/shop`
    /// @param data what the queue keeps with it
    public record Due(String key, String data) {}

    /// What is to happen to a piece of work that was handed out.
    public sealed interface Next {
        record Again(Instant at, String data) implements Next {}

        record Never() implements Next {}
    }

    /// @param node tells this process from all others
    /// @param workers how many pieces at once
    /// @param work handles one piece; what it throws is logged, and it is tried again
    public DueQueue(State state, String node, int workers, InstantSource clock, Function<Due, Next> work) {
        this.jdbi = state.jdbi();
        CustomTask<String> task = Tasks.custom(TASK, String.class)
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, clock.instant().plus(AGAIN)))
                .onDeadExecution((complete, operations) -> operations.reschedule(complete, clock.instant()))
                .execute((instance, _) -> completion(work.apply(new Due(instance.getId(), instance.getData()))));
        this.scheduler = Scheduler.create(state.pool(), task)
                .tableName("pgcharter.job_due")
                .schedulerName(new SchedulerName.Fixed(node))
                .serializer(new Text())
                .clock(clock::instant)
                .threads(workers)
                .pollingInterval(POLL)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(HEARTBEATS_MISSED_MAX)
                .pollUsingLockAndFetch(0.5, 1.0)
                .shutdownMaxWait(STOP_MAX)
                .failureLogging(LogLevel.WARN, false)
                .build();
    }

    private static CompletionHandler<String> completion(Next next) {
        return switch (next) {
            case Next.Again(Instant at, String data) ->
                (complete, operations) -> operations.reschedule(complete, at, data);
            case Next.Never() -> (_, operations) -> operations.remove();
        };
    }

    public void start() {
        scheduler.start();
    }

    /// Hands nothing out any more, and returns when what was handed out has ended, or after 25 s.
    public void stop() {
        scheduler.stop();
    }

    /// What one piece of work is and when it comes.
    public record Entry(String data, Instant at) {}

    /// Drops what is not among `wanted`, adds what is missing, and replaces what follows from something else than it
    /// did; the rest keeps its time. What is being worked on is left alone.
    ///
    /// @param wanted by key
    /// @param origin of an entry's data: what it follows from
    public void keep(Map<String, Entry> wanted, Function<String, String> origin) {
        jdbi.useTransaction(handle -> {
            handle.execute("LOCK TABLE pgcharter.job_due IN SHARE ROW EXCLUSIVE MODE");
            Map<String, String> there = new LinkedHashMap<>();
            handle.createQuery("SELECT task_instance, task_data FROM pgcharter.job_due WHERE task_name = :task")
                    .bind("task", TASK)
                    .map((row, _) -> Map.entry(row.getString(1), Text.decode(row.getBytes(2))))
                    .forEach(entry -> there.put(entry.getKey(), entry.getValue()));
            Collection<String> stale = there.entrySet().stream()
                    .filter(entry -> {
                        Entry now = wanted.get(entry.getKey());
                        return now == null || !origin.apply(now.data()).equals(origin.apply(entry.getValue()));
                    })
                    .map(Map.Entry::getKey)
                    .toList();
            handle.registerArrayType(String.class, "text")
                    .createUpdate("""
                            DELETE FROM pgcharter.job_due
                            WHERE task_name = :task AND task_instance = ANY (:stale) AND NOT picked""")
                    .bind("task", TASK)
                    .bindArray("stale", String.class, stale)
                    .execute();
            wanted.forEach((key, entry) -> {
                if (!there.containsKey(key) || stale.contains(key)) {
                    handle.createUpdate("""
                            INSERT INTO pgcharter.job_due (task_name, task_instance, task_data, execution_time, picked, version)
                            VALUES (:task, :key, :data, :at, false, 1) ON CONFLICT DO NOTHING""")
                            .bind("task", TASK)
                            .bind("key", key)
                            .bind("data", entry.data().getBytes(StandardCharsets.UTF_8))
                            .bind("at", OffsetDateTime.ofInstant(entry.at(), ZoneOffset.UTC))
                            .execute();
                }
            });
        });
    }

    /// Texts as they are: nothing in the control database can make a program of ours run code.
    private static final class Text implements Serializer {
        @Override
        public byte[] serialize(Object data) {
            return String.valueOf(data).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> kind, byte[] bytes) {
            return kind.cast(decode(bytes));
        }

        static String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
