package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Role;
import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// With a certificate: what browsers are told then, and which cookies they get.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebTlsIT {
    private final Path directory = TestServers.directory();
    private final WebScene scene = new WebScene(section());

    @AfterAll
    void close() {
        scene.close();
    }

    private String section() {
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        new Program(
                        List.of(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-subj",
                                "/CN=127.0.0.1",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                "-days",
                                "2",
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString()),
                        Map.of(),
                        Optional.empty(),
                        Duration.ofSeconds(30))
                .runOrThrow("by hand");
        try {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "web: { listen: \"127.0.0.1:0\", tls: { certificate: " + certificate + ", key: \"${file:" + key
                + "}\" } }\n";
    }

    private HttpClient client() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var in = Files.newInputStream(directory.resolve("certificate.pem"))) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    @Test
    void the_cookie_is_the_hosts_alone_and_browsers_stay_with_tls() throws Exception {
        HttpClient client = client();
        String link = scene.added("tilda", Role.VIEWER);
        assertThat(scene.address().getScheme()).isEqualTo("https");

        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(scene.address().resolve("/login")).build(),
                HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> set = client.send(
                HttpRequest.newBuilder(scene.address().resolve("/welcome"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", scene.address().toString())
                        .POST(HttpRequest.BodyPublishers.ofString("token=" + link.substring("/first/".length())
                                + "&password=one+two+three+four&again=one+two+three+four"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(page.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(303);
        assertThat(set.headers().firstValue("Set-Cookie").orElse(""))
                .startsWith("__Host-pgcharter=")
                .contains("; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure")
                .doesNotContain("Domain");
    }
}
