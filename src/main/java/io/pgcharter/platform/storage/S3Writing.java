package io.pgcharter.platform.storage;

import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Stores objects. Every body carries its MD5, so that the service refuses what was changed on the way. Thread-safe.
///
/// All keys but `config` are written once, so they are written on condition that they are not there
/// (`If-None-Match: *`). That lets a policy of the bucket refuse every replacement. What is there already is
/// compared: if it is the same, an earlier attempt had got through; if not, it is replaced, where the service
/// permits it.
final class S3Writing {
    private static final System.Logger LOG = System.getLogger(S3Writing.class.getName());

    /// The one key that may be written again.
    private static final String CONFIG = "config";

    /// Packs have 16 MiB and a little; only one with a single large blob is sent in parts.
    static final int WHOLE_MAX_BYTES = 32 << 20;

    private static final int PART_BYTES = 16 << 20;

    /// What is sent a second time to learn whether conditions are heeded is not larger.
    private static final int PROBE_MAX_BYTES = 64 << 10;

    private static final Pattern MD5_ETAG = Pattern.compile("\"?([0-9a-fA-F]{32})\"?");

    /// What the service makes of `If-None-Match`.
    private enum Conditions {
        UNKNOWN,
        HEEDED,
        IGNORED
    }

    private final S3Session session;
    private final S3Reading reading;
    private final S3Locks locks;
    private final Writing writing;
    private volatile Conditions conditions = Conditions.UNKNOWN;
    private volatile boolean areEtagsOther;

    S3Writing(S3Session session, S3Reading reading, S3Locks locks) {
        this.session = session;
        this.reading = reading;
        this.locks = locks;
        this.writing = session.place().writing();
    }

    /// The bytes of an object and what they come to.
    private static final class Body {
        private final byte[] bytes;
        private final int offset;
        private final int length;
        private final byte[] md5;

        private Body(byte[] bytes, int offset, int length) {
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
            MessageDigest digest = S3Writing.md5();
            digest.update(bytes, offset, length);
            this.md5 = digest.digest();
        }

        static Body of(ByteBuffer content) {
            byte[] bytes;
            int offset = 0;
            int length = content.remaining();
            if (content.hasArray()) {
                bytes = content.array();
                offset = content.arrayOffset() + content.position();
                content.position(content.limit());
            } else {
                bytes = new byte[length];
                content.get(bytes);
            }
            return new Body(bytes, offset, length);
        }

        Body part(int begin) {
            return new Body(bytes, offset + begin, Math.min(PART_BYTES, length - begin));
        }

        byte[] md5() {
            return md5;
        }

        int length() {
            return length;
        }

        String md5Header() {
            return Base64.getEncoder().encodeToString(md5);
        }

        RequestBody request() {
            return RequestBody.fromContentProvider(
                    () -> new ByteArrayInputStream(bytes, offset, length), length, "application/octet-stream");
        }
    }

    void put(String key, ByteBuffer content) {
        Body body = Body.of(content);
        boolean isConditional = !key.equals(CONFIG) && conditions != Conditions.IGNORED;
        if (!isConditional) {
            send(key, body, false);
            return;
        }
        try {
            send(key, body, true);
            probe(key, body);
        } catch (ProblemException e) {
            settle(key, body, e);
        }
    }

    /// What an attempt on condition met.
    private void settle(String key, Body body, ProblemException problem) {
        if (problem.getCause() instanceof AwsServiceException refusal) {
            if (refusal.statusCode() == 412) {
                conditions = Conditions.HEEDED;
                if (!reading.holds(key, body.md5(), body.length())) {
                    // Names say what is in them, so what is there is damaged.
                    send(key, body, false);
                }
                return;
            }
            if (isConditionRefused(refusal)) {
                ignored("refuses");
                send(key, body, false);
                return;
            }
        }
        throw problem;
    }

    private static boolean isConditionRefused(AwsServiceException e) {
        String code = S3Problems.code(e);
        String message = String.valueOf(e.getMessage());
        return e.statusCode() == 501
                || code.equals("NotImplemented")
                || (e.statusCode() == 400 && message.contains("If-None-Match"));
    }

    /// A service that does not know conditions takes everything, and nothing tells. So the first small object is sent
    /// once more: it must be refused now. Not under Object Lock: each time would leave a version that nobody can
    /// remove, and nothing can be lost by being replaced there.
    private void probe(String key, Body body) {
        if (conditions != Conditions.UNKNOWN || locks.isOn() || body.length() > PROBE_MAX_BYTES) {
            return;
        }
        try {
            send(key, body, true);
            ignored("ignores");
        } catch (ProblemException e) {
            // Whatever else went wrong is no answer to the question, and the object is stored.
            if (e.getCause() instanceof AwsServiceException refusal && refusal.statusCode() == 412) {
                conditions = Conditions.HEEDED;
            }
        }
    }

    private void ignored(String how) {
        conditions = Conditions.IGNORED;
        LOG.log(
                System.Logger.Level.WARNING,
                "'" + session.place().location() + "' " + how
                        + " conditional writes (If-None-Match), so nothing keeps objects from being replaced");
    }

    private void send(String key, Body body, boolean isConditional) {
        Optional<S3Locks.Lock> lock = locks.on(key);
        boolean isInParts = body.length() > WHOLE_MAX_BYTES;
        if (isInParts) {
            sendParts(key, body, lock, isConditional);
        } else {
            sendWhole(key, body, lock, isConditional);
        }
        lock.ifPresent(asked -> locks.confirm(key, asked, isInParts));
    }

