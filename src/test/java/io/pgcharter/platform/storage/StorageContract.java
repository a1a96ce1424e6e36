package io.pgcharter.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What every storage driver must do. A driver's test implements this interface and says where an empty storage is.
public interface StorageContract {
    /// A new, empty storage.
    Storage storage();

    static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    static void refuses(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    @Test
    default void what_was_put_can_be_had_whole_and_in_part() {
        Storage storage = storage();
        storage.put("data/ab/abcd", bytes(1, 2, 3, 4, 5));

        assertThat(storage.get("data/ab/abcd")).containsExactly(1, 2, 3, 4, 5);
        ByteBuffer part = ByteBuffer.allocate(2);
        assertThat(storage.get("data/ab/abcd", 2, part)).isEqualTo(2);
        assertThat(part.array()).containsExactly(3, 4);
    }

    @Test
    default void a_range_beyond_the_end_is_short() {
        Storage storage = storage();
        storage.put("index/a", bytes(1, 2, 3));

        assertThat(storage.get("index/a", 2, ByteBuffer.allocate(4))).isEqualTo(1);
        assertThat(storage.get("index/a", 9, ByteBuffer.allocate(4))).isZero();
    }

    @Test
    default void only_the_remaining_bytes_of_the_buffer_are_put() {
        Storage storage = storage();
        storage.put("config", bytes(1, 2, 3, 4).position(1).limit(3));

        assertThat(storage.get("config")).containsExactly(2, 3);
    }

    @Test
    default void an_empty_object_is_an_object() {
        Storage storage = storage();
        storage.put("locks/empty", bytes());

        assertThat(storage.exists("locks/empty")).isTrue();
        assertThat(storage.get("locks/empty")).isEmpty();
        assertThat(storage.list("locks/")).containsExactly(new Storage.Entry("locks/empty", 0));
    }

    @Test
    default void a_second_put_replaces_the_first() {
        Storage storage = storage();
        storage.put("config", bytes(1));
        storage.put("config", bytes(2, 3));

        assertThat(storage.get("config")).containsExactly(2, 3);
        assertThat(storage.list("")).hasSize(1);
    }

    @Test
    default void a_list_holds_keys_and_sizes_below_the_prefix_in_order() {
        Storage storage = storage();
        storage.put("data/bb/2", bytes(1, 2));
        storage.put("data/aa/1", bytes(1));
        storage.put("snapshots/1", bytes(1));

        assertThat(storage.list("data/"))
                .containsExactly(new Storage.Entry("data/aa/1", 1), new Storage.Entry("data/bb/2", 2));
        assertThat(storage.list("data/bb/")).containsExactly(new Storage.Entry("data/bb/2", 2));
        assertThat(storage.list("locks/")).isEmpty();
        assertThat(storage.list("")).hasSize(3);
    }

    @Test
    default void a_prefix_ends_where_its_directory_ends() {
        Storage storage = storage();
        storage.put("data/1", bytes(1));
        storage.put("data2/1", bytes(1, 2));
        storage.put("data.old/1", bytes(1, 2, 3));

        assertThat(storage.list("data/")).containsExactly(new Storage.Entry("data/1", 1));
    }

    @Test
    default void a_large_object_is_stored_whole_and_again() {
        Storage storage = storage();
        byte[] content = new byte[40_000_000];
        new java.util.Random(1).nextBytes(content);
        storage.put("data/00/large", ByteBuffer.wrap(content));
        storage.put("data/00/large", ByteBuffer.wrap(content));

        assertThat(storage.get("data/00/large")).isEqualTo(content);
        ByteBuffer part = ByteBuffer.allocate(5_000_000);
        assertThat(storage.get("data/00/large", 30_000_000, part)).isEqualTo(5_000_000);
        assertThat(part.array()).isEqualTo(java.util.Arrays.copyOfRange(content, 30_000_000, 35_000_000));
        assertThat(storage.list("")).containsExactly(new Storage.Entry("data/00/large", content.length));
    }

    @Test
    default void buffers_without_an_array_serve_as_well() {
        Storage storage = storage();
        ByteBuffer content =
                ByteBuffer.allocateDirect(5).put(new byte[] {1, 2, 3, 4, 5}).position(1);
        storage.put("data/00/direct", content);

        assertThat(content.hasRemaining()).isFalse();
        ByteBuffer part = ByteBuffer.allocateDirect(3).position(1);
        assertThat(storage.get("data/00/direct", 1, part)).isEqualTo(2);
        assertThat(part.hasRemaining()).isFalse();
        assertThat(new byte[] {part.get(1), part.get(2)}).containsExactly(3, 4);
    }

    @Test
    default void closing_twice_is_no_error() {
        Storage storage = storage();
        storage.put("config", bytes(1));
        storage.close();
        storage.close();
    }

    @Test
    default void what_is_not_there_is_not_found() {
        Storage storage = storage();

        assertThat(storage.exists("config")).isFalse();
        refuses(ProblemCode.NOT_FOUND, () -> storage.get("config"));
        refuses(ProblemCode.NOT_FOUND, () -> storage.get("data/00/x", 0, ByteBuffer.allocate(1)));
    }

    @Test
    default void what_was_deleted_is_gone_and_may_be_deleted_again() {
        Storage storage = storage();
        storage.put("locks/a", bytes(1));
        storage.delete("locks/a");
        storage.delete("locks/a");

        assertThat(storage.exists("locks/a")).isFalse();
        assertThat(storage.list("locks/")).isEmpty();
    }

    @Test
    default void what_was_hidden_is_gone_and_can_be_put_again() {
        Storage storage = storage();
        storage.put("keys/a", bytes(1));
        storage.hide("keys/a");
        storage.hide("keys/a");
        assertThat(storage.exists("keys/a")).isFalse();
        assertThat(storage.list("keys/")).isEmpty();
        refuses(ProblemCode.NOT_FOUND, () -> storage.get("keys/a"));

        storage.put("keys/a", bytes(2));
        assertThat(storage.get("keys/a")).isEqualTo(bytes(2).array());
    }

    @Test
    default void a_reader_sees_an_object_whole_or_not_at_all() throws Exception {
        Storage storage = storage();
        byte[] content = new byte[3_000_000];
        Callable<Void> putting = () -> {
            for (int round = 0; round < 20; round++) {
                storage.put("data/00/object", ByteBuffer.wrap(content));
            }
            return null;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Void> writer = threads.submit(putting);
            while (!writer.isDone()) {
                if (storage.exists("data/00/object")) {
                    assertThat(storage.get("data/00/object")).hasSize(content.length);
                    assertThat(storage.list("")).contains(new Storage.Entry("data/00/object", content.length));
                }
            }
            writer.get();
        }
    }
}
