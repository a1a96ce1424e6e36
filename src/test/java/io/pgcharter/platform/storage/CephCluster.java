package io.pgcharter.platform.storage;

import io.pgcharter.Wait;
import io.pgcharter.model.place.StoragePlace.Writing;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A Ceph cluster of one monitor, one OSD in memory and one S3 gateway (`radosgw`) on loopback ports: a service that
/// keeps versions and **enforces** Object Lock. It is up within two seconds, takes 150 MB and what is stored, and
/// leaves nothing behind.
///
/// Needs Debian's `ceph-mon`, `ceph-osd` and `radosgw`, which `./pgcharter test --all` installs. A machine without
/// them fails the tests that ask for one.
public final class CephCluster implements AutoCloseable {
    /// Keys of the account that owns all buckets.
    public static final S3Place.AccessKey OWNER =
            new S3Place.AccessKey(new Secret("CANARYACCESSKEY02"), new Secret("canary-secret-of-the-gateway"));

    /// Keys of another account, that may what bucket policies let it.
    public static final S3Place.AccessKey GUEST =
            new S3Place.AccessKey(new Secret("CANARYACCESSKEY03"), new Secret("canary-secret-of-the-guest"));

    private static final List<String> PROGRAMS =
            List.of("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin");

    private static final Duration COMMAND_MAX = Duration.ofSeconds(60);

    private final Path directory = TestServers.directory();
    private final List<Process> daemons = new ArrayList<>();
    private final String id = UUID.randomUUID().toString();
    private final int port;
    private final S3Session owner;

    private CephCluster(int port) {
        this.port = port;
        owner = S3Session.open(place("none", "", Writing.PLAIN), S3Limits.STANDARD);
    }

    /// A version of an object.
    ///
    /// @param isMarker whether it only says that the object was removed
    public record Version(String bucket, String key, String id, boolean isLatest, boolean isMarker) {}

