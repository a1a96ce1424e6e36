package io.pgcharter.entry.demo;

import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Plays the application's users: pays and settles without pause until closed.
final class WriteLoad implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(4);

    private static final String PAY = """
            with payment as (
              insert into payments (user_id, amount, currency, status, method, reference, created_at, updated_at)
              select 1 + floor(random() * 20)::bigint, (1 + random() * 500)::numeric(12, 2), 'EUR', 'pending', 'sepa',
                     'PAY-' || upper(substr(md5(random()::text), 1, 12)), now(), now()
              returning id, reference)
            insert into audit_logs (payment_id, action, detail, at)
            select id, 'payment.pending', jsonb_build_object('reference', reference), now() from payment;
            update payments set status = 'settled', updated_at = now()
            where id in (select id from payments where status = 'pending' order by id desc limit 2);
            """;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicReference<@Nullable ProblemException> failure = new AtomicReference<>();
    private final Thread thread;

    private WriteLoad(PostgresUrl url) {
        thread = Thread.ofVirtual().name("write-load").start(() -> write(url));
    }

    static WriteLoad begin(PostgresUrl url) {
        return new WriteLoad(url);
    }

    /// Transactions committed so far.
    long transactions() {
        return transactions.get();
    }

    private void write(PostgresUrl url) {
        try (Session session = Session.open(url, "demo write load")) {
            while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                session.execute(PAY);
                transactions.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ProblemException e) {
            failure.set(e);
        }
    }

    /// @throws ProblemException if writing failed meanwhile
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProblemException problem = failure.get();
        if (problem != null) {
            throw problem;
        }
    }
}
