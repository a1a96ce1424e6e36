package io.pgcharter.capability.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.alert.Silence;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.operation.ServingOperation;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.notice.Messenger;
import io.pgcharter.platform.state.AlertBook;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What people do about alerts. Thread-safe.
public final class AlertDesk {
    /// Whatever needs longer is to be mended, or left out of the charter.
    private static final Duration SILENCE_MAX = Duration.ofDays(30);

    /// `database/payments`, `check/xid-age`, `environment/production`; several are joined by blanks.
    private static final Pattern SUBJECT =
            Pattern.compile("[a-z]+(?:/[A-Za-z0-9._-]+)?(?: [a-z]+(?:/[A-Za-z0-9._-]+)?){0,4}");

    private final Charter charter;
    private final AlertBook book;
    private final Messenger messenger;

    public AlertDesk(Charter charter, AlertBook book, Messenger messenger) {
        this.charter = charter;
        this.book = book;
        this.messenger = messenger;
    }

    /// @throws ProblemException `NOT_FOUND`
    public Report.AlertAcknowledge acknowledge(Permit permit, ServingOperation.AlertAcknowledge operation, Run run) {
        permit.consume(operation);
        Alert.Acknowledgement by =
                new Alert.Acknowledgement(book.person(run.id().text()), book.now(), operation.because());
        Alert alert = book.change(operation.alert(), found -> found.acknowledged(by))
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "there is no open alert '" + operation.alert() + "'",
                        "it is over, or these are not the first digits of one alert's id",
                        "pgcharter alerts"));
        if (alert.acknowledgement().isEmpty()) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "alert '" + alert.id() + "' does not count yet",
                    "it has not lasted for as long as the charter's alerts.after says",
                    "wait, or look at: pgcharter alerts");
        }
        return new Report.AlertAcknowledge(
                alert.id(), alert.topic().name(), alert.topic().subjects(), by.person());
    }

    /// @throws ProblemException `USAGE` for a subject that can fit nothing, or a time that is too long
    public Report.AlertSilence silence(Permit permit, ServingOperation.AlertSilence operation, Run run) {
        permit.consume(operation);
        if (!SUBJECT.matcher(operation.subject()).matches()) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "this is no subject of alerts",
                    "subjects are such as database/payments, check/xid-age, environment/production, or several of"
                            + " them joined by blanks",
                    "pgcharter alerts silence database/payments --for 2h --because maintenance");
        }
        if (operation.lasting().compareTo(SILENCE_MAX) > 0
                || !operation.lasting().isPositive()) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "a silence of " + operation.lasting().toHours() + " hours",
                    "a silence lasts more than nothing and at most " + SILENCE_MAX.toDays() + " days",
                    "choose a shorter time, and mend what is wrong; or waive the check in the charter");
        }
        Silence silence = book.silence(
                Alerting.newIds().get().substring(0, 8),
                operation.subject(),
                operation.lasting(),
                operation.because(),
                run.id().text());
        return new Report.AlertSilence(silence.id(), silence.subject(), silence.until());
    }

    public Report.AlertUnsilence unsilence(Permit permit, ServingOperation.AlertUnsilence operation, Run run) {
        permit.consume(operation);
        run.check();
        return new Report.AlertUnsilence(operation.silence(), book.unsilence(operation.silence()));
    }

    /// @throws ProblemException `NOT_FOUND`, `NOTICE_UNDELIVERED`, `SECRET_UNRESOLVED`
    public Report.AlertTry attempt(Permit permit, ServingOperation.AlertTry operation, Run run) {
        permit.consume(operation);
        Receiver receiver = charter.serving().alerts().receivers().get(operation.receiver());
        if (receiver == null) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "unknown receiver '" + operation.receiver() + "'"
                            + Charter.suggestion(
                                    operation.receiver(),
                                    charter.serving().alerts().receivers().keySet()),
                    charter.file() + " names no such receiver",
                    "use a name that stands under alerts.receivers");
        }
        Instant now = book.now();
        Notice.News item = new Notice.News(
                Notice.Change.TRIAL,
                run.id().text(),
                new Topic("trial/notice", Topic.INSTALLATION),
                Level.OK,
                book.person(run.id().text()) + " wants to see that notices arrive; nothing is wrong",
                List.of(),
                now,
                Optional.empty());
        long begin = System.nanoTime();
        messenger.send(
                receiver,
                0,
                new Notice(Alerting.newIds().get(), operation.receiver(), Optional.empty(), now, List.of(item), 0));
        return new Report.AlertTry(
                operation.receiver(),
                receiver.kind(),
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }
}
