package io.pgcharter.platform.notice;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.subethamail.smtp.server.SMTPServer;

/// A mail server for `localhost` that takes mails over TLS only: from the first byte, or after STARTTLS.
final class TlsMailServer implements AutoCloseable {
    private final SMTPServer server;
    private final List<String> mails = new CopyOnWriteArrayList<>();

    /// @param certificate PEM @param key PEM, PKCS #8, elliptic
    TlsMailServer(Path certificate, Path key, boolean startTls) throws IOException, GeneralSecurityException {
        SMTPServer.Builder builder = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .messageHandler((_, _, _, mail) -> mails.add(new String(mail, StandardCharsets.UTF_8)));
        SSLContext context = context(certificate, key);
        server = startTls
                ? builder.enableTLS()
                        .requireTLS()
                        .startTlsSocketFactory(context)
                        .build()
                : builder.serverSocketFactory(context).build();
        server.start();
    }

    private static SSLContext context(Path certificate, Path key) throws IOException, GeneralSecurityException {
        Certificate chain = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate)));
        String base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----|\\s", "");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64))),
                new char[0],
                new Certificate[] {chain});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getPortAllocated();
    }

    /// One for each mail, however many it went to.
    List<String> mails() {
        return mails;
    }

    @Override
    public void close() {
        server.stop();
    }
}
