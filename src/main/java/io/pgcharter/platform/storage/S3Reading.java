package io.pgcharter.platform.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/// Reads objects, and hands out nothing that is not whole. Thread-safe.
final class S3Reading {
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    /// Larger than whatever is read whole: those are snapshots, indexes, keys; packs while they are checked.
    private static final long WHOLE_TYPICAL_BYTES = 16 << 20;

    private final S3Session session;
    private volatile boolean isBucketSeen;

    S3Reading(S3Session session) {
        this.session = session;
    }

    /// An object and what came with it.
    private static final class Whole {
        private final GetObjectResponse answer;
        private final byte[] body;

        private Whole(GetObjectResponse answer, byte[] body) {
            this.answer = answer;
            this.body = body;
        }

        /// A body that is cut short, or a service whose ETags are no MD5s.
        private boolean isInDoubt() {
            Optional<String> md5 = S3Writing.md5Of(answer.eTag(), answer.serverSideEncryptionAsString());
            return md5.isPresent()
                    && !md5.get().equals(S3Writing.hex(S3Writing.md5().digest(body)));
        }
    }

    /// A body that does not fit its ETag is taken if it comes twice and the object has no byte behind it.
    byte[] whole(String key) {
        AtomicReference<byte @Nullable []> last = new AtomicReference<>();
        Optional<byte[]> content = get(key, WHOLE_TYPICAL_BYTES, timeouts -> {
            Whole whole = session.client()
                    .getObject(
                            request(key).overrideConfiguration(timeouts).build(),
                            (answer, stream) -> new Whole(answer, body(answer, stream)));
            if (whole.isInDoubt()) {
                boolean isNew = !Arrays.equals(last.getAndSet(whole.body), whole.body);
                if (isNew || part(key, whole.body.length, ByteBuffer.allocate(1)) > 0) {
                    throw S3Session.badAnswer("the body does not fit its ETag");
                }
            }
            return whole.body;
        });
        return content.orElseThrow(() -> session.problems().notFound(key, new IllegalStateException("unsatisfiable")));
    }

    private byte[] body(GetObjectResponse answer, AbortableInputStream stream) throws IOException {
        Long length = answer.contentLength();
        if (length == null || length > Integer.MAX_VALUE - 8) {
            throw S3Session.badAnswer("a body of unknown or impossible length");
        }
        byte[] body = stream.readNBytes(length.intValue());
        if (body.length < length) {
            throw S3Session.badAnswer("the body ends after " + body.length + " of " + length + " bytes");
        }
        refuseError(body);
        return body;
    }

    /// Some services answer 200 and put the error where the content belongs. Nothing of ours begins as XML.
    private static void refuseError(byte[] body) {
        String begin = new String(body, 0, Math.min(body.length, 256), StandardCharsets.ISO_8859_1);
        if ((begin.startsWith("<?xml") || begin.startsWith("<Error")) && begin.contains("<Error")) {
            throw S3Session.badAnswer("an error where the content should be: " + begin.replaceAll("\\p{Cntrl}+", " "));
        }
    }

    int part(String key, long offset, ByteBuffer target) {
        int wanted = target.remaining();
        if (wanted == 0) {
            if (!exists(key)) {
                throw session.problems().notFound(key, new IllegalStateException("no such key"));
            }
            return 0;
        }
        Optional<byte[]> content = get(
                key,
                wanted,
                timeouts -> session.client()
                        .getObject(
                                request(key)
                                        .range("bytes=" + offset + "-" + (offset + wanted - 1))
                                        .overrideConfiguration(timeouts)
                                        .build(),
                                (answer, stream) -> range(answer, stream, offset, wanted)));
        content.ifPresent(target::put);
        return content.map(bytes -> bytes.length).orElse(0);
    }

