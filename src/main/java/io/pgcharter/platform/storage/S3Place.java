package io.pgcharter.platform.storage;

import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.secret.Secret;
import java.net.URI;
import java.util.Optional;

/// A bucket of an S3 service, with its secrets looked up.
///
/// @param prefix without `/` at either end; empty for the whole bucket
/// @param endpoint empty for AWS itself
/// @param region empty for what environment or profile say, else `us-east-1`
/// @param key empty for the SDK's default chain
public record S3Place(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        Optional<String> region,
        boolean pathStyle,
        Optional<AccessKey> key,
        Writing writing) {

    /// An access key and its secret.
    public record AccessKey(Secret id, Secret secret) {}

    /// As restic writes the place: `s3:https://host/bucket/prefix`. Without secrets.
    String location() {
        String host = endpoint.map(URI::toString)
                .map(text -> text.endsWith("/") ? text.substring(0, text.length() - 1) : text)
                .orElseGet(() -> "https://s3." + region.map(name -> name + ".").orElse("") + "amazonaws.com");
        return "s3:" + host + "/" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }

    /// The service's name of a key of ours.
    String fullKey(String key) {
        return prefix.isEmpty() ? key : prefix + "/" + key;
    }

    /// Our name of a service's key that [#fullKey] made.
    String ownKey(String fullKey) {
        return prefix.isEmpty() ? fullKey : fullKey.substring(prefix.length() + 1);
    }
}
