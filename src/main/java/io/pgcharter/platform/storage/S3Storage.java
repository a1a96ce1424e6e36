package io.pgcharter.platform.storage;

import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Objects of a bucket, below a prefix. Speaks to AWS and to services that speak S3.
///
/// No call hangs: see [S3Limits]. An answer is believed only if it is whole: a body has the length and the range that
/// was asked for, a list says of what it is one, a put names what it stored. Whatever is not is tried again.
///
/// What is listed must be what was written, at once, as with AWS since 2020; on a service that lags behind,
/// other nodes' locks and backups may be overlooked.
public final class S3Storage implements Storage {
    private final S3Session session;
    private final S3Reading reading;
    private final S3Writing writing;
    private final S3Locks locks;

    private S3Storage(S3Session session, InstantSource clock) {
        this.session = session;
        reading = new S3Reading(session);
        locks = new S3Locks(session, clock);
        writing = new S3Writing(session, reading, locks);
    }

    /// Sends nothing yet.
    public static S3Storage open(S3Place place, InstantSource clock) {
        return open(place, clock, S3Limits.STANDARD);
    }

    static S3Storage open(S3Place place, InstantSource clock, S3Limits limits) {
        return new S3Storage(S3Session.open(place, limits), clock);
    }

    @Override
    public void put(String key, ByteBuffer content) {
        writing.put(Storage.checked(key), content);
    }

    @Override
    public byte[] get(String key) {
        return reading.whole(Storage.checked(key));
    }

    @Override
    public int get(String key, long offset, ByteBuffer target) {
        return reading.part(Storage.checked(key), offset, target);
    }

    @Override
    public boolean exists(String key) {
        return reading.exists(Storage.checked(key));
    }

    @Override
    public List<Entry> list(String prefix) {
        List<Entry> entries = new ArrayList<>();
        for (S3Object object : objects(prefix)) {
            entries.add(new Entry(session.place().ownKey(object.key()), object.size()));
        }
        entries.sort(Comparator.comparing(Entry::key));
        return entries;
    }

    private List<S3Object> objects(String prefix) {
        List<S3Object> objects = new ArrayList<>();
        String from =
                session.place().prefix().isEmpty() ? prefix : session.place().prefix() + "/" + prefix;
        @Nullable String token = null;
        do {
            String continuation = token;
            ListObjectsV2Response page = session.call("list", prefix, 0, timeouts -> {
                ListObjectsV2Response answer = session.client()
                        .listObjectsV2(ListObjectsV2Request.builder()
                                .bucket(session.bucket())
                                .prefix(from)
                                .continuationToken(continuation)
                                .overrideConfiguration(timeouts)
                                .build());
                checkPage(answer, from);
                return answer;
            });
            for (S3Object object : page.contents()) {
                // Some tools mark a "directory" by an empty object of its name.
                if (!object.key().endsWith("/")) {
                    objects.add(object);
                }
            }
            token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (token != null);
        return objects;
    }

    /// An error in a list's place reads as an empty list, and an empty list as an empty repository.
    static void checkPage(ListObjectsV2Response page, String prefix) {
        if (page.isTruncated() == null || (page.name() == null && page.keyCount() == null)) {
            throw S3Session.badAnswer("it is no list");
        }
        if (page.isTruncated()
                && (page.nextContinuationToken() == null || page.contents().isEmpty())) {
            throw S3Session.badAnswer("a list that goes on says not where");
        }
        for (S3Object object : page.contents()) {
            if (object.key() == null || object.size() == null || !object.key().startsWith(prefix)) {
                throw S3Session.badAnswer("a list names what was not asked for");
            }
        }
    }

    @Override
    public void delete(String key) {
        locks.refuseIfLocked(Storage.checked(key));
        hide(key);
    }

    /// Where the bucket keeps versions this leaves a marker.
    @Override
    public void hide(String key) {
        Storage.checked(key);
        try {
            session.attempts().call(0, timeouts -> {
                DeleteObjectResponse answer = session.client()
                        .deleteObject(DeleteObjectRequest.builder()
                                .bucket(session.bucket())
                                .key(session.fullKey(key))
                                .overrideConfiguration(timeouts)
                                .build());
                boolean isEmpty = answer.sdkHttpResponse()
                        .firstMatchingHeader("Content-Length")
                        .map(length -> length.equals("0"))
                        .orElse(true);
                if (!isEmpty) {
                    throw S3Session.badAnswer("a removal that has more to say");
                }
                return answer;
            });
        } catch (AwsServiceException e) {
            if (e.statusCode() != 404 || S3Problems.code(e).equals("NoSuchBucket")) {
                throw session.problems().of("remove", key, e);
            }
        } catch (SdkException e) {
            throw session.problems().of("remove", key, e);
        }
    }

    /// Aborts multipart uploads that nobody ended. A service or a key that cannot list them is left as it is: such
    /// parts cost space, and a lifecycle rule of the bucket removes them too.
    @Override
    public void removeUnfinished() {
        try {
            abortUploads();
        } catch (ProblemException e) {
            boolean isRefused = e.getCause() instanceof AwsServiceException refusal
                    && (refusal.statusCode() == 403 || refusal.statusCode() == 405 || refusal.statusCode() == 501);
            if (!isRefused) {
                throw e;
            }
        }
    }

    private void abortUploads() {
        @Nullable String keyMarker = null;
        @Nullable String idMarker = null;
        String prefix =
                session.place().prefix().isEmpty() ? "" : session.place().prefix() + "/";
        ListMultipartUploadsResponse page;
        do {
            var request = ListMultipartUploadsRequest.builder()
                    .bucket(session.bucket())
                    .prefix(prefix)
                    .keyMarker(keyMarker)
                    .uploadIdMarker(idMarker);
            page = session.call(
                    "list unfinished uploads of",
                    "",
                    0,
                    timeouts -> session.client()
                            .listMultipartUploads(
                                    request.overrideConfiguration(timeouts).build()));
            for (MultipartUpload upload : page.uploads()) {
                // Not every service heeds the prefix.
                if (upload.key().startsWith(prefix)) {
                    abort(upload);
                }
            }
            keyMarker = page.nextKeyMarker();
            idMarker = page.nextUploadIdMarker();
        } while (Boolean.TRUE.equals(page.isTruncated()) && keyMarker != null);
    }

    private void abort(MultipartUpload upload) {
        session.call(
                "remove what is unfinished of",
                session.place().ownKey(upload.key()),
                0,
                timeouts -> session.client()
                        .abortMultipartUpload(AbortMultipartUploadRequest.builder()
                                .bucket(session.bucket())
                                .key(upload.key())
                                .uploadId(upload.uploadId())
                                .overrideConfiguration(timeouts)
                                .build()));
    }

    @Override
    public boolean isLocking() {
        return locks.isOn();
    }

    @Override
    public boolean isLocked(String key) {
        return locks.isLocked(Storage.checked(key));
    }

    @Override
    public void extendLocks(Collection<String> keys, Instant from, LongConsumer progress) {
        keys.forEach(Storage::checked);
        locks.extend(keys, from, this::objects, progress);
    }

    @Override
    public String location() {
        return session.place().location();
    }

    @Override
    public void close() {
        session.close();
    }

    static HeadObjectRequest.Builder head(S3Session session, String key) {
        return HeadObjectRequest.builder().bucket(session.bucket()).key(session.fullKey(key));
    }
}
