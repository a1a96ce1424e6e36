package io.pgcharter.platform.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/// Bytes to and from a server. One thread may read while another writes; closing wakes both with an [IOException].
sealed interface Transport extends Closeable {
    /// Largest piece handed to the system at once; the JDK copies each through a direct buffer of that size.
    int PIECE_BYTES_MAX = 256 * 1024;

    /// Reads at least one byte. @return the number of bytes, or -1 at the end
    int read(byte[] bytes, int offset, int length) throws IOException;

    /// Writes all of it.
    void write(byte[] bytes, int offset, int length) throws IOException;

    /// The certificate the server showed, if the connection is encrypted.
    Optional<X509Certificate> serverCertificate();

    /// Over TCP, in the clear or encrypted.
    record Tcp(Socket socket) implements Transport {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return socket.getInputStream().read(bytes, offset, Math.min(length, PIECE_BYTES_MAX));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            socket.getOutputStream().write(bytes, offset, length);
        }

        @Override
        public Optional<X509Certificate> serverCertificate() {
            if (!(socket instanceof SSLSocket encrypted)) {
                return Optional.empty();
            }
            try {
                Certificate[] chain = encrypted.getSession().getPeerCertificates();
                return chain.length > 0 && chain[0] instanceof X509Certificate first
                        ? Optional.of(first)
                        : Optional.empty();
            } catch (SSLPeerUnverifiedException anonymousServer) {
                return Optional.empty();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// Over a Unix-domain socket.
    record Unix(SocketChannel channel) implements Transport {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, Math.min(length, PIECE_BYTES_MAX)));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int written = 0; written < length; ) {
                int piece = Math.min(length - written, PIECE_BYTES_MAX);
                written += channel.write(ByteBuffer.wrap(bytes, offset + written, piece));
            }
        }

        @Override
        public Optional<X509Certificate> serverCertificate() {
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