    /// Makes and starts a cluster, without buckets.
    public static CephCluster start() {
        for (String program : PROGRAMS) {
            if (!Files.isExecutable(Path.of("/usr/bin", program))) {
                throw new AssertionError("there is no /usr/bin/" + program
                        + "; apt install --no-install-recommends ceph-mon ceph-osd radosgw, or ./pgcharter test --all");
            }
        }
        CephCluster cluster = new CephCluster(freePort());
        try {
            cluster.make(freePort());
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// After Ceph's manual deployment (docs.ceph.com, "Manual Deployment"): keys, monitor map, monitor, OSD, gateway.
    private void make(int monitorPort) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> daemons.forEach(Process::destroyForcibly)));
        Files.writeString(directory.resolve("ceph.conf"), settings(monitorPort));
        String keys = file("keyring");
        run("ceph-authtool", keys, "--create-keyring");
        for (String name : List.of("mon.", "client.admin", "osd.0", "client.rgw")) {
            run("ceph-authtool", keys, "--gen-key", "--name=" + name, "--cap=mon", "allow *", "--cap=osd", "allow *");
        }
        run("monmaptool", "--create", "--addv", "a", "[v2:127.0.0.1:" + monitorPort + "]", "--fsid", id, file("map"));
        run("ceph-mon", "--mkfs", "--id=a", "--monmap=" + file("map"), "--keyring=" + keys);
        daemon("ceph-mon", "--id=a");
        String osd = UUID.randomUUID().toString();
        run("ceph", "osd", "new", osd);
        // Without the id that the monitor knows, an OSD that begins is passed over in silence.
        run("ceph-osd", "--mkfs", "--id=0", "--osd-uuid=" + osd);
        daemon("ceph-osd", "--id=0");
        account("owner", OWNER);
        account("guest", GUEST);
        daemon("radosgw", "--name=client.rgw");
        Wait.until("the S3 gateway answers on port " + port, this::answers);
    }

    private String settings(int monitorPort) throws IOException {
        for (String name : List.of("mon", "osd", "rgw", "run")) {
            Files.createDirectory(directory.resolve(name));
        }
        return """
                [global]
                fsid = %2$s
                mon host = v2:127.0.0.1:%3$d
                mon initial members = a
                public network = 127.0.0.0/8
                keyring = %1$s/keyring
                run dir = %1$s/run
                admin socket = %1$s/run/$name.asok
                crash dir = %1$s/run
                log file = %1$s/$name.log
                mon data = %1$s/mon
                mon data avail warn = 1
                mon data avail crit = 1
                mon allow pool size one = true
                mon warn on pool no redundancy = false
                mon max pg per osd = 1000
                # Each pool takes several decisions of the monitor, and the default lets each wait for a second.
                paxos propose interval = 0.05
                osd data = %1$s/osd
                osd objectstore = memstore
                memstore device bytes = 4294967296
                osd pool default size = 1
                osd pool default min size = 1
                osd pool default pg num = 8
                osd pool default pgp num = 8
                osd crush chooseleaf type = 0
                osd class load list = *
                osd class default list = *
                [client.rgw]
                keyring = %1$s/keyring
                rgw data = %1$s/rgw
                rgw frontends = beast tcp_nodelay=1 endpoint=127.0.0.1:%4$d
                rgw thread pool size = 32
                rgw run sync thread = false
                """.formatted(directory, id, monitorPort, port);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private Map<String, String> environment() {
        return Map.of("CEPH_CONF", file("ceph.conf"));
    }

    private void run(String... words) {
        new Program(List.of(words), environment(), Optional.empty(), COMMAND_MAX)
                .runOrThrow("look into the logs of the cluster");
    }

    private void account(String name, S3Place.AccessKey key) {
        run(
                "radosgw-admin",
                "--name=client.rgw",
                "user",
                "create",
                "--uid=" + name,
                "--display-name=" + name,
                "--access-key=" + key.id().reveal(),
                "--secret-key=" + key.secret().reveal());
    }

    private void daemon(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("--foreground");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(words[0] + ".out").toFile());
        builder.environment().putAll(environment());
        daemons.add(builder.start());
    }

    private boolean answers() {
        for (Process daemon : daemons) {
            if (!daemon.isAlive()) {
                throw new AssertionError(daemon.info() + " ended with " + daemon.exitValue());
            }
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /// What restic calls a prefix of a bucket.
    public String restic(String bucket, String prefix) {
        return "s3:http://127.0.0.1:" + port + "/" + bucket + "/" + prefix;
    }

    /// A place in a bucket, for its owner.
    public S3Place place(String bucket, String prefix, Writing writing) {
        return new S3Place(
                bucket,
                prefix,
                Optional.of(URI.create("http://127.0.0.1:" + port)),
                Optional.empty(),
                true,
                Optional.of(OWNER),
                writing);
    }

    public void makeBucket(String name, boolean isLocking) {
        owner.client().createBucket(bucket -> bucket.bucket(name).objectLockEnabledForBucket(isLocking));
    }

    /// Lets the guest do what the policy says; its statements name no principal.
    public void admitGuest(String bucket, String policy) {
        String ofGuest =
                policy.replace("\"Effect\":", "\"Principal\": { \"AWS\": \"arn:aws:iam:::user/guest\" }, \"Effect\":");
        owner.client().putBucketPolicy(put -> put.bucket(bucket).policy(ofGuest));
    }

    /// All versions whose keys begin with `prefix`, those of a key newest first.
    public List<Version> versions(String bucket, String prefix) {
        List<Version> versions = new ArrayList<>();
        for (var page : owner.client()
                .listObjectVersionsPaginator(all -> all.bucket(bucket).prefix(prefix))) {
            page.versions()
                    .forEach(version -> versions.add(
                            new Version(bucket, version.key(), version.versionId(), version.isLatest(), false)));
            page.deleteMarkers()
                    .forEach(marker -> versions.add(
                            new Version(bucket, marker.key(), marker.versionId(), marker.isLatest(), true)));
        }
        return versions;
    }

    /// The lock that the service keeps: `COMPLIANCE` or `GOVERNANCE`, and until when.
    public Optional<ObjectLockRetention> lock(Version version) {
        try {
            return Optional.of(owner.client()
                    .getObjectRetention(get ->
                            get.bucket(version.bucket()).key(version.key()).versionId(version.id()))
                    .retention());
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Removes one version for good, as somebody would who has all rights.
    ///
    /// @param bypass whether to override a governance lock
    /// @return whether the service did it
    public boolean remove(Version version, boolean bypass) {
        try {
            owner.client()
                    .deleteObject(delete -> delete.bucket(version.bucket())
                            .key(version.key())
                            .versionId(version.id())
                            .bypassGovernanceRetention(bypass));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 403) {
                return false;
            }
            throw e;
        }
    }

    /// Removes an object as a stranger to pgcharter would: without looking at locks, naming no version.
    public void hide(String bucket, String key) {
        owner.client().deleteObject(delete -> delete.bucket(bucket).key(key));
    }

    /// Shortens a governance lock, so that a test need not wait for a day.
    public void lockOnlyUntil(Version version, Instant until) {
        owner.client()
                .putObjectRetention(put -> put.bucket(version.bucket())
                        .key(version.key())
                        .versionId(version.id())
                        .bypassGovernanceRetention(true)
                        .retention(retention -> retention
                                .mode(ObjectLockRetentionMode.GOVERNANCE)
                                .retainUntilDate(until)));
    }

    @Override
    public void close() {
        owner.close();
        for (Process daemon : daemons.reversed()) {
            daemon.destroyForcibly();
            try {
                int unused = daemon.waitFor(10, TimeUnit.SECONDS) ? daemon.exitValue() : -1;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
