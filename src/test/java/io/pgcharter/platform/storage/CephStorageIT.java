package io.pgcharter.platform.storage;

import io.pgcharter.model.place.StoragePlace.Writing;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// The bucket driver against Ceph, without Object Lock.
@Tag("soak")
class CephStorageIT implements StorageContract {
    private static final String BUCKET = "plain";
    private static CephCluster ceph;

    @BeforeAll
    static void start() {
        ceph = CephCluster.start();
        try (S3Session session = S3Session.open(ceph.place(BUCKET, "", Writing.PLAIN), S3Server.QUICK)) {
            session.client().createBucket(bucket -> bucket.bucket(BUCKET));
        }
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @Override
    public Storage storage() {
        return S3Storage.open(
                ceph.place(BUCKET, S3Server.freshPrefix(), Writing.PLAIN), InstantSource.system(), S3Server.QUICK);
    }
}
