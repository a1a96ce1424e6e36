package io.pgcharter.platform.storage;

import java.nio.ByteBuffer;
import java.util.List;

/// A flat map from key to immutable bytes: `data/ab/abcdef…`, `snapshots/…`, `config`. Thread-safe; every call may
/// block. A key is relative, `/`-separated, and holds neither `.` nor `..` as a part.
///
/// Every call may throw a [io.pgcharter.model.problem.ProblemException] `STORAGE_UNREACHABLE` when the place cannot be
/// reached, read or written.
public interface Storage {
    /// A stored object.
    record Entry(String key, long sizeBytes) {}

    /// Stores the remaining bytes of `content` under `key`, durably and atomically: a reader sees all of them or
    /// nothing, also after a crash. What stood there before is replaced.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `STORAGE_FULL`; nothing is stored then
    void put(String key, ByteBuffer content);

    /// The whole object.
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `NOT_FOUND`
    byte[] get(String key);

    /// Reads from byte `offset` of the object on until `target` is full or the object ends.
    ///
    /// @return how many bytes were read: fewer than asked for only if the object ends before
    /// @throws io.pgcharter.model.problem.ProblemException `NOT_FOUND`
    int get(String key, long offset, ByteBuffer target);

    /// Every object whose key begins with `prefix`, which is empty or ends in `/`; sorted by key.
    List<Entry> list(String prefix);

    boolean exists(String key);

    /// Removes the object. Removing what is not there is no error.
    void delete(String key);

    /// Removes what puts that never ended left behind. Call it only while nobody else writes.
    void removeUnfinished();

    /// Where this is, for messages: a path or an address, without secrets.
    String location();
}