    private void sendWhole(String key, Body body, Optional<S3Locks.Lock> lock, boolean isConditional) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(session.bucket())
                .key(session.fullKey(key))
                .contentMD5(body.md5Header())
                .ifNoneMatch(isConditional ? "*" : null)
                .storageClass(writing.storageClass().orElse(null))
                .serverSideEncryption(writing.encryption().orElse(null))
                .ssekmsKeyId(writing.kmsKey().orElse(null));
        lock.ifPresent(asked -> request.objectLockMode(asked.mode()).objectLockRetainUntilDate(asked.until()));
        session.call("write", key, body.length(), timeouts -> {
            PutObjectResponse answer = session.client()
                    .putObject(request.overrideConfiguration(timeouts).build(), body.request());
            checkStored(key, body, answer);
            return answer;
        });
    }

    /// An error that comes as a success has no ETag. One that is an MD5 of something else is looked into.
    private void checkStored(String key, Body body, PutObjectResponse answer) {
        if (answer.eTag() == null || answer.eTag().isBlank()) {
            throw S3Session.badAnswer("it does not say what it stored");
        }
        Optional<String> stored = md5Of(answer.eTag(), answer.serverSideEncryptionAsString());
        if (areEtagsOther || stored.isEmpty() || stored.get().equals(hex(body.md5()))) {
            return;
        }
        if (!MessageDigest.isEqual(md5().digest(reading.whole(key)), body.md5())) {
            throw S3Session.badAnswer("it stored something else");
        }
        areEtagsOther = true;
    }

    private void sendParts(String key, Body body, Optional<S3Locks.Lock> lock, boolean isConditional) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(session.bucket())
                .key(session.fullKey(key))
                .storageClass(writing.storageClass().orElse(null))
                .serverSideEncryption(writing.encryption().orElse(null))
                .ssekmsKeyId(writing.kmsKey().orElse(null));
        lock.ifPresent(asked -> request.objectLockMode(asked.mode()).objectLockRetainUntilDate(asked.until()));
        String upload = session.call("write", key, 0, timeouts -> {
            @Nullable
            String id = session.client()
                    .createMultipartUpload(
                            request.overrideConfiguration(timeouts).build())
                    .uploadId();
            if (id == null) {
                throw S3Session.badAnswer("an upload without an id");
            }
            return id;
        });
        try {
            complete(key, upload, parts(key, upload, body), isConditional);
        } catch (ProblemException e) {
            // The answer may have been lost when all was done.
            if (isGone(e) && reading.holds(key, body.md5(), body.length())) {
                return;
            }
            abort(key, upload, e);
            throw e;
        }
    }

    private static boolean isGone(ProblemException e) {
        return e.getCause() instanceof AwsServiceException refusal
                && S3Problems.code(refusal).equals("NoSuchUpload");
    }

    private List<CompletedPart> parts(String key, String upload, Body body) {
        List<CompletedPart> parts = new ArrayList<>();
        for (int begin = 0; begin < body.length(); begin += PART_BYTES) {
            int number = parts.size() + 1;
            Body part = body.part(begin);
            String etag = session.call("write", key, part.length(), timeouts -> {
                UploadPartResponse answer = session.client()
                        .uploadPart(
                                UploadPartRequest.builder()
                                        .bucket(session.bucket())
                                        .key(session.fullKey(key))
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .contentMD5(part.md5Header())
                                        .overrideConfiguration(timeouts)
                                        .build(),
                                part.request());
                if (answer.eTag() == null || answer.eTag().isBlank()) {
                    throw S3Session.badAnswer("it does not say what it stored");
                }
                return answer.eTag();
            });
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        return parts;
    }

    private void complete(String key, String upload, List<CompletedPart> parts, boolean isConditional) {
        session.call("write", key, 0, timeouts -> {
            var answer = session.client()
                    .completeMultipartUpload(CompleteMultipartUploadRequest.builder()
                            .bucket(session.bucket())
                            .key(session.fullKey(key))
                            .uploadId(upload)
                            .multipartUpload(completed -> completed.parts(parts))
                            .ifNoneMatch(isConditional ? "*" : null)
                            .overrideConfiguration(timeouts)
                            .build());
            if (answer.eTag() == null || answer.eTag().isBlank()) {
                throw S3Session.badAnswer("it does not say what it stored");
            }
            return answer;
        });
    }

    private void abort(String key, String upload, ProblemException failure) {
        try {
            session.attempts()
                    .call(
                            0,
                            timeouts -> session.client()
                                    .abortMultipartUpload(AbortMultipartUploadRequest.builder()
                                            .bucket(session.bucket())
                                            .key(session.fullKey(key))
                                            .uploadId(upload)
                                            .overrideConfiguration(timeouts)
                                            .build()));
        } catch (SdkException e) {
            failure.addSuppressed(e);
        }
    }

    /// The MD5 that an ETag is, if it can be one: those of parts and of objects under a KMS key are none.
    static Optional<String> md5Of(@Nullable String etag, @Nullable String encryption) {
        if (etag == null || (encryption != null && encryption.startsWith("aws:"))) {
            return Optional.empty();
        }
        var matcher = MD5_ETAG.matcher(etag);
        return matcher.matches() ? Optional.of(matcher.group(1).toLowerCase(java.util.Locale.ROOT)) : Optional.empty();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// S3's own checksum of a body (RFC 1864). It guards against accidents; SHA-256 and MACs of the repository guard
    /// against the rest.
    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
