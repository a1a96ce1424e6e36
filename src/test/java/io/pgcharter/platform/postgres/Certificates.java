package io.pgcharter.platform.postgres;

import io.pgcharter.platform.process.Program;
import io.pgcharter.platform.sandbox.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An authority and what it signed, as PEM files: `authority.crt`, `server.crt` and `server.key` for the host
/// `localhost`, clients; and `stranger.crt`, an authority that signed nothing.
public final class Certificates {
    private static final List<String> ELLIPTIC = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");

    private final Path directory = TestServers.directory();

    public Certificates() {
        authority("authority");
        authority("stranger");
        signed("server", "authority", "localhost", ELLIPTIC);
        signed("client-ec", "authority", "certified", ELLIPTIC);
        signed("client-rsa", "authority", "certified", List.of("-newkey", "rsa:2048"));
        signed("client-ed25519", "authority", "certified", List.of("-newkey", "ed25519"));
        signed("client-stranger", "stranger", "certified", ELLIPTIC);
        openssl(
                "ec",
                "-in",
                file("client-ec.key").toString(),
                "-out",
                file("sec1.key").toString());
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /// Signs the server's certificate anew, with its new key, for so many days.
    void renewServer(int days) {
        signed("server", "authority", "localhost", ELLIPTIC, days);
    }

    private void authority(String name) {
        List<String> words = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=" + name));
        words.addAll(ELLIPTIC);
        words.addAll(List.of("-keyout", "" + file(name + ".key"), "-out", "" + file(name + ".crt")));
        openssl(words.toArray(String[]::new));
    }

    private void signed(String name, String authority, String subject, List<String> key) {
        signed(name, authority, subject, key, 2);
    }

    private void signed(String name, String authority, String subject, List<String> key, int days) {
        List<String> words =
                new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "" + days, "-subj", "/CN=" + subject));
        words.addAll(key);
        words.addAll(List.of("-addext", "subjectAltName=DNS:" + subject));
        words.addAll(List.of("-addext", "basicConstraints=critical,CA:FALSE"));
        words.addAll(List.of("-CA", "" + file(authority + ".crt"), "-CAkey", "" + file(authority + ".key")));
        words.addAll(List.of("-keyout", "" + file(name + ".key"), "-out", "" + file(name + ".crt")));
        openssl(words.toArray(String[]::new));
    }

    private static void openssl(String... words) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        new Program(command, Map.of(), Optional.empty(), Duration.ofMinutes(1)).runOrThrow("look at the words");
    }
}
