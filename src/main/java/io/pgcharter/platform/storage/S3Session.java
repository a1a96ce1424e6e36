package io.pgcharter.platform.storage;

import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/// One client of one bucket, and the way every request takes. Thread-safe.
record S3Session(S3Place place, S3Client client, S3Attempts attempts, S3Problems problems) implements AutoCloseable {
    static S3Session open(S3Place place, S3Limits limits) {
        return new S3Session(place, S3Clients.open(place, limits), new S3Attempts(limits), new S3Problems(place));
    }

    String bucket() {
        return place.bucket();
    }

    String fullKey(String key) {
        return place.fullKey(key);
    }

    /// @param verb what is tried, for the message: `write`
    /// @param bytes that an attempt carries
    /// @throws ProblemException instead of what the SDK throws
    <T> T call(String verb, String key, long bytes, Function<AwsRequestOverrideConfiguration, T> attempt) {
        try {
            return attempts.call(bytes, attempt);
        } catch (SdkException e) {
            throw problems.of(verb, key, e);
        }
    }

    /// An answer that is no answer: worth another attempt.
    static RetryableException badAnswer(String what) {
        return RetryableException.create("the service's answer cannot be right: " + what);
    }

    @Override
    public void close() {
        client.close();
    }
}
