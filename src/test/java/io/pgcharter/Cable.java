package io.pgcharter;

import io.pgcharter.platform.postgres.PostgresUrl;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A TCP line to a server that can be cut, silenced, and made to do something once so many bytes have gone over it.
final class Cable implements AutoCloseable {
    private final Path server;
    private final ServerSocket door;
    private final List<Closeable> ends = new CopyOnWriteArrayList<>();
    private final AtomicLong passedBytes = new AtomicLong();
    private final AtomicReference<@Nullable Fault> fault = new AtomicReference<>();
    private volatile CountDownLatch flowing = new CountDownLatch(0);
    private volatile boolean cut;

    private record Fault(long atBytes, Runnable action, CountDownLatch done) {}

    /// @param server socket of the server at the other end
    Cable(Path server) {
        this.server = server;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::admit);
    }

    /// A database at the other end.
    ///
    /// @param silenceMillis how long the program bears silence; see `tcp_user_timeout`
    PostgresUrl url(String database, int silenceMillis) {
        return new PostgresUrl(
                "127.0.0.1",
                door.getLocalPort(),
                database,
                "postgres",
                Optional.empty(),
                Map.of("sslmode", "disable", "connect_timeout", "1", "tcp_user_timeout", "" + silenceMillis));
    }

    /// Does something once, when `bytes` more have gone over it in both directions together; what follows waits for
    /// it.
    ///
    /// @return is counted down when it is done
    CountDownLatch after(long bytes, Runnable action) {
        Fault planned = new Fault(passedBytes.get() + bytes, action, new CountDownLatch(1));
        fault.set(planned);
        return planned.done();
    }

    /// Resets what goes over it, and lets nobody in.
    void cut() {
        cut = true;
        ends.forEach(Cable::reset);
    }

    /// Nothing passes, and nobody is told.
    void silence() {
        flowing = new CountDownLatch(1);
    }

    /// Whole again.
    void mend() {
        cut = false;
        fault.set(null);
        flowing.countDown();
    }

    private void admit() {
        try {
            while (!door.isClosed()) {
                connect(door.accept());
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void connect(Socket client) throws IOException {
        if (cut) {
            reset(client);
            return;
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(server));
        } catch (IOException down) {
            channel.close();
            client.close();
            return;
        }
        ends.add(client);
        ends.add(channel);
        InputStream fromClient = client.getInputStream();
        OutputStream toClient = client.getOutputStream();
        Runnable hangUp = () -> {
            close(client);
            close(channel);
        };
        Thread.ofPlatform().daemon().start(() -> pump(fromClient, Channels.newOutputStream(channel), hangUp));
        Thread.ofPlatform().daemon().start(() -> pump(Channels.newInputStream(channel), toClient, hangUp));
    }

    private void pump(InputStream in, OutputStream out, Runnable hangUp) {
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                long passed = passedBytes.addAndGet(length);
                Fault planned = fault.get();
                if (planned != null && passed >= planned.atBytes() && fault.compareAndSet(planned, null)) {
                    planned.action().run();
                    planned.done().countDown();
                }
                flowing.await();
                out.write(buffer, 0, length);
                out.flush();
            }
            flowing.await();
        } catch (IOException broken) {
            hangUp.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            hangUp.run();
        }
    }

    private static void reset(Closeable end) {
        try {
            if (end instanceof Socket socket) {
                socket.setSoLinger(true, 0);
            }
            end.close();
        } catch (IOException gone) {
            // Cut is cut.
            return;
        }
    }

    private static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException gone) {
            // It is to be closed, and is.
            return;
        }
    }

    @Override
    public void close() {
        close(door);
        mend();
        ends.forEach(Cable::close);
    }
}
