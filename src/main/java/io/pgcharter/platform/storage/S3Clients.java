package io.pgcharter.platform.storage;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Builds the SDK's client so that services other than AWS understand it, and so that it never waits without a limit.
final class S3Clients {
    private static final int CONNECTIONS_MAX = 64;

    private S3Clients() {}

    static S3Client open(S3Place place, S3Limits limits) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS_MAX)
                        .connectionTimeout(limits.connect())
                        .socketTimeout(limits.silence())
                        .connectionAcquisitionTimeout(limits.attempt()))
                // Every retry is S3Attempts'; two layers of them would multiply.
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .credentialsProvider(credentials(place))
                .region(region(place))
                .forcePathStyle(place.pathStyle())
                // Chunked signatures and the SDK's own checksums are unknown to many services. What is sent carries its
                // MD5, which all of them check.
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create());
        place.endpoint().map(S3Clients::withoutSlash).ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static URI withoutSlash(URI endpoint) {
        String text = endpoint.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : endpoint;
    }

    private static AwsCredentialsProvider credentials(S3Place place) {
        return place.key()
                .<AwsCredentialsProvider>map(key -> StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        key.id().reveal(), key.secret().reveal())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    /// The SDK's chain also asks the machine's metadata service, which does not answer elsewhere and takes its time.
    private static Region region(S3Place place) {
        if (place.region().isPresent()) {
            return Region.of(place.region().get());
        }
        try {
            Region found = new AwsRegionProviderChain(
                            new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                    .getRegion();
            return found == null ? Region.US_EAST_1 : found;
        } catch (SdkClientException e) {
            return Region.US_EAST_1;
        }
    }
}
