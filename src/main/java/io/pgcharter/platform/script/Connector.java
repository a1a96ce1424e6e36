package io.pgcharter.platform.script;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.state.UnixSocketFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.pgcodekeeper.core.database.pg.jdbc.PgJdbcConnector;

/// How pgcodekeeper reaches a database. What it may show of it, the URL, holds neither user nor password.
final class Connector extends PgJdbcConnector {
    /// Nothing it asks takes long; somebody's lock may.
    private static final Duration SILENCE_MAX = Duration.ofMinutes(2);

    private static final Duration LOGIN_MAX = Duration.ofSeconds(10);

    private final PostgresUrl database;

    Connector(PostgresUrl database) {
        super("jdbc:postgresql://" + (database.unixSocket() ? "localhost" : host(database.host())) + ":"
                + database.port() + "/"
                + URLEncoder.encode(database.database(), StandardCharsets.UTF_8).replace("+", "%20"));
        this.database = database;
    }

    private static String host(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    @Override
    protected Properties makeProperties() {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "pgcharter schema");
        properties.setProperty("user", database.user());
        database.password().ifPresent(password -> properties.setProperty("password", password.reveal()));
        properties.setProperty("loginTimeout", Long.toString(LOGIN_MAX.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(SILENCE_MAX.toSeconds()));
        // Every way through a pooler: nothing is prepared on the server.
        properties.setProperty("prepareThreshold", "0");
        if (database.unixSocket()) {
            properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", database.server());
        }
        for (String name : new String[] {"sslmode", "sslrootcert", "sslcert", "sslkey", "channelBinding"}) {
            String value = database.parameters().get(name);
            if (value != null) {
                properties.setProperty(name, value);
            }
        }
        return properties;
    }
}
