package io.pgcharter.platform.postgres;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramRuntimeException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proves to the server who we are: no proof, password, MD5, SCRAM-SHA-256 (RFC 5802, 7677), over TLS bound to the
/// channel (`tls-server-end-point`, RFC 5929). See <https://www.postgresql.org/docs/current/sasl-authentication.html>.
final class Login {
    private static final int OK = 0;
    private static final int CLEAR_PASSWORD = 3;
    private static final int MD5_PASSWORD = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private static final List<String> BINDINGS = List.of("disable", "prefer", "require");

    private final PostgresUrl url;
    private final Wire wire;
    private final String binding;
    private @Nullable ScramClient scram;
    private boolean bound;
    private boolean serverProven;

    /// @throws ProblemException `CHARTER_INVALID` for a `channel_binding` in the URL that does not exist
    Login(PostgresUrl url, Wire wire) {
        this.url = url;
        this.wire = wire;
        this.binding = url.parameters().getOrDefault("channel_binding", "prefer");
        if (!BINDINGS.contains(binding)) {
            throw new ProblemException(
                    ProblemCode.CHARTER_INVALID,
                    "the database URL of '" + url + "' has a channel_binding that does not exist",
                    "channel_binding is one of " + String.join(", ", BINDINGS),
                    "write channel_binding=require, or leave it out");
        }
    }

    String fact() {
        return "cannot log in to '" + url + "'";
    }

    /// Answers the server's questions until it says that the login is done.
    ///
    /// @throws ProblemException `LOGIN_REFUSED`, `CONNECTIONS_EXHAUSTED`, `SERVER_UNREACHABLE`
    void run() throws IOException {
        while (true) {
            int type = wire.next();
            switch (type) {
                case 'E' -> throw new ProblemException(ServerError.read(wire).problem(fact(), false));
                case 'v' ->
                    throw new ProblemException(
                            ProblemCode.VERSION_UNSUPPORTED,
                            fact(),
                            "the server does not speak protocol 3.0",
                            "use a server of PostgreSQL 14 or newer");
                case 'R' -> {
                    if (answer(wire.int32())) {
                        return;
                    }
                }
                case 'N' -> ServerError.read(wire);
                default -> throw new Wire.ProtocolException("'" + (char) type + "' during the login");
            }
        }
    }

    private boolean answer(int request) throws IOException {
        if (binding.equals("require") && !bound && request != SASL) {
            throw unbound("it asks for a login that is not SCRAM over TLS");
        }
        switch (request) {
            case OK -> {
                if (scram != null && !serverProven) {
                    throw impostor(
                            "it says that the login is done before it has proven that it knows the password", null);
                }
                return true;
            }
            case CLEAR_PASSWORD -> password(secret().reveal());
            case MD5_PASSWORD -> password(md5(secret().reveal(), wire.bytes(4)));
            case SASL -> beginScram();
            case SASL_CONTINUE -> continueScram(scramBegun());
            case SASL_FINAL -> endScram(scramBegun());
            default ->
                throw new ProblemException(
                        ProblemCode.LOGIN_REFUSED,
                        fact(),
                        "the server asks for a kind of login that pgcharter does not speak (request " + request
                                + "; 7 and 9 are GSSAPI and SSPI)",
                        "let pg_hba.conf ask for scram-sha-256 or cert for this user");
        }
        return false;
    }

    private void password(String text) throws IOException {
        wire.begin('p').putString(text).endMessage().flush();
    }

    /// `md5` and the digest of the digest of password and user name, salted; the server says when it wants that.
    private String md5(String password, byte[] salt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(password.getBytes(StandardCharsets.UTF_8));
            byte[] inner = digest.digest(url.user().getBytes(StandardCharsets.UTF_8));
            digest.update(HexFormat.of().formatHex(inner).getBytes(StandardCharsets.US_ASCII));
            return "md5" + HexFormat.of().formatHex(digest.digest(salt));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has MD5", missing);
        }
    }

    private void beginScram() throws IOException {
        List<String> offered = new ArrayList<>();
        for (String mechanism = wire.string(); !mechanism.isEmpty(); mechanism = wire.string()) {
            offered.add(mechanism);
        }
        Secret secret = secret();
        try {
            var builder = ScramClient.builder()
                    .advertisedMechanisms(offered)
                    // The server takes the user from the startup message and asks for an arbitrary name here.
                    .username("*")
                    .password(secret.reveal().toCharArray());
            var certificate = wire.transport().serverCertificate();
            if (certificate.isPresent() && !binding.equals("disable")) {
                byte[] endPoint = TlsServerEndpoint.getChannelBindingData(certificate.get());
                if (endPoint.length > 0) {
                    builder = builder.channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, endPoint);
                }
            }
            ScramClient begun = builder.build();
            scram = begun;
            bound = begun.getScramMechanism().isPlus();
            if (binding.equals("require") && !bound) {
                throw unbound("the connection is not encrypted, or the server offers only " + offered);
            }
            byte[] first = begun.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
            wire.begin('p').putString(begun.getScramMechanism().getName()).put32(first.length);
            wire.put(first).endMessage().flush();
        } catch (IllegalArgumentException | ScramRuntimeException | CertificateEncodingException unusable) {
            // The library's message may quote what it was given, so it is not passed on.
            throw new ProblemException(
                    ProblemCode.LOGIN_REFUSED,
                    fact(),
                    "SCRAM cannot be used with what the server offers " + offered
                            + ", or the password is not valid for it",
                    "check the password in the database URL, and password_encryption on the server");
        }
    }

    private void continueScram(ScramClient begun) throws IOException {
        try {
            begun.serverFirstMessage(wire.text(wire.remaining()));
            byte[] last = begun.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
            wire.begin('p').put(last).endMessage().flush();
        } catch (ScramException | IllegalArgumentException wrong) {
            throw impostor("its first SCRAM message is wrong", wrong);
        }
    }

    private void endScram(ScramClient begun) throws IOException {
        try {
            begun.serverFinalMessage(wire.text(wire.remaining()));
            serverProven = true;
        } catch (ScramException | IllegalArgumentException wrong) {
            throw impostor("it does not know the password either", wrong);
        }
    }

    private ScramClient scramBegun() throws IOException {
        if (scram == null) {
            throw new Wire.ProtocolException("a SCRAM message before SCRAM began");
        }
        return scram;
    }

    private Secret secret() {
        return url.password()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.LOGIN_REFUSED,
                        fact(),
                        "the server asks for a password and the database URL has none",
                        "put the password into the URL that the charter's secret reference names"));
    }

    private ProblemException unbound(String cause) {
        return new ProblemException(
                ProblemCode.LOGIN_REFUSED,
                fact(),
                "the URL demands that the login is bound to the TLS channel, and " + cause,
                "check host and port; let pg_hba.conf say hostssl … scram-sha-256, or leave channel_binding out");
    }

    private ProblemException impostor(String cause, @Nullable Exception reason) {
        Problem problem = new Problem(
                ProblemCode.LOGIN_REFUSED,
                fact(),
                "the server is not the one that holds this user's password: " + cause,
                "check host and port; something may stand between this machine and the server");
        return reason == null ? new ProblemException(problem) : new ProblemException(problem, reason);
    }
}
