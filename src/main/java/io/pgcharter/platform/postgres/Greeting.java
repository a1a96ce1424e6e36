package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The start of a session: connection, TLS, login, and what the server tells of itself.
///
/// @param parameters run-time parameters by name; still changing while the session runs
/// @param processId with `secret` the key that cancels what the session runs
record Greeting(Wire wire, Map<String, String> parameters, int processId, int secret) {
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final int CANCEL_REQUEST_CODE = 80877102;
    /// The server keeps 63 bytes of it.
    private static final int APPLICATION_NAME_LENGTH_MAX = 63;

    static Greeting exchange(PostgresUrl url, String purpose) {
        Dialer dialer = new Dialer(url);
        try {
            return exchange(url, dialer, purpose, true);
        } catch (ProblemException refused) {
            // As libpq does with these modes: pg_hba.conf may let this user in only without TLS.
            boolean encryptionOptional = dialer.tls().wanted() && !dialer.tls().required() && !url.unixSocket();
            ProblemCode code = refused.problem().code();
            boolean hba = ServerError.sqlState(refused.problem())
                    .filter("28000"::equals)
                    .isPresent();
            if (encryptionOptional && (hba || code == ProblemCode.TLS_REFUSED)) {
                return exchange(url, dialer, purpose, false);
            }
            throw refused;
        }
    }

    private static Greeting exchange(PostgresUrl url, Dialer dialer, String purpose, boolean encrypt) {
        Transport plain = dialer.connect();
        // The watch covers the whole login, so that a server that accepts and then keeps silent ends it too.
        Wire watched = new Wire(plain);
        watched.silence().limit(dialer.timeout());
        watched.silence().begin();
        boolean greeted = false;
        try {
            Wire wire = encrypt ? encrypted(dialer, watched) : watched;
            wire.silence().limit(dialer.timeout());
            startup(wire, url, purpose);
            new Login(url, wire).run();
            Greeting greeting = untilReady(wire, url);
            wire.silence().limit(Duration.ZERO);
            if (wire != watched) {
                watched.silence().close();
            }
            greeted = true;
            return greeting;
        } catch (IOException broken) {
            throw watched.silence().expired()
                    ? dialer.unreachable(
                            "it accepted the connection and then kept silent for "
                                    + dialer.timeout().toSeconds() + " s",
                            "look at the server's load and log, or raise connect_timeout in the URL",
                            broken)
                    : dialer.unreachable(
                            "the connection broke during the login: " + broken.getMessage(),
                            "look into the server's log; check that a PostgreSQL server listens on that port",
                            broken);
        } finally {
            if (!greeted) {
                watched.silence().close();
                closeQuietly(plain);
            }
        }
    }

    private static Wire encrypted(Dialer dialer, Wire watched) throws IOException {
        Transport encrypted = dialer.encrypt(watched.transport());
        return encrypted == watched.transport() ? watched : new Wire(encrypted);
    }

    private static void startup(Wire wire, PostgresUrl url, String purpose) throws IOException {
        String name = "pgcharter " + purpose;
        wire.beginUntyped().put32(PROTOCOL_3_0);
        wire.putString("user").putString(url.user());
        wire.putString("database").putString(url.database());
        wire.putString("client_encoding").putString("UTF8");
        wire.putString("application_name")
                .putString(name.substring(0, Math.min(name.length(), APPLICATION_NAME_LENGTH_MAX)));
        String options = url.parameters().get("options");
        if (options != null) {
            wire.putString("options").putString(options);
        }
        wire.put8(0).endMessage().flush();
    }

    private static Greeting untilReady(Wire wire, PostgresUrl url) throws IOException {
        Map<String, String> parameters = new HashMap<>();
        int processId = 0;
        int secret = 0;
        while (true) {
            int type = wire.next();
            switch (type) {
                case 'S' -> parameters.put(wire.string(), wire.string());
                case 'K' -> {
                    processId = wire.int32();
                    secret = wire.int32();
                }
                case 'Z' -> {
                    return new Greeting(wire, parameters, processId, secret);
                }
                case 'E' ->
                    throw new ProblemException(ServerError.read(wire).problem(new Login(url, wire).fact(), false));
                case 'N' -> ServerError.read(wire);
                default -> throw new Wire.ProtocolException("'" + (char) type + "' after the login");
            }
        }
    }

    /// Sends the cancel request on a connection of its own and waits until the server has taken it.
    void cancel(PostgresUrl url) {
        Dialer dialer = new Dialer(url);
        Transport plain = dialer.connect();
        try (Wire watched = new Wire(plain)) {
            watched.silence().limit(dialer.timeout());
            watched.silence().begin();
            Wire wire = wire().transport().serverCertificate().isPresent() ? encrypted(dialer, watched) : watched;
            wire.beginUntyped().put32(CANCEL_REQUEST_CODE).put32(processId).put32(secret);
            wire.endMessage().flush();
            watched.silence().begin();
            // The server answers nothing and closes once it has passed the request on.
            int unused = wire.transport().read(new byte[1], 0, 1);
        } catch (IOException broken) {
            throw dialer.unreachable(
                    "the request to cancel was not taken: " + broken.getMessage(),
                    "end it on the server: select pg_terminate_backend(" + processId + ")",
                    broken);
        }
    }

    private static void closeQuietly(Transport transport) {
        try {
            transport.close();
        } catch (IOException gone) {
            // The failure on the way is the one to report; this connection is given up either way.
            return;
        }
    }
}
