package io.pgcharter.entry.web;

import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// Certificate and key of the server, out of PEM files (RFC 7468): PKCS #8, and the older forms of RSA (PKCS #1) and EC
/// (SEC 1) that openssl writes. Keys that are encrypted by a password are refused.
final class ServerTls {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN (PRIVATE KEY|RSA PRIVATE KEY|EC PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private ServerTls() {}

    /// Both in a store without a password, in memory.
    ///
    /// @throws ProblemException `LISTEN_FAILED`, which never holds any of the key
    static KeyStore keyStore(Path certificate, Secret key) {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)))
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw unusable("'" + certificate + "' holds no certificate", "a PEM file was expected");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", privateKey(key, chain[0]), new char[0], chain);
            return store;
        } catch (IOException e) {
            throw unusable("'" + certificate + "' cannot be read", e.getClass().getSimpleName());
        } catch (GeneralSecurityException e) {
            throw unusable("certificate and key cannot be used", String.valueOf(e.getMessage()));
        }
    }

    private static PrivateKey privateKey(Secret key, Certificate certificate) throws GeneralSecurityException {
        Matcher pem = KEY.matcher(key.reveal());
        if (!pem.find()) {
            throw unusable("the key of web.tls is no private key in PEM", "encrypted keys are not taken either");
        }
        String algorithm = certificate.getPublicKey().getAlgorithm();
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8(pem.group(1), der)));
        } catch (IOException | IllegalArgumentException | GeneralSecurityException _) {
            // No cause attached: it might quote the key.
            throw unusable(
                    "the key of web.tls does not go with its certificate", "the certificate's is of " + algorithm);
        }
    }

    private static byte[] pkcs8(String form, byte[] der) throws IOException {
        return switch (form) {
            case "RSA PRIVATE KEY" ->
                new PrivateKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                RSAPrivateKey.getInstance(der))
                        .getEncoded();
            case "EC PRIVATE KEY" -> {
                ECPrivateKey key = ECPrivateKey.getInstance(der);
                yield new PrivateKeyInfo(
                                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                                key)
                        .getEncoded();
            }
            default -> der;
        };
    }

    private static ProblemException unusable(String fact, String cause) {
        return new ProblemException(new Problem(
                ProblemCode.LISTEN_FAILED,
                fact,
                cause,
                String.join(
                        " ",
                        List.of(
                                "see web.tls of the charter; try them with:",
                                "openssl x509 -noout -pubkey -in CERTIFICATE; openssl pkey -pubout -in KEY"))));
    }
}
