package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// TLS as the URL asks for it, with libpq's words: <https://www.postgresql.org/docs/current/libpq-ssl.html>.
///
/// `sslmode`: `disable`; `allow` and `prefer` (the default): encrypted if the server can; `require`: encrypted, and
/// with an `sslrootcert` also verified; `verify-ca`: signed by a trusted authority; `verify-full`: and issued for
/// this host. `sslrootcert` is a PEM file or `system`; without it `~/.postgresql/root.crt` if there is one, else the
/// system's. `sslcert` and `sslkey` are the client's certificate and its key as unencrypted PKCS #8, both PEM.
final class Tls {
    private static final List<String> MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final List<String> PARAMETERS = List.of("sslmode", "sslrootcert", "sslcert", "sslkey");
    private static final Pattern SAFETY = Pattern.compile("ssl|tls|require_?auth", Pattern.CASE_INSENSITIVE);
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private final PostgresUrl url;
    private final String mode;

    Tls(PostgresUrl url) {
        this.url = url;
        this.mode = url.parameters().getOrDefault("sslmode", "prefer");
        if (!MODES.contains(mode)) {
            throw new ProblemException(
                    ProblemCode.CHARTER_INVALID,
                    "the database URL of '" + url + "' has an sslmode that does not exist",
                    "sslmode is one of " + String.join(", ", MODES),
                    "write sslmode=verify-full, or sslmode=require where there is no certificate to check against");
        }
        if (url.parameters().containsKey("sslcert") != url.parameters().containsKey("sslkey")) {
            throw new ProblemException(
                    ProblemCode.CHARTER_INVALID,
                    "the database URL of '" + url + "' names only half of a client certificate",
                    "sslcert and sslkey belong together",
                    "name both files, sslcert=…&sslkey=…, or neither");
        }
        // What would make a connection safer and is not understood must not be passed over in silence.
        url.parameters().keySet().stream()
                .filter(name -> SAFETY.matcher(name).lookingAt() && !PARAMETERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new ProblemException(
                            ProblemCode.CHARTER_INVALID,
                            "the database URL of '" + url + "' has a parameter that pgcharter does not carry out: "
                                    + name,
                            "of this kind it knows " + String.join(", ", PARAMETERS),
                            "leave it out, or write what is meant with sslmode");
                });
    }

    String mode() {
        return mode;
    }

    boolean wanted() {
        return !mode.equals("disable");
    }

    boolean required() {
        return mode.equals("require") || mode.startsWith("verify-");
    }

    private boolean verified() {
        return mode.startsWith("verify-")
                || (mode.equals("require") && url.parameters().containsKey("sslrootcert"));
    }

    /// Encrypts a socket on which the server has agreed to TLS.
    SSLSocket handshake(Socket socket) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), verified() ? authorities() : new TrustManager[] {new AnyServer()}, null);
            SSLSocket encrypted =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, url.host(), url.port(), true);
            if (mode.equals("verify-full")) {
                SSLParameters parameters = encrypted.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                encrypted.setSSLParameters(parameters);
            }
            encrypted.startHandshake();
            return encrypted;
        } catch (SSLException refused) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.TLS_REFUSED,
                            "TLS with the server '" + url.server() + "' failed (sslmode=" + mode + ")",
                            reason(refused),
                            "check the host's name against the certificate, and sslrootcert in the URL: "
                                    + "openssl s_client -starttls postgres -connect " + url.server()),
                    refused);
        } catch (GeneralSecurityException unusable) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.TLS_REFUSED,
                            "TLS with the server '" + url.server() + "' cannot be set up",
                            "" + unusable.getMessage(),
                            "check the files named by sslrootcert, sslcert and sslkey in the URL"),
                    unusable);
        }
    }

    /// The innermost reason, which names the certificate's fault; the outer ones speak of the handshake only.
    private static String reason(SSLException refused) {
        Throwable reason = refused;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return "" + reason.getMessage();
    }

    private TrustManager[] authorities() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        Optional<Path> file = rootCertificates();
        if (file.isEmpty()) {
            // A null store stands for the authorities that Java trusts.
            factory.init((@Nullable KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore store = emptyStore();
        int count = 0;
        for (Certificate authority : certificates("sslrootcert", file.get())) {
            store.setCertificateEntry("authority-" + count++, authority);
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    private Optional<Path> rootCertificates() {
        String named = url.parameters().get("sslrootcert");
        if (named != null) {
            return named.equals("system") ? Optional.empty() : Optional.of(Path.of(named));
        }
        return Optional.of(Path.of(System.getProperty("user.home", "/"), ".postgresql", "root.crt"))
                .filter(Files::exists);
    }

    private KeyManager[] keys() throws GeneralSecurityException {
        String certificate = url.parameters().get("sslcert");
        String key = url.parameters().get("sslkey");
        if (certificate == null || key == null) {
            // Both or none, see the constructor.
            return new KeyManager[0];
        }
        Certificate[] chain = certificates("sslcert", Path.of(certificate)).toArray(Certificate[]::new);
        KeyStore store = emptyStore();
        store.setKeyEntry("client", privateKey(Path.of(key)), new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException unread) {
            throw new IllegalStateException("an empty key store needs no reading", unread);
        }
        return store;
    }

    private List<Certificate> certificates(String parameter, Path file) throws GeneralSecurityException {
        try (InputStream content = Files.newInputStream(file)) {
            List<Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
                            .map(Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new GeneralSecurityException("the file '" + file + "' holds no certificate");
            }
            return certificates;
        } catch (CertificateException malformed) {
            throw new GeneralSecurityException(
                    "the file '" + file + "' that " + parameter + " names is no PEM certificate", malformed);
        } catch (IOException unreadable) {
            throw unreadable(parameter, file, unreadable);
        }
    }

    private PrivateKey privateKey(Path file) throws GeneralSecurityException {
        String pem;
        try {
            pem = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            throw unreadable("sslkey", file, unreadable);
        }
        String begin = "-----BEGIN PRIVATE KEY-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END PRIVATE KEY-----");
        if (from < 0 || to < from) {
            throw new GeneralSecurityException("'" + file + "' is no unencrypted PKCS #8 key; make one with: "
                    + "openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY.pk8");
        }
        byte[] content = Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        InvalidKeySpecException last = new InvalidKeySpecException("it is empty");
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
            } catch (InvalidKeySpecException otherAlgorithm) {
                last = otherAlgorithm;
            }
        }
        throw new GeneralSecurityException("'" + file + "' holds a key that is none of " + KEY_ALGORITHMS, last);
    }

    private ProblemException unreadable(String parameter, Path file, IOException failure) {
        return new ProblemException(
                new Problem(
                        ProblemCode.TLS_REFUSED,
                        "the file '" + file + "' that " + parameter + " in the URL of '" + url
                                + "' names cannot be read",
                        failure.toString(),
                        "correct the path, or make the file readable for this user"),
                failure);
    }

    /// Encrypts without asking who the server is: what `prefer` and `require` mean.
    private static final class AnyServer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
