package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/// Opens transports to a server: address, keep-alive, TLS.
///
/// A TCP peer that vanishes is noticed after about two minutes while we wait for it (keep-alive), and after the
/// system's retransmission limit while we send (`net.ipv4.tcp_retries2`, about fifteen minutes on Linux).
final class Dialer {
    static final Duration CONNECT_TIMEOUT_DEFAULT = Duration.ofSeconds(10);

    private static final Duration SILENCE_MAX_DEFAULT = Duration.ofMinutes(5);

    private static final int KEEPALIVE_IDLE_SECONDS = 60;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 6;
    private static final int SSL_REQUEST_CODE = 80877103;

    private final PostgresUrl url;
    private final Tls tls;

    Dialer(PostgresUrl url) {
        this.url = url;
        this.tls = new Tls(url);
    }

    Tls tls() {
        return tls;
    }

    /// How long the connection and the login may take: `connect_timeout` in seconds, 10 by default.
    Duration timeout() {
        return Duration.ofSeconds(number("connect_timeout", "seconds", CONNECT_TIMEOUT_DEFAULT.toSeconds()));
    }

    /// How long the server may keep silent while rows move: `tcp_user_timeout` in milliseconds, 5 minutes by default.
    Duration silenceMax() {
        return Duration.ofMillis(number("tcp_user_timeout", "milliseconds", SILENCE_MAX_DEFAULT.toMillis()));
    }

    private long number(String parameter, String unit, long otherwise) {
        String number = url.parameters().get(parameter);
        if (number == null) {
            return otherwise;
        }
        if (!number.matches("[1-9][0-9]{0,8}")) {
            throw new ProblemException(
                    ProblemCode.CHARTER_INVALID,
                    "the database URL of '" + url + "' has a " + parameter + " that is no whole number of " + unit,
                    parameter + " takes a number from 1",
                    "write " + parameter + "=" + otherwise + ", or leave it out");
        }
        return Long.parseLong(number);
    }

    /// Connects in the clear.
    ///
    /// @throws ProblemException `SERVER_UNREACHABLE`
    Transport connect() {
        Duration timeout = timeout();
        try {
            return url.unixSocket() ? unix() : tcp(timeout);
        } catch (UnknownHostException unknown) {
            throw unreachable(
                    "no address is known for '" + url.host() + "'",
                    "check the host's name in the URL: getent hosts " + url.host(),
                    unknown);
        } catch (SocketTimeoutException late) {
            throw unreachable(
                    "no answer within " + timeout.toSeconds() + " s",
                    "check host, port and firewall, or raise connect_timeout in the URL",
                    late);
        } catch (ConnectException refused) {
            throw unreachable(
                    "the connection was refused: " + refused.getMessage(),
                    "check that the server runs and listens there, then: pg_isready -h " + url.host() + " -p "
                            + url.port(),
                    refused);
        } catch (IOException failed) {
            throw unreachable(
                    "" + failed.getMessage(),
                    "try it by hand: pg_isready -h " + url.host() + " -p " + url.port(),
                    failed);
        }
    }

    /// Asks the server for TLS and begins it.
    ///
    /// @return the encrypted transport, or `plain` itself if the server has no TLS and the URL does not demand it
    /// @throws ProblemException `TLS_REFUSED`
    Transport encrypt(Transport plain) throws IOException {
        if (!(plain instanceof Transport.Tcp(Socket socket)) || !tls.wanted()) {
            return plain;
        }
        new Wire(plain).beginUntyped().put32(SSL_REQUEST_CODE).endMessage().flush();
        // Exactly one byte: bytes that came with the answer in the clear would be taken for encrypted ones otherwise.
        byte[] answer = new byte[1];
        if (plain.read(answer, 0, 1) != 1) {
            throw new IOException("the server closed the connection instead of answering the request for TLS");
        }
        if (answer[0] == 'S') {
            return new Transport.Tcp(tls.handshake(socket));
        }
        if (tls.required()) {
            throw new ProblemException(
                    ProblemCode.TLS_REFUSED,
                    "the server '" + url.server() + "' has no TLS, and the URL demands it with sslmode=" + tls.mode(),
                    "the server answered the request for TLS with no",
                    "switch TLS on at the server (ssl = on), or, on a network that is trusted, write sslmode=disable");
        }
        return plain;
    }

    private Transport unix() throws IOException {
        Path path = Path.of(url.host(), ".s.PGSQL." + url.port());
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return new Transport.Unix(channel);
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    /// Tries each address of the host in turn, as its resolver orders them.
    private Transport tcp(Duration timeout) throws IOException {
        IOException last = new UnknownHostException(url.host());
        for (InetAddress address : InetAddress.getAllByName(url.host())) {
            Socket socket = new Socket();
            try {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                    socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
                    socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
                    socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
                }
                socket.connect(new InetSocketAddress(address, url.port()), Math.toIntExact(timeout.toMillis()));
                return new Transport.Tcp(socket);
            } catch (IOException refused) {
                socket.close();
                last = refused;
            }
        }
        throw last;
    }

    ProblemException unreachable(String cause, String remedy, IOException failure) {
        return new ProblemException(
                new Problem(
                        ProblemCode.SERVER_UNREACHABLE,
                        "the server '" + url.server() + "' cannot be reached",
                        cause,
                        remedy),
                failure);
    }
}
