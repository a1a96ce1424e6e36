package io.pgcharter.entry.demo;

import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Plays the team's own application: makes its tables and fills them.
final class PaymentsApplication {
    private static final int USERS = 30_000;
    private static final int PAYMENTS = 180_000;

    private PaymentsApplication() {}

    /// Tables and about 270,000 rows.
    static void fillProduction(PostgresUrl url) {
        fill(url, USERS, PAYMENTS);
    }

    /// The same tables with a handful of rows.
    static void fillDevelopment(PostgresUrl url) {
        fill(url, 20, 100);
    }

    static long rows(PostgresUrl url) {
        try (Session session = Session.open(url, "demo")) {
            return session.query("select (select count(*) from users) + (select count(*) from payments)"
                            + " + (select count(*) from audit_logs)")
                    .getFirst()
                    .number(0);
        }
    }

    private static void fill(PostgresUrl url, int users, int payments) {
        try (Session session = Session.open(url, "demo")) {
            session.execute(resource("schema.sql"));
            session.execute(resource("data.sql")
                    .replace(":users", Integer.toString(users))
                    .replace(":payments", Integer.toString(payments)));
        }
    }

    private static String resource(String name) {
        try (InputStream in = PaymentsApplication.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not packaged: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
