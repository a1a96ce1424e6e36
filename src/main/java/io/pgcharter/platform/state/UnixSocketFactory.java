package io.pgcharter.platform.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/// Lets pgjdbc, which knows only `java.net.Socket`, speak through a Unix socket. Made by pgjdbc by name.
public final class UnixSocketFactory extends SocketFactory {
    private final UnixDomainSocketAddress address;

    /// @param path of the socket, as pgjdbc's property `socketFactoryArg` has it
    public UnixSocketFactory(String path) {
        this.address = UnixDomainSocketAddress.of(path);
    }

    @Override
    public Socket createSocket() {
        return new UnixSocket(address);
    }

    @Override
    public Socket createSocket(String host, int port) {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        return createSocket();
    }

    /// A socket that goes to its path whatever address it is told. Options of TCP have no meaning and are taken
    /// silently.
    private static final class UnixSocket extends Socket {
        private final UnixDomainSocketAddress address;
        private @Nullable SocketChannel channel;

        UnixSocket(UnixDomainSocketAddress address) {
            this.address = address;
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            channel = SocketChannel.open(address);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
            connect(endpoint);
        }

        @Override
        public InputStream getInputStream() {
            return Channels.newInputStream(Objects.requireNonNull(channel, "not connected"));
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(Objects.requireNonNull(channel, "not connected"));
        }

        @Override
        public boolean isConnected() {
            return channel != null && channel.isConnected();
        }

        @Override
        public boolean isClosed() {
            return channel != null && !channel.isOpen();
        }

        @Override
        public void setTcpNoDelay(boolean on) {}

        @Override
        public void setKeepAlive(boolean on) {}

        @Override
        public void setSoTimeout(int timeoutMillis) {}

        @Override
        public int getSoTimeout() {
            return 0;
        }

        @Override
        public void setSendBufferSize(int size) {}

        @Override
        public void setReceiveBufferSize(int size) {}

        @Override
        public int getSendBufferSize() {
            return 65_536;
        }

        @Override
        public synchronized void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }
}
