package io.pgcharter.platform.probe;

import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Observation;
import io.pgcharter.model.health.Question;
import io.pgcharter.model.health.Question.Side;
import io.pgcharter.model.health.Question.Sight;
import io.pgcharter.model.health.Reading;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.OwnStatement;
import io.pgcharter.platform.postgres.Quoting;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.postgres.Session.Row;
import io.pgcharter.platform.probe.Probe.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/// All questions of one reading, asked over one session.
final class Interview {
    private static final int KEY = 0;
    private static final int VALUE = 1;
    private static final int TEXT = 2;
    private static final int OF = 3;
    private static final int EPOCH = 4;
    private static final long MICROS = 1_000_000;

    private final Session session;
    private final Limits limits;
    private final long endNanos;
    private boolean isFirst = true;
    private boolean isLost;

    Interview(Session session, Limits limits) {
        this.session = session;
        this.limits = limits;
        this.endNanos = System.nanoTime() + limits.whole().toNanos();
    }

    /// @param attempt which login this is, from 1
    Reading hold(List<Question> questions, Runnable goOn, int attempt) {
        boolean isStandby;
        Instant at;
        String role;
        try {
            Row facts = session.query("SELECT pg_catalog.pg_is_in_recovery(), current_user,"
                            + " (extract(epoch FROM pg_catalog.clock_timestamp()) * " + MICROS + ")::bigint")
                    .getFirst();
            isStandby = facts.bool(0);
            role = Quoting.identifier(facts.string(1));
            at = Instant.EPOCH.plus(Duration.of(facts.number(2), ChronoUnit.MICROS));
        } catch (ProblemException e) {
            return Probe.failed(e.problem(), attempt);
        }
        Map<String, Answer> answers = new HashMap<>();
        for (Question question : questions) {
            goOn.run();
            answers.put(question.check(), answer(question, isStandby, role));
        }
        return new Reading.Taken(at, answers);
    }

    private Answer answer(Question question, boolean isStandby, String role) {
        int major = session.serverMajor();
        if (major < question.majorMin() || major > question.majorMax()) {
            return new Answer.Moot(
                    major < question.majorMin()
                            ? "PostgreSQL " + question.majorMin() + " and newer only"
                            : "PostgreSQL " + question.majorMax() + " and older only");
        }
        if (question.side() == Side.PRIMARY && isStandby) {
            return new Answer.Moot("this is a standby");
        }
        if (question.side() == Side.STANDBY && !isStandby) {
            return new Answer.Moot("this is not a standby");
        }
        if (isLost) {
            return new Answer.Unseen("the connection was lost", "ask again");
        }
        if (System.nanoTime() > endNanos) {
            return new Answer.Unseen(
                    "the other checks took " + limits.whole().toSeconds() + " s already",
                    "see why the server is slow, then ask again");
        }
        try {
            return inTransaction(question, major, role);
        } catch (ProblemException e) {
            return unseen(question, e.problem(), role);
        }
    }

    private Answer inTransaction(Question question, int major, String role) {
        // COMMIT ends the transaction of the question before, also a failed one. It is no ROLLBACK, for those are
        // counted, and the check of rollbacks would find the checks; the first has none to end, and would be warned of
        // in the server's log.
        String end = isFirst ? "" : "COMMIT; ";
        isFirst = false;
        session.execute(end + "BEGIN READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL lock_timeout = '500ms';"
                + " SET LOCAL client_min_messages = error; SET LOCAL row_security = off; SET LOCAL jit = off;"
                + " SET LOCAL statement_timeout = " + limits.statement().toMillis());
        Optional<Sight> sight = question.sight();
        if (sight.isPresent()
                && !session.query(OwnStatement.marked(sight.get().sql()))
                        .getFirst()
                        .bool(0)) {
            return new Answer.Unseen(sight.get().reason(), grant(sight.get().grant(), role));
        }
        if (question.applies().isPresent()) {
            Row applies =
                    session.query(OwnStatement.marked(question.applies().get())).getFirst();
            if (!applies.bool(0)) {
                return new Answer.Moot(applies.string(1));
            }
        }
        List<Row> rows = session.query(
                statement(question.sql(), major), question.parameters().toArray(String[]::new));
        return new Answer.Seen(rows.stream().map(Interview::observation).toList());
    }

    private static String statement(SortedMap<Integer, String> variants, int major) {
        return OwnStatement.marked(variants.headMap(major + 1).lastEntry().getValue());
    }

    private static Observation observation(Row row) {
        boolean isCounter = row.columns() > OF;
        return new Observation(
                Objects.requireNonNullElse(row.text(KEY), "(no name)"),
                Optional.ofNullable(row.text(VALUE)),
                Objects.requireNonNullElse(row.text(TEXT), ""),
                isCounter ? Optional.ofNullable(row.text(OF)) : Optional.empty(),
                isCounter ? Optional.ofNullable(row.text(EPOCH)) : Optional.empty());
    }

    private Answer unseen(Question question, Problem problem, String role) {
        String reason = problem.cause().replaceAll("\\s+", " ");
        Optional<String> sqlState = Session.sqlState(problem);
        if (problem.code() == ProblemCode.PRIVILEGE_MISSING) {
            return new Answer.Unseen(reason, grant(question.grant(), role));
        }
        if (problem.code() == ProblemCode.TIMED_OUT && sqlState.isPresent()) {
            return new Answer.Unseen(
                    "no answer within " + limits.statement().toSeconds() + " s, or a lock was not free: " + reason,
                    "see what the server is busy with: pgcharter sessions");
        }
        if (sqlState.isEmpty() || problem.code() == ProblemCode.SERVER_UNREACHABLE) {
            isLost = true;
        }
        return new Answer.Unseen(reason, problem.remedy());
    }

    private static String grant(String grant, String role) {
        return "run as a superuser: " + grant.replace("{role}", role);
    }
}
