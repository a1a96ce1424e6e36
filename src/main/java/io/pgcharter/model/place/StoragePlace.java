package io.pgcharter.model.place;

import io.pgcharter.model.secret.SecretText;
import java.util.Optional;

/// A place that keeps the files of a repository. Holds references to secrets, never secrets.
public sealed interface StoragePlace {
    /// A directory of this machine.
    ///
    /// @param path absolute, or a reference to an absolute path
    record Directory(SecretText path) implements StoragePlace {}

    /// A bucket of an S3 service.
    ///
    /// @param prefix what all keys begin with, without `/` at either end; empty for the whole bucket
    /// @param endpoint `https://…` of the service; empty for AWS itself
    /// @param region empty for what the SDK finds out, which is `us-east-1` where an endpoint is given
    /// @param pathStyle whether the bucket stands in the path instead of in the host's name
    /// @param credentials empty for the SDK's default chain: environment, profile, instance role
    /// @param writing how objects are to be kept
    record Bucket(
            SecretText bucket,
            String prefix,
            Optional<SecretText> endpoint,
            Optional<String> region,
            boolean pathStyle,
            Optional<Credentials> credentials,
            Writing writing)
            implements StoragePlace {}

    /// An access key of an S3 service.
    record Credentials(SecretText accessKey, SecretText secretKey) {}

    /// How an S3 service is to keep what is written.
    ///
    /// @param storageClass as S3 names it: `STANDARD_IA`
    /// @param encryption `AES256` or `aws:kms`; empty for what the bucket does by itself
    /// @param kmsKey the key of `aws:kms`; empty for the account's own
    /// @param lock Object Lock for everything but locks
    record Writing(
            Optional<String> storageClass,
            Optional<String> encryption,
            Optional<String> kmsKey,
            Optional<ObjectLock> lock) {
        /// As the bucket does by itself.
        public static final Writing PLAIN =
                new Writing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Nobody can remove or replace an object before its days are over; in compliance mode not even the account's
    /// owner.
    ///
    /// @param days at least 1
    record ObjectLock(boolean compliance, int days) {}
}
