package io.pgcharter.platform.notice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whose certificates are believed.
final class Trust {
    private Trust() {}

    /// @param authorities PEM file; empty for those that Java trusts
    static SSLContext context(Optional<String> authorities) throws Undelivered {
        try {
            if (authorities.isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream pem = Files.newInputStream(Path.of(authorities.get()))) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    store.setCertificateEntry("ca-" + number++, certificate);
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Undelivered("the certificates in '" + authorities.orElse("") + "' cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }
}
