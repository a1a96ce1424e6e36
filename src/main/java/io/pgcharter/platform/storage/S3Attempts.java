package io.pgcharter.platform.storage;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;

/// Tries a request until it succeeds, is refused, or the [S3Limits] are reached. The SDK's own retries are off: this is
/// the only place that decides to try again. Thread-safe.
final class S3Attempts {
    /// Refusals in name, passing trouble in fact.
    private static final Set<String> PASSING =
            Set.of("RequestTimeout", "BadDigest", "IncompleteBody", "OperationAborted", "ConditionalRequestConflict");

    private final S3Limits limits;
    private volatile boolean isReached;

    S3Attempts(S3Limits limits) {
        this.limits = limits;
    }

    /// @param bytes that an attempt carries, either way
    /// @throws SdkException what the last attempt met
    /// @throws ProblemException `CANCELLED`
    <T> T call(long bytes, Function<AwsRequestOverrideConfiguration, T> attempt) {
        AwsRequestOverrideConfiguration timeouts = AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(limits.attempt(bytes))
                .apiCallTimeout(limits.attempt(bytes).plus(limits.connect()))
                .build();
        long begun = System.nanoTime();
        for (int number = 1; ; number++) {
            try {
                T answer = attempt.apply(timeouts);
                isReached = true;
                return answer;
            } catch (AbortedException e) {
                throw interrupted(e);
            } catch (SdkException e) {
                Duration pause =
                        limits.pauseAfter(number, ThreadLocalRandom.current().nextDouble());
                boolean isLate = System.nanoTime() - begun + pause.toNanos()
                        > limits.lastStart().toNanos();
                if (isLate || number >= attemptsFor(e) || !isPassing(e)) {
                    throw e;
                }
                pause(pause);
            }
        }
    }

    private int attemptsFor(SdkException e) {
        if (e instanceof AwsServiceException) {
            isReached = true;
        }
        boolean isAddress = has(e, UnknownHostException.class)
                || has(e, ConnectException.class)
                || has(e, NoRouteToHostException.class);
        return isAddress && !isReached ? Math.min(S3Limits.ATTEMPTS_UNREACHED, limits.attempts()) : limits.attempts();
    }

    /// Whether another attempt may end in another way.
    static boolean isPassing(SdkException e) {
        if (e instanceof AwsServiceException refusal) {
            int status = refusal.statusCode();
            String code = S3Problems.code(refusal);
            return (status >= 500 && status != 501 && status != 507)
                    // A success that carries an error: the service noticed too late.
                    || (status < 300 && !S3Problems.isFull(refusal))
                    || status == 408
                    || status == 429
                    || PASSING.contains(code)
                    || refusal.isThrottlingException();
        }
        if (has(e, CertificateException.class)) {
            return false;
        }
        return e instanceof RetryableException
                || e instanceof ApiCallAttemptTimeoutException
                || e instanceof ApiCallTimeoutException
                || has(e, IOException.class)
                // A list that was cut short.
                || String.valueOf(e.getMessage()).contains("Could not parse XML");
    }

    static boolean has(Throwable thrown, Class<? extends Throwable> kind) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static void pause(Duration pause) {
        try {
            // Nobody counts down: this only waits, and an interrupt ends it.
            boolean _ = new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static ProblemException interrupted(Throwable e) {
        Thread.currentThread().interrupt();
        return new ProblemException(
                new Problem(
                        ProblemCode.CANCELLED,
                        "the work on the bucket was interrupted",
                        "the thread was asked to stop",
                        "run it again"),
                e);
    }
}
