package io.pgcharter.platform.postgres;

import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.sandbox.Cluster;
import io.pgcharter.platform.sandbox.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A private server that also listens on TCP, with a user for every kind of login: what the client is tested against.
public final class ListeningServer implements AutoCloseable {
    static final String PASSWORD = "canary: pä/ss 'word' @%";

    private static final String LOGINS = """
            local   all  postgres              trust
            host    all  trusted    samehost   trust
            host    all  scram      samehost   scram-sha-256
            host    all  limited    samehost   scram-sha-256
            host    all  old        samehost   md5
            host    all  clear      samehost   password
            hostssl all  tls-only   samehost   scram-sha-256
            hostnossl all  plain-only samehost scram-sha-256
            hostssl all  certified  samehost   cert
            host    all  all        samehost   reject
            """;

    private static final List<String> USERS =
            List.of("trusted", "scram", "limited", "old", "clear", "tls-only", "plain-only", "certified");

    private final Cluster cluster;
    private final int port;

    /// @param certificates switch TLS on; empty for a server without
    ListeningServer(int major, Optional<Certificates> certificates) {
        Path directory = TestServers.directory().resolve("server");
        cluster = new Cluster(TestServers.binaries().bin(major), directory);
        port = freePort();
        cluster.make(List.of("fsync = off", "shared_buffers = 16MB"));
        try {
            configure(certificates);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cluster.start();
        try (Session session = Session.open(local(), "test")) {
            for (String user : USERS) {
                boolean old = user.equals("old");
                session.execute("set password_encryption = '" + (old ? "md5" : "scram-sha-256") + "'; create role "
                        + Quoting.identifier(user) + " login password " + Quoting.literal(PASSWORD));
            }
            session.execute("alter role limited connection limit 0");
        }
    }

    /// A server without TLS.
    public static ListeningServer plain(int major) {
        return new ListeningServer(major, Optional.empty());
    }

    private void configure(Optional<Certificates> certificates) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(cluster.data().resolve("postgresql.auto.conf")));
        lines.add("listen_addresses = '127.0.0.1,::1'");
        lines.add("port = " + port);
        if (certificates.isPresent()) {
            own("server.crt", Files.readString(certificates.get().file("server.crt")));
            own("server.key", Files.readString(certificates.get().file("server.key")));
            own("authority.crt", Files.readString(certificates.get().file("authority.crt")));
            lines.addAll(List.of("ssl = on", "ssl_ca_file = 'authority.crt'"));
        }
        own("postgresql.auto.conf", String.join("\n", lines) + "\n");
        own("pg_hba.conf", certificates.isPresent() ? LOGINS : LOGINS.replaceAll("(?m)^hostssl.*\n", ""));
    }

    private void own(String name, String text) throws IOException {
        Path file = cluster.data().resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setOwner(file, Files.getOwner(cluster.data()));
    }

    /// Takes over a certificate that was signed anew.
    void renew(Certificates certificates) throws IOException {
        own("server.crt", Files.readString(certificates.file("server.crt")));
        own("server.key", Files.readString(certificates.file("server.key")));
        try (Session session = Session.open(local(), "test")) {
            session.query("select pg_reload_conf()");
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /// The superuser's, over the Unix socket.
    public PostgresUrl local() {
        PostgresUrl socket = cluster.url("postgres");
        return new PostgresUrl(socket.host(), port, "postgres", "postgres", Optional.empty(), socket.parameters());
    }

    /// @param parameters alternately names and values; a value may be a path
    public PostgresUrl url(String user, String host, Object... parameters) {
        return url(user, Optional.of(PASSWORD), host, parameters);
    }

    PostgresUrl url(String user, Optional<String> password, String host, Object... parameters) {
        Map<String, String> map = new HashMap<>();
        for (int index = 0; index < parameters.length; index += 2) {
            map.put("" + parameters[index], "" + parameters[index + 1]);
        }
        return new PostgresUrl(host, port, "postgres", user, password.map(Secret::new), map);
    }

    @Override
    public void close() {
        cluster.stop("immediate");
    }
}