    private byte[] range(GetObjectResponse answer, InputStream stream, long offset, int wanted) throws IOException {
        Matcher range = RANGE.matcher(String.valueOf(answer.contentRange()));
        if (!range.matches()) {
            // The whole object, because the service knows no ranges, or an error: neither is what was asked for.
            byte[] begin = stream.readNBytes(256);
            refuseError(begin);
            throw S3Session.badAnswer("a part was asked for, and it does not say which one it sends");
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long total = Long.parseLong(range.group(3));
        if (first != offset || last != Math.min(offset + wanted, total) - 1) {
            throw S3Session.badAnswer("another part than asked for: " + range.group());
        }
        int length = (int) (last - first + 1);
        byte[] body = stream.readNBytes(length);
        if (body.length < length) {
            throw S3Session.badAnswer("the body ends after " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    /// Empty if the range begins behind the end.
    private Optional<byte[]> get(String key, long bytes, Function<AwsRequestOverrideConfiguration, byte[]> attempt) {
        try {
            return Optional.of(session.attempts().call(bytes, attempt));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 416) {
                return Optional.empty();
            }
            boolean isMissing = e.statusCode() == 404 && !S3Problems.code(e).equals("NoSuchBucket");
            if (isMissing || isMissingAndForbidden(key, e)) {
                throw session.problems().notFound(key, e);
            }
            throw session.problems().of("read", key, e);
        } catch (SdkException e) {
            throw session.problems().of("read", key, e);
        }
    }

    private GetObjectRequest.Builder request(String key) {
        return GetObjectRequest.builder().bucket(session.bucket()).key(session.fullKey(key));
    }

    boolean exists(String key) {
        return head(key) != null;
    }

    /// @return null if there is no such object
    @Nullable
    HeadObjectResponse head(String key) {
        try {
            HeadObjectResponse answer = session.attempts().call(0, timeouts -> {
                HeadObjectResponse found = session.client()
                        .headObject(S3Storage.head(session, key)
                                .overrideConfiguration(timeouts)
                                .build());
                if (found.eTag() == null || found.contentLength() == null) {
                    throw S3Session.badAnswer("it does not say what is there");
                }
                return found;
            });
            isBucketSeen = true;
            return answer;
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                seeBucket(key);
                return null;
            }
            if (isMissingAndForbidden(key, e)) {
                return null;
            }
            throw session.problems().of("read", key, withWords(key, e));
        } catch (SdkException e) {
            throw session.problems().of("read", key, e);
        }
    }

    /// An answer to HEAD has no body, so a bucket that is missing looks like a key that is.
    private void seeBucket(String key) {
        if (!isBucketSeen) {
            session.call("read", key, 0, timeouts -> listed(key, timeouts));
            isBucketSeen = true;
        }
    }

    /// Who may list nothing but their own prefix may, to some services, not know that a key is missing, and reading it
    /// is refused. They may still list.
    private boolean isMissingAndForbidden(String key, AwsServiceException refusal) {
        String code = S3Problems.code(refusal);
        if (refusal.statusCode() != 403 || !(code.isEmpty() || code.equals("AccessDenied"))) {
            return false;
        }
        try {
            ListObjectsV2Response listed = session.attempts().call(0, timeouts -> listed(key, timeouts));
            // A prefix of itself, so the key would come first.
            return listed.contents().stream().noneMatch(object -> object.key().equals(session.fullKey(key)));
        } catch (SdkException e) {
            refusal.addSuppressed(e);
            return false;
        }
    }

    private ListObjectsV2Response listed(String key, AwsRequestOverrideConfiguration timeouts) {
        String prefix = session.fullKey(key);
        ListObjectsV2Response answer = session.client()
                .listObjectsV2(ListObjectsV2Request.builder()
                        .bucket(session.bucket())
                        .prefix(prefix)
                        .maxKeys(1)
                        .overrideConfiguration(timeouts)
                        .build());
        S3Storage.checkPage(answer, prefix);
        return answer;
    }

    /// For the same reason a refusal of HEAD carries no words; that of a GET does.
    private SdkException withWords(String key, AwsServiceException refusal) {
        try {
            session.attempts()
                    .call(
                            0,
                            timeouts -> session.client()
                                    .getObject(
                                            request(key)
                                                    .range("bytes=0-0")
                                                    .overrideConfiguration(timeouts)
                                                    .build(),
                                            (answer, stream) -> answer));
            return refusal;
        } catch (SdkException e) {
            return e;
        }
    }

    /// Whether the object holds exactly this.
    boolean holds(String key, byte[] md5, int length) {
        HeadObjectResponse head = head(key);
        if (head == null || head.contentLength() == null || head.contentLength() != length) {
            return false;
        }
        Optional<String> stored = S3Writing.md5Of(head.eTag(), head.serverSideEncryptionAsString());
        if (stored.isPresent() && stored.get().equals(S3Writing.hex(md5))) {
            return true;
        }
        return MessageDigest.isEqual(S3Writing.md5().digest(whole(key)), md5);
    }
}
