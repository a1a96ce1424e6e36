package io.pgcharter.platform.metrics;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.OwnStatement;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `pg_stat_statements` of one database now and then: those 250 statements on which most time was spent,
/// and the sum of all. Where the extension is missing, or the role may not see all of it, there is nothing to read.
/// Used by one thread at a time. Keeps about 10 KB.
public final class StatementMeter {
    private static final int STATEMENTS_MAX = 250;
    private static final double SHARE = 0.95;

    private final Sink sink;
    private final long pauseNanos;
    private long readNanos;
    private boolean everRead;
    private Totals totals = Totals.NONE;
    private Map<Long, Cumulated> before = Map.of();
    private boolean complete;

    /// Statements that no application waits for; what is said of 95 of 100 is said without them.
    private final Set<Long> aside = new HashSet<>();

    /// @param pause between two readings
    public StatementMeter(Sink sink, Duration pause) {
        this.sink = sink;
        this.pauseNanos = pause.toNanos();
    }

    /// Takes what was read.
    public interface Sink {
        /// @param costs since the time before
        /// @param texts by id, of statements not met before, without values
        /// @param lasting since the time before; nothing at the first one, of which no costs are known
        void costs(List<StatementCost> costs, Map<Long, String> texts, Duration lasting);
    }

    private record Cumulated(long calls, double milliseconds, long rows) {}

    private record Totals(@Nullable Cumulated sum) {
        static final Totals NONE = new Totals(null);
    }

    public boolean isDue() {
        return !everRead || System.nanoTime() - readNanos >= pauseNanos;
    }

    /// @return metrics of the time since the last reading; empty if there is nothing to read, or to compare with
    /// @throws ProblemException if the connection is lost
    public Map<Metric, Double> read(Session session) {
        long now = System.nanoTime();
        double seconds = (now - readNanos) / 1e9;
        List<Row> rows = rows(session);
        Map<Long, Cumulated> counted = new HashMap<>();
        Cumulated sum = null;
        for (Row row : rows) {
            counted.put(row.number(0), new Cumulated(row.number(1), Double.parseDouble(row.string(2)), row.number(3)));
            sum = new Cumulated(row.number(4), Double.parseDouble(row.string(5)), 0);
        }
        List<StatementCost> grown = everRead ? grown(counted) : List.of();
        Duration lasting = everRead ? Duration.ofNanos(now - readNanos) : Duration.ZERO;
        Map<Long, String> texts = texts(
                session,
                counted.keySet().stream().filter(id -> !before.containsKey(id)).toList());
        Map<Metric, Double> metrics = everRead && sum != null ? metrics(sum, grown, seconds) : Map.of();
        before = counted;
        aside.retainAll(counted.keySet());
        complete = rows.size() < STATEMENTS_MAX;
        totals = new Totals(sum);
        readNanos = now;
        everRead = true;
        if (!grown.isEmpty() || !texts.isEmpty()) {
            sink.costs(grown, texts, lasting);
        }
        return metrics;
    }

    /// What was executed since the last reading. A statement that was not seen then is new if the list was complete
    /// then; otherwise it may be old, and its growth is not known. So it is with one whose counters went backwards.
    private List<StatementCost> grown(Map<Long, Cumulated> counted) {
        List<StatementCost> grown = new ArrayList<>();
        counted.forEach((id, now) -> {
            Cumulated then = before.get(id);
            if (then == null && complete) {
                then = new Cumulated(0, 0, 0);
            }
            if (then != null && now.calls() > then.calls() && now.milliseconds() >= then.milliseconds()) {
                grown.add(new StatementCost(
                        id,
                        now.calls() - then.calls(),
                        now.milliseconds() - then.milliseconds(),
                        Math.max(0, now.rows() - then.rows())));
            }
        });
        return grown;
    }

