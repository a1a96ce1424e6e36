package io.pgcharter.platform.storage;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/// Says in a person's words what a service or the way to it answered. Codes are those of
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>, and those that MinIO and Ceph use for a full
/// disk or quota.
final class S3Problems {
    private static final Set<String> FULL = Set.of(
            "QuotaExceeded",
            "XMinioStorageFull",
            "XMinioAdminBucketQuotaExceeded",
            "InsufficientStorage",
            "InsufficientCapacity",
            "StorageFull");
    private static final Set<String> WRONG_REGION = Set.of(
            "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect", "IllegalLocationConstraint");

    private static final String KEY_LINES = "the lines 'access-key' and 'secret-key' of the repository in the charter";

    private final S3Place place;

    S3Problems(S3Place place) {
        this.place = place;
    }

    static String code(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    static boolean isFull(AwsServiceException e) {
        return e.statusCode() == 507 || FULL.contains(code(e));
    }

    private record Words(ProblemCode code, String fact, String cause, String remedy) {}

    /// @param verb what was tried: `write`
    ProblemException of(String verb, String key, SdkException e) {
        String fact = "cannot " + verb + " '" + key + "' in '" + place.location() + "'";
        Words words = e instanceof AwsServiceException refusal ? refused(fact, key, refusal) : unanswered(fact, e);
        return new ProblemException(new Problem(words.code(), words.fact(), words.cause(), words.remedy()), e);
    }

    ProblemException notFound(String key, Throwable e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.NOT_FOUND,
                        "'" + place.location() + "/" + key + "' does not exist",
                        "it was removed, or was never written",
                        "see what is there: restic -r " + place.location() + " list snapshots"),
                e);
    }

    private Words refused(String fact, String key, AwsServiceException e) {
        String code = code(e);
        if (isFull(e)) {
            return new Words(
                    ProblemCode.STORAGE_FULL,
                    "no room to write '" + key + "' in '" + place.location() + "'",
                    said(e),
                    "make room or have the quota raised, then run again");
        }
        Optional<String> region = e.awsErrorDetails() == null
                ? Optional.empty()
                : e.awsErrorDetails().sdkHttpResponse() == null
                        ? Optional.empty()
                        : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
        if (WRONG_REGION.contains(code) || e.statusCode() == 301 || e.statusCode() == 307) {
            return unreachable(
                    fact,
                    "the bucket is in another region"
                            + region.map(name -> ": " + name).orElse("") + "; " + said(e),
                    "correct the line 'region' of the repository in the charter"
                            + region.map(name -> ": region: " + name).orElse(""));
        }
        return switch (code) {
            case "NoSuchBucket" ->
                unreachable(
                        "the bucket '" + place.bucket() + "' does not exist",
                        "'" + place.location() + "': " + said(e),
                        "make it first: aws s3api create-bucket --bucket " + place.bucket()
                                + (place.writing().lock().isPresent() ? " --object-lock-enabled-for-bucket" : "")
                                + ", or correct the line 'bucket' in the charter");
            case "InvalidAccessKeyId" ->
                unreachable(fact, "the service does not know the access key: " + said(e), "see " + KEY_LINES);
            case "SignatureDoesNotMatch" ->
                unreachable(
                        fact,
                        "the secret does not belong to the access key: " + said(e),
                        "see " + KEY_LINES + "; a space or line feed at the end of the secret is part of it");
            case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" ->
                unreachable(fact, "the temporary credentials are no longer valid: " + said(e), "get new ones");
            case "RequestTimeTooSkewed", "RequestExpired" ->
                unreachable(
                        fact,
                        "the clocks of this machine and of the service differ by more than 15 minutes: " + said(e),
                        "set this machine's clock: timedatectl set-ntp true");
            case "AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "" -> denied(fact, e);
            case "InvalidObjectState" ->
                unreachable(
                        fact,
                        "the object is archived: " + said(e),
                        "thaw it first (aws s3api restore-object), and keep the repository out of archive classes");
            case "InvalidRequest", "ObjectLockConfigurationNotFoundError" -> lockless(fact, e, code);
            default -> other(fact, e, code);
        };
    }

    /// A bucket that was made without Object Lock refuses whatever asks for a lock as an invalid request.
    private Words lockless(String fact, AwsServiceException e, String code) {
        if (place.writing().lock().isEmpty()) {
            return other(fact, e, code);
        }
        return unreachable(
                fact,
                "the request asks for a lock, and the bucket '" + place.bucket() + "' has no Object Lock, it seems: "
                        + said(e),
                "make another one (aws s3api create-bucket --object-lock-enabled-for-bucket), or take the line"
                        + " 'object-lock' out of the charter");
    }

    private Words denied(String fact, AwsServiceException e) {
        if (e.statusCode() != 403 && e.statusCode() != 401) {
            return other(fact, e, "");
        }
        return unreachable(
                fact,
                "the service knows the key, and this key may not: " + said(e),
                "give the key the permissions in docs/s3.md, or see whether the bucket '" + place.bucket()
                        + "' is yours");
    }

    private Words other(String fact, AwsServiceException e, String code) {
        if (code.startsWith("KMS.") || code.startsWith("KMS")) {
            return unreachable(
                    fact,
                    "the key service refuses: " + said(e),
                    "see the line 'kms-key', and that the access key may use it (kms:GenerateDataKey, kms:Decrypt)");
        }
        if (S3Attempts.isPassing(e)) {
            return unreachable(
                    fact,
                    "the service is in trouble, and stayed so: " + said(e),
                    "wait until it has recovered, then run again");
        }
        return unreachable(fact, said(e), "see docs/s3.md for what the service must be able to do");
    }

    private Words unanswered(String fact, SdkException e) {
        String url = place.endpoint().map(Object::toString).orElse("AWS");
        if (S3Attempts.has(e, CertificateException.class)) {
            return unreachable(
                    fact,
                    "the certificate of " + url + " does not hold: " + innermost(e),
                    "have the service's certificate signed by an authority that this machine's Java trusts");
        }
        if (S3Attempts.has(e, UnknownHostException.class)) {
            return unreachable(
                    fact,
                    "no host has the name in " + url + ": " + innermost(e),
                    "correct the line 'endpoint'; where the host's name begins with the bucket's, write: path-style: true");
        }
        if (S3Attempts.has(e, ConnectException.class)) {
            return unreachable(
                    fact,
                    "nothing answers at " + url + ": " + innermost(e),
                    "see the line 'endpoint', and the firewall");
        }
        if (e instanceof ApiCallAttemptTimeoutException || e instanceof ApiCallTimeoutException) {
            return unreachable(
                    fact,
                    "the service is too slow: no attempt ended in time",
                    "see the network and the service, then run again");
        }
        if (String.valueOf(e.getMessage()).contains("Unable to load credentials")) {
            return unreachable(
                    fact,
                    "there are no credentials: neither in the charter, nor in the environment (AWS_ACCESS_KEY_ID), a"
                            + " profile or an instance role",
                    "write 'access-key' and 'secret-key' of the repository in the charter");
        }
        return unreachable(fact, innermost(e), "see the network and the service, then run again");
    }

    private static Words unreachable(String fact, String cause, String remedy) {
        return new Words(ProblemCode.STORAGE_UNREACHABLE, fact, cause, remedy);
    }

    /// The service's own words, on one line.
    private static String said(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String message = details == null || details.errorMessage() == null ? "" : details.errorMessage();
        String code = code(e);
        String words = (code + (code.isEmpty() || message.isEmpty() ? "" : ": ") + message)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        String status = "HTTP " + e.statusCode();
        return words.isEmpty() ? status : words + " (" + status + ")";
    }

    private static String innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
