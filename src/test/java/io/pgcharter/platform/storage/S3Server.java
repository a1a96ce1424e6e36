package io.pgcharter.platform.storage;

import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.secret.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/// A real S3 server (S3Proxy) in memory, on a loopback port, with signatures checked and one bucket.
public final class S3Server implements AutoCloseable {
    public static final String ACCESS_KEY = "CANARYACCESSKEY01";
    public static final String SECRET_KEY = "canary-secret-of-the-bucket";
    public static final String BUCKET = "vault";

    /// Fast enough for tests, and still with every limit in force.
    static final S3Limits QUICK =
            new S3Limits(8, millis(5), millis(50), millis(10_000), millis(1_000), millis(800), millis(1_000), 10 << 20);

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private final S3Proxy server;

    private S3Server(S3Proxy server) {
        this.server = server;
    }

    private static java.time.Duration millis(long millis) {
        return java.time.Duration.ofMillis(millis);
    }

    public static S3Server start() {
        S3Proxy proxy = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .blobStore(new TransientNio2BlobStore())
                // A request for a lock is taken and forgotten, as some services do.
                .ignoreUnknownHeaders(true)
                .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not start", e);
        }
        S3Server started = new S3Server(proxy);
        try (S3Session session = S3Session.open(started.place("unused"), QUICK)) {
            session.client().createBucket(bucket -> bucket.bucket(BUCKET));
        }
        return started;
    }

    public int port() {
        return server.getPort();
    }

    /// What restic calls a prefix of the bucket.
    public String restic(String prefix) {
        return "s3:http://127.0.0.1:" + port() + "/" + BUCKET + "/" + prefix;
    }

    public S3Place place(String prefix) {
        return place(port(), prefix);
    }

    /// The bucket by way of another port.
    public static S3Place place(int port, String prefix) {
        return place(port, BUCKET, prefix, new S3Place.AccessKey(new Secret(ACCESS_KEY), new Secret(SECRET_KEY)));
    }

    static S3Place place(int port, String bucket, String prefix, S3Place.AccessKey key) {
        return new S3Place(
                bucket,
                prefix,
                Optional.of(URI.create("http://127.0.0.1:" + port)),
                Optional.empty(),
                true,
                Optional.of(key),
                Writing.PLAIN);
    }

    /// A prefix that nothing has used.
    public static String freshPrefix() {
        return "place/" + PREFIXES.incrementAndGet();
    }

    public S3Storage storage() {
        return storage(place(freshPrefix()));
    }

    public static S3Storage storage(S3Place place) {
        return S3Storage.open(place, InstantSource.system(), QUICK);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        }
    }
}
