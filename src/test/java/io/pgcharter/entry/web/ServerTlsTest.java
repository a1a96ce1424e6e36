package io.pgcharter.entry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates and keys as stock openssl writes them.
class ServerTlsTest {
    @TempDir
    private Path directory;

    private void openssl(String... words) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        new Program(command, Map.of(), Optional.empty(), Duration.ofSeconds(30)).runOrThrow("by hand");
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private Secret key(String name) throws IOException {
        return new Secret(Files.readString(file(name)));
    }

    private void certificate(String name) {
        openssl(
                "req",
                "-x509",
                "-key",
                file(name).toString(),
                "-subj",
                "/CN=localhost",
                "-days",
                "2",
                "-out",
                file("certificate.pem").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PKCS#8", "RSA PKCS#1", "EC PKCS#8", "EC SEC1", "ED25519"})
    void keys_are_taken_in_every_form_that_openssl_writes(String form) throws IOException, GeneralSecurityException {
        switch (form) {
            case "RSA PKCS#8" ->
                openssl("genpkey", "-algorithm", "RSA", "-out", file("key.pem").toString());
            case "RSA PKCS#1" ->
                openssl("genrsa", "-traditional", "-out", file("key.pem").toString(), "2048");
            case "EC PKCS#8" ->
                openssl(
                        "genpkey",
                        "-algorithm",
                        "EC",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-out",
                        file("key.pem").toString());
            case "EC SEC1" ->
                openssl(
                        "ecparam",
                        "-genkey",
                        "-name",
                        "prime256v1",
                        "-out",
                        file("key.pem").toString());
            default ->
                openssl(
                        "genpkey",
                        "-algorithm",
                        "ED25519",
                        "-out",
                        file("key.pem").toString());
        }
        certificate("key.pem");

        KeyStore store = ServerTls.keyStore(file("certificate.pem"), key("key.pem"));

        assertThat(store.getCertificateChain("server")).hasSize(1);
        assertThat(store.getKey("server", new char[0])).isNotNull();
    }

    @Test
    void what_cannot_be_used_is_told_without_any_of_the_key() throws IOException {
        openssl("genpkey", "-algorithm", "RSA", "-out", file("rsa.pem").toString());
        openssl(
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
                file("ec.pem").toString());
        openssl(
                "genpkey",
                "-algorithm",
                "RSA",
                "-aes256",
                "-pass",
                "pass:secret",
                "-out",
                file("encrypted.pem").toString());
        certificate("rsa.pem");
        Path certificate = file("certificate.pem");

        assertThat(problem(certificate, key("ec.pem"))).contains("does not go with its certificate");
        assertThat(problem(certificate, key("encrypted.pem"))).contains("is no private key in PEM");
        assertThat(problem(certificate, new Secret("nothing"))).contains("is no private key in PEM");
        assertThat(problem(file("missing.pem"), key("rsa.pem"))).contains("cannot be read");
        assertThat(problem(file("rsa.pem"), key("rsa.pem"))).contains("certificate");
    }

    private static String problem(Path certificate, Secret key) {
        ProblemException thrown =
                catchThrowableOfType(ProblemException.class, () -> ServerTls.keyStore(certificate, key));
        assertThat(thrown.problem().code()).isEqualTo(ProblemCode.LISTEN_FAILED);
        String body = key.reveal().replaceAll("-----[A-Z ]+-----", "").strip();
        assertThat(thrown.toString()).doesNotContain(body.substring(0, Math.min(20, body.length())));
        return thrown.problem().text();
    }
}
