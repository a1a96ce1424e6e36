package io.pgcharter.policy.release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// What a database does after a release, held against the hour before it. Of what nobody knows how it was, only that
/// counts which is never right: that it does not answer, deadlocks, and sessions that wait for a lock for longer
/// than a migration would.
public final class Watchfulness {
    /// So many times in a row it may not answer.
    public static final int UNREACHED_MOST = 2;

    /// Rolled back transactions and deadlocks: so many times the worst of the hour before.
    public static final double MORE = 3;

    /// Fewer transactions rolled back mean nothing.
    public static final long ROLLBACKS_MIN = 10;

    /// A statement that became slower takes so many times its mean of before …
    public static final double SLOWER = 3;

    /// … was executed so often, before and since …
    public static final long CALLS_MIN = 10;

    /// … and has cost so much more in all.
    public static final Duration LOST_MIN = Duration.ofSeconds(1);

    /// Looks in a row at which somebody waits for too long.
    public static final int WAITING_MOST = 1;

    private Watchfulness() {}

    /// The hour before. What is not known is empty.
    ///
    /// @param rollbacksPerSecond the most @param deadlocksPerSecond the most
    /// @param covered of how much of the hour it is known what statements cost
    /// @param statements what they cost then, by id
    public record Before(
            OptionalDouble rollbacksPerSecond,
            OptionalDouble deadlocksPerSecond,
            Duration covered,
            Map<Long, Cost> statements) {
        public Before {
            statements = Map.copyOf(statements);
        }
    }

    /// @param milliseconds in all
    public record Cost(long calls, double milliseconds) {
        double mean() {
            return calls == 0 ? 0 : milliseconds / calls;
        }
    }

    /// @param text without values
    public record Statement(String text, Cost cost) {}

    /// What was seen since the watch began.
    ///
    /// @param lasting so long
    /// @param unreached looks in a row, up to the last one, at which it did not answer
    /// @param waiting looks in a row at which somebody waited for a lock for too long
    /// @param statements by id
    public record Since(
            Duration lasting,
            int unreached,
            long rollbacks,
            long deadlocks,
            int waiting,
            Map<Long, Statement> statements) {
        public Since {
            statements = new LinkedHashMap<>(statements);
        }
    }

    /// What is wrong, in words; nothing if all is as before.
    public static List<String> faults(Before before, Since since) {
        List<String> faults = new ArrayList<>();
        if (since.unreached() > UNREACHED_MOST) {
            faults.add("it did not answer " + since.unreached() + " times in a row");
        }
        if (since.waiting() > WAITING_MOST) {
            faults.add("sessions wait for a lock for longer than a migration would");
        }
        double seconds = Math.max(1, since.lasting().toMillis() / 1000.0);
        double deadlocks = since.deadlocks() / seconds;
        if (since.deadlocks() > 0
                && deadlocks > MORE * before.deadlocksPerSecond().orElse(0)) {
            faults.add(since.deadlocks() + " deadlocks in " + said(seconds) + " s, "
                    + (before.deadlocksPerSecond().isPresent()
                            ? "at most " + said(before.deadlocksPerSecond().getAsDouble()) + " a second before"
                            : "of the hour before nothing is known"));
        }
        before.rollbacksPerSecond().ifPresent(most -> {
            if (since.rollbacks() >= ROLLBACKS_MIN && since.rollbacks() / seconds > MORE * most) {
                faults.add(since.rollbacks() + " transactions rolled back in " + said(seconds) + " s, at most "
                        + said(most) + " a second before");
            }
        });
        since.statements().forEach((id, now) -> {
            Cost then = before.statements().get(id);
            if (then != null && isSlower(then, now.cost())) {
                faults.add("a statement takes " + said(now.cost().mean()) + " ms, before it took " + said(then.mean())
                        + " ms: " + now.text());
            }
        });
        return faults;
    }

    private static boolean isSlower(Cost then, Cost now) {
        return then.calls() >= CALLS_MIN
                && now.calls() >= CALLS_MIN
                && now.mean() >= SLOWER * then.mean()
                && now.milliseconds() - now.calls() * then.mean() >= LOST_MIN.toMillis();
    }

    private static String said(double value) {
        return String.format(Locale.ROOT, value >= 10 ? "%.0f" : "%.2f", value);
    }
}
