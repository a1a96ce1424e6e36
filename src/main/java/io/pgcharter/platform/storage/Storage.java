package io.pgcharter.platform.storage;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;

/// A flat map from key to immutable bytes: `data/ab/abcdef…`, `snapshots/…`, `config`. Thread-safe; every call may
/// block. A key is relative, `/`-separated, and holds neither `.` nor `..` as a part.
///
/// Every call may throw a [io.pgcharter.model.problem.ProblemException] `STORAGE_UNREACHABLE` when the place cannot be
/// reached, read or written.
public interface Storage extends AutoCloseable {
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
    ///
    /// @throws io.pgcharter.model.problem.ProblemException `OBJECT_LOCKED`
    void delete(String key);

    /// Takes the object out of use, locked or not; the place may keep what was put (Object Lock). Hiding what is
    /// not there is no error. For what is replaced or damaged, never for what somebody may want back.
    default void hide(String key) {
        delete(key);
    }

    /// Removes what puts that never ended left behind. Call it only while nobody else writes.
    void removeUnfinished();

    /// Whether what is put is locked for a time: the place then keeps it, whoever wants it gone.
    default boolean isLocking() {
        return false;
    }

    /// Whether [#delete] would refuse the object now, because its time is not over.
    default boolean isLocked(String key) {
        return false;
    }

    /// Sees to it that each of `keys` stays locked for the place's full time after `from`. Does nothing where
    /// nothing is locked.
    ///
    /// @param progress gets the number of keys seen to; may throw to stop
    /// @throws io.pgcharter.model.problem.ProblemException `NOT_FOUND`
    default void extendLocks(Collection<String> keys, Instant from, LongConsumer progress) {}

    /// @return the key
    /// @throws IllegalArgumentException unless it is names with a `/` between two of them
    static String checked(String key) {
        for (String name : key.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("not a key: '" + key + "'");
            }
        }
        return key;
    }

    /// Where this is, for messages and for `restic -r`: a path or an address, without secrets.
    String location();

    /// Gives connections up. Closing twice is no error.
    @Override
    default void close() {}
}
