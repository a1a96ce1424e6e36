package io.pgcharter.platform.notice;

import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.secret.Secrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends notices. Looks secrets up anew each time. Thread-safe; each call takes at most [#SENDING_MAX].
public final class Messenger {
    /// However slowly a receiver answers, it is over then.
    public static final Duration SENDING_MAX = Duration.ofSeconds(30);

    private final Mail mail;
    private final Web web;
    private final Secrets secrets;
    private final InstantSource clock;
    private final Duration sendingMax;

    public Messenger(Secrets secrets, InstantSource clock) {
        this(secrets, clock, SENDING_MAX);
    }

    Messenger(Secrets secrets, InstantSource clock, Duration sendingMax) {
        this.secrets = secrets;
        this.clock = clock;
        this.sendingMax = sendingMax;
        this.mail = new Mail(secrets);
        this.web = new Web();
    }

    /// Returns when the receiver has taken the notice.
    ///
    /// @param number of the notice, in the order they were decided
    /// @throws ProblemException `NOTICE_UNDELIVERED`, `SECRET_UNRESOLVED`; no secret is shown
    public void send(Receiver receiver, long number, Notice notice) {
        within(notice.receiver(), () -> {
            switch (receiver) {
                case Receiver.Email email -> mail.send(email, notice);
                case Receiver.Webhook webhook -> webhook(webhook, number, notice);
                case Receiver.Slack slack ->
                    web.post(secrets.resolve(slack.url()), slack.authorities(), Web.json(SlackText.of(notice)));
            }
        });
    }

    /// Tells a service outside that all is alive.
    ///
    /// @throws ProblemException as [#send]
    public void call(SecretText url, Optional<String> authorities) {
        within("dead-man", () -> web.get(secrets.resolve(url), authorities));
    }

    private void webhook(Receiver.Webhook webhook, long number, Notice notice) throws Undelivered {
        Web.Body body = Web.json(WebhookText.of(number, notice))
                .with("Idempotency-Key", notice.id())
                .with("Pgcharter-Notice", notice.id());
        if (webhook.secret().isPresent()) {
            body = Signature.sign(
                    body,
                    secrets.resolve(webhook.secret().get()),
                    clock.instant().getEpochSecond());
        }
        web.post(secrets.resolve(webhook.url()), webhook.authorities(), body);
    }

    /// Work that may wait for a network.
    @FunctionalInterface
    interface Sending {
        void run() throws Undelivered;
    }

    private void within(String receiver, Sending sending) {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<Void> sent = executor.submit(() -> {
                sending.run();
                return null;
            });
            Void unused = sent.get(sendingMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw undelivered(receiver, "it did not take it within " + sendingMax.toMillis() + " ms");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Undelivered reason -> throw undelivered(receiver, reason.reason());
                case ProblemException problem -> throw problem;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw undelivered(receiver, "it was stopped");
        } finally {
            // Interrupting a virtual thread closes the socket it waits on.
            executor.shutdownNow();
        }
    }

    private static ProblemException undelivered(String receiver, String reason) {
        return new ProblemException(
                ProblemCode.NOTICE_UNDELIVERED,
                "receiver '" + receiver + "' did not take the notice",
                reason,
                "see that it is reachable and that the charter's alerts.receivers has its address; then run: pgcharter"
                        + " alerts try " + receiver);
    }
}
