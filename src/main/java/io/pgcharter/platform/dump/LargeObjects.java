package io.pgcharter.platform.dump;

/// Large objects as COPY text of (oid, number of the part from 0, bytes of the part): parts of 1 MiB, so that
/// memory stays bounded on both sides. An empty object has one empty part.
final class LargeObjects {
    private static final String READ_MODE = "262144"; // INV_READ of libpq/libpq-fs.h

    private static final String PART_BYTES = "1048576";

    static final String COPY_OUT = """
            COPY (SELECT sized.oid, part, pg_catalog.lo_get(sized.oid, part * %2$s::bigint, %2$s)
                  FROM (SELECT opened.oid, pg_catalog.lo_lseek64(descriptor, 0, 2) + 0 * pg_catalog.lo_close(descriptor) AS size
                        FROM (SELECT oid, pg_catalog.lo_open(oid, %1$s) AS descriptor
                              FROM pg_catalog.pg_largeobject_metadata ORDER BY oid) opened) sized
                  CROSS JOIN LATERAL pg_catalog.generate_series(0, greatest(size - 1, 0) / %2$s) AS part) TO STDOUT""".formatted(READ_MODE, PART_BYTES);

    static final String CREATE_STAGE =
            "CREATE TEMPORARY TABLE pgcharter_large_objects (loid oid, part bigint, bytes bytea)";

    static final String COPY_IN = "COPY pg_temp.pgcharter_large_objects FROM STDIN";

    static final String FROM_STAGE = """
            SELECT count(*) FROM (SELECT pg_catalog.lo_create(loid) FROM pg_temp.pgcharter_large_objects WHERE part = 0) made;
            SELECT count(*) FROM (SELECT pg_catalog.lo_put(loid, part * %1$s::bigint, bytes)::text
              FROM pg_temp.pgcharter_large_objects) filled;
            DROP TABLE pg_temp.pgcharter_large_objects;
            """.formatted(PART_BYTES);

    private LargeObjects() {}
}
