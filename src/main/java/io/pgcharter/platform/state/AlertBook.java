package io.pgcharter.platform.state;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Silence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.RowView;
import tools.jackson.databind.json.JsonMapper;

/// Alerts and silences of all nodes. Thread-safe. Who decides on alerts takes a [AlertSitting], one at a time over all
/// nodes.
public final class AlertBook {
    static final JsonMapper JSON = JsonMapper.builder().build();

    /// Any number that nothing else of pgcharter locks.
    private static final long LOCK = 0x70676c657274L;

    private static final Duration ALERTS_KEPT = Duration.ofDays(90);
    private static final Duration NOTICES_KEPT = Duration.ofDays(30);

    private final Jdbi jdbi;

    public AlertBook(State state) {
        this.jdbi = state.jdbi();
    }

    /// Holds a sitting, unless another one goes on. All it enters becomes visible at once, or nothing does.
    ///
    /// @return whether it was held
    public boolean sit(Consumer<AlertSitting> work) {
        return jdbi.inTransaction(handle -> {
            boolean isFree = handle.createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
                    .bind("lock", LOCK)
                    .mapTo(Boolean.class)
                    .one();
            if (isFree) {
                work.accept(new AlertSitting(handle));
            }
            return isFree;
        });
    }

    /// The control database's clock.
    public Instant now() {
        return jdbi.withHandle(AlertBook::now);
    }

    static Instant now(Handle handle) {
        return handle.createQuery("SELECT clock_timestamp()")
                .mapTo(Instant.class)
                .one();
    }

    /// Those that are not over, the oldest first.
    public List<Alert> open() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT body FROM pgcharter.alert WHERE state <> 'RESOLVED' ORDER BY since, id")
                .map(AlertBook::alert)
                .list());
    }

    /// Those that are over, the newest first.
    public List<Alert> resolved(int count) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT body FROM pgcharter.alert WHERE state = 'RESOLVED' ORDER BY resolved_at DESC LIMIT :count""")
                .bind("count", count)
                .map(AlertBook::alert)
                .list());
    }

    static Alert alert(RowView row) {
        return JSON.readValue(row.getColumn(1, String.class), Alert.class);
    }

    /// Changes one open alert, of which `begin` are the first digits of the id.
    ///
    /// @return what it is now; empty if there is none, or more than one
    public Optional<Alert> change(String begin, UnaryOperator<Alert> change) {
        return jdbi.inTransaction(handle -> {
            List<Alert> found = handle.createQuery("""
                            SELECT body FROM pgcharter.alert WHERE starts_with(id, :begin) AND state <> 'RESOLVED'
                            FOR UPDATE""")
                    .bind("begin", begin)
                    .map(AlertBook::alert)
                    .list();
            if (found.size() != 1) {
                return Optional.empty();
            }
            Alert changed = change.apply(found.getFirst());
            AlertSitting.enter(handle, changed);
            return Optional.of(changed);
        });
    }

    /// Who asked for a run.
    public String person(String run) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT person FROM pgcharter.run WHERE id = :run")
                .bind("run", run)
                .mapTo(String.class)
                .one());
    }

    /// Begins a silence now.
    ///
    /// @param run whose person asks for it
    public Silence silence(String id, String subject, Duration lasting, String because, String run) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        INSERT INTO pgcharter.silence (id, subject, begun_at, until, person, because)
                        SELECT :id, :subject, t, t + :seconds * interval '1 second', r.person, :because
                        FROM clock_timestamp() t, pgcharter.run r WHERE r.id = :run
                        RETURNING id, subject, begun_at, until, person, because, ended_at""")
                .bind("id", id)
                .bind("subject", subject)
                .bind("seconds", lasting.toSeconds())
                .bind("because", because)
                .bind("run", run)
                .map(AlertBook::silence)
                .one());
    }

    /// Ends a silence now.
    ///
    /// @return whether it held until now
    public boolean unsilence(String id) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE pgcharter.silence SET ended_at = clock_timestamp()
                                WHERE id = :id AND ended_at IS NULL AND until > clock_timestamp()""").bind("id", id).execute()) == 1;
    }

    /// Those that hold now, the one that ends first first.
    public List<Silence> silences() {
        return jdbi.withHandle(AlertBook::silences);
    }

    static List<Silence> silences(Handle handle) {
        return handle.createQuery("""
                SELECT id, subject, begun_at, until, person, because, ended_at FROM pgcharter.silence
                WHERE ended_at IS NULL AND until > clock_timestamp() ORDER BY until""").map(AlertBook::silence).list();
    }

    private static Silence silence(RowView row) {
        return new Silence(
                row.getColumn(1, String.class),
                row.getColumn(2, String.class),
                row.getColumn(3, Instant.class),
                row.getColumn(4, Instant.class),
                row.getColumn(5, String.class),
                row.getColumn(6, String.class),
                Optional.ofNullable(row.getColumn(7, Instant.class)));
    }

    /// Takes the next call of the service outside, if it is due.
    ///
    /// @return whether the caller is to call it
    public boolean takeCall(Duration every) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                                UPDATE pgcharter.dead_man SET called_at = clock_timestamp()
                                WHERE called_at < clock_timestamp() - :millis * interval '1 millisecond'""")
                        .bind("millis", every.toMillis())
                        .execute())
                == 1;
    }

    /// Makes the next call due: the last one did not arrive.
    public void missCall() {
        jdbi.useHandle(handle -> handle.execute("UPDATE pgcharter.dead_man SET called_at = '-infinity'"));
    }

    /// Forgets what is over for long: alerts after 90 days, notices and silences after 30.
    public void forget() {
        jdbi.useTransaction(handle -> {
            delete(handle, "alert WHERE state = 'RESOLVED' AND resolved_at", ALERTS_KEPT);
            delete(
                    handle,
                    "notice WHERE (delivered_at IS NOT NULL OR given_up_at IS NOT NULL) AND decided_at",
                    NOTICES_KEPT);
            delete(handle, "silence WHERE until", NOTICES_KEPT);
        });
    }

    private static void delete(Handle handle, String what, Duration kept) {
        handle.createUpdate("DELETE FROM pgcharter." + what + " < clock_timestamp() - :seconds * interval '1 second'")
                .bind("seconds", kept.toSeconds())
                .execute();
    }
}