    private Map<Metric, Double> metrics(Cumulated sum, List<StatementCost> grown, double seconds) {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        Cumulated then = totals.sum();
        if (then == null || sum.calls() < then.calls() || sum.milliseconds() < then.milliseconds()) {
            return metrics;
        }
        long calls = sum.calls() - then.calls();
        metrics.put(Metric.STATEMENTS_PER_SECOND, calls / seconds);
        if (calls > 0) {
            metrics.put(Metric.STATEMENT_MEAN_SECONDS, (sum.milliseconds() - then.milliseconds()) / calls / 1_000);
        }
        List<StatementCost> work =
                grown.stream().filter(cost -> !aside.contains(cost.id())).toList();
        long seen = work.stream().mapToLong(StatementCost::calls).sum();
        long passed = 0;
        List<StatementCost> byMean = work.stream()
                .sorted(Comparator.comparingDouble(StatementCost::meanMilliseconds))
                .toList();
        for (StatementCost cost : byMean) {
            passed += cost.calls();
            if (passed >= seen * SHARE) {
                metrics.put(Metric.STATEMENT_P95_SECONDS, cost.meanMilliseconds() / 1_000);
                break;
            }
        }
        return metrics;
    }

    /// id, calls, milliseconds, rows; calls and milliseconds of all statements. Without texts, which lie in a file.
    private static List<Row> rows(Session session) {
        try {
            String view = view(session);
            return view.isEmpty()
                    ? List.of()
                    : session.queryAll(ServerQuery.LIMITS
                            + """
                    select /* pgcharter */ queryid, sum(calls)::bigint, sum(total_exec_time), sum(rows)::bigint,
                      (sum(sum(calls)) over ())::bigint, sum(sum(total_exec_time)) over ()
                    from <view>(false)
                    where dbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
                      and toplevel and queryid is not null
                    group by queryid order by 3 desc limit <max>""".replace("<view>", view).replace("<max>", Integer.toString(STATEMENTS_MAX)));
        } catch (ProblemException refused) {
            return nothing(refused);
        }
    }

    /// The view's name, or nothing where it is missing or shows only a part.
    static String view(Session session) {
        return session.query("""
                        select /* pgcharter */ n.nspname from pg_catalog.pg_extension e
                        join pg_catalog.pg_namespace n on n.oid = e.extnamespace
                        where e.extname = 'pg_stat_statements' and pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
                          and pg_catalog.has_schema_privilege(n.oid, 'USAGE')""").stream()
                .findFirst()
                .map(row -> Quoting.identifier(row.string(0)) + ".pg_stat_statements")
                .orElse("");
    }

    private Map<Long, String> texts(Session session, List<Long> ids) {
        Map<Long, String> texts = new HashMap<>();
        if (ids.isEmpty()) {
            return texts;
        }
        try {
            String list = String.join(",", ids.stream().map(String::valueOf).toList());
            session.queryAll(ServerQuery.LIMITS
                            + """
                            select /* pgcharter */ distinct on (queryid) queryid, pg_catalog.left(query, <max>) from <view>(true)
                            where queryid in (<list>)
                              and dbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
                            """.replace("<max>", Integer.toString(2 * StatementText.LENGTH_MAX))
                                    .replace("<view>", view(session))
                                    .replace("<list>", list))
                    .forEach(row -> {
                        String text = row.text(1);
                        if (text != null && OwnStatement.isNoWork(text)) {
                            aside.add(row.number(0));
                        }
                        texts.put(row.number(0), text == null ? "" : StatementText.withoutValues(text));
                    });
            return texts;
        } catch (ProblemException refused) {
            nothing(refused);
            return texts;
        }
    }

    /// A view that cannot be read (the library is not loaded, the extension is of an older server) has nothing to
    /// say; a connection that is lost is the caller's.
    private static List<Row> nothing(ProblemException refused) {
        if (refused.problem().code() == ProblemCode.STATEMENT_FAILED
                || refused.problem().code() == ProblemCode.PRIVILEGE_MISSING) {
            return List.of();
        }
        throw refused;
    }
}
