package io.pgcharter.platform.storage;

import java.time.Duration;

/// How long one call of an [S3Storage] may take, and how often it is tried. No call takes longer than
/// `lastStart` and one more attempt.
///
/// @param attempts how often at most a call is tried; only 4 times where the service has never answered and none can be
///     reached
/// @param pauseFirst the upper end of the first pause; doubled for each further one. A pause is drawn evenly between 0
///     and its upper end ("full jitter"), so that many clients do not come back all at once
/// @param pauseMax an upper end is never more
/// @param lastStart no attempt begins later than this after the first
/// @param connect until a connection stands
/// @param silence without one byte on a connection
/// @param attempt for one attempt, plus the time that what it carries takes at `bytesPerSecondMin`
record S3Limits(
        int attempts,
        Duration pauseFirst,
        Duration pauseMax,
        Duration lastStart,
        Duration connect,
        Duration silence,
        Duration attempt,
        long bytesPerSecondMin) {
    static final S3Limits STANDARD = new S3Limits(
            12,
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            64 * 1024);

    /// Where nothing ever answered, the address is more likely wrong than the service busy.
    static final int ATTEMPTS_UNREACHED = 4;

    Duration attempt(long bytes) {
        return attempt.plusSeconds(bytes / bytesPerSecondMin);
    }

    /// @param attempt number of the attempt that failed, from 1
    /// @param chance evenly from 0 to 1
    Duration pauseAfter(int attempt, double chance) {
        double upper = Math.min((double) pauseMax.toNanos(), (double) pauseFirst.toNanos() * Math.pow(2, attempt - 1));
        return Duration.ofNanos((long) (upper * chance));
    }
}
