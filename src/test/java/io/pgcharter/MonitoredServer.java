package io.pgcharter;

import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.Question;
import io.pgcharter.model.health.Reading;
import io.pgcharter.model.health.Sample;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.platform.postgres.PostgresUrl;
import io.pgcharter.platform.postgres.Session;
import io.pgcharter.platform.probe.Probe;
import io.pgcharter.platform.sandbox.TestServers;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Checkbook.Circumstances;
import io.pgcharter.policy.check.Checkbook.Judged;
import io.pgcharter.policy.check.Declared;
import io.pgcharter.policy.check.Standards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server with a role that has what docs/checks.md says the monitoring role needs, and nothing else.
final class MonitoredServer implements AutoCloseable {
    static final String ROLE = "pgcharter_monitor";
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static final Pattern SCRIPT = Pattern.compile("<!-- grants -->\n```sql\n(.*?)```", Pattern.DOTALL);
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Checkbook CHECKBOOK = Checkbook.published();

    private final OwnServer server;

    MonitoredServer(int major, String... more) {
        String[] settings = {
            "full_page_writes = on",
            "synchronous_commit = off",
            "wal_level = logical",
            "archive_mode = on",
            "archive_command = '/bin/true'",
            "autovacuum_naptime = '1d'",
            "checkpoint_timeout = '1h'",
            "shared_buffers = 16MB",
            "max_prepared_transactions = 5",
            "max_connections = 60",
            "deadlock_timeout = '100ms'",
            "shared_preload_libraries = 'pg_stat_statements'"
        };
        String[] all = new String[settings.length + more.length];
        System.arraycopy(settings, 0, all, 0, settings.length);
        System.arraycopy(more, 0, all, settings.length, more.length);
        server = new OwnServer(major, TestServers.directory().resolve("server" + major), all);
        server.execute("postgres", grants());
    }

    /// The script of docs/checks.md, for a role without a password.
    static String grants() {
        try {
            Matcher script = SCRIPT.matcher(Files.readString(Path.of("docs/checks.md")));
            if (!script.find()) {
                throw new IllegalStateException("docs/checks.md holds no script");
            }
            return script.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OwnServer server() {
        return server;
    }

    /// A new database; the URL is the superuser's.
    PostgresUrl fresh() {
        String name = "d" + DATABASES.incrementAndGet();
        server.execute("postgres", "CREATE DATABASE " + name);
        return server.url(name);
    }

    static PostgresUrl as(String role, PostgresUrl url) {
        return new PostgresUrl(url.host(), url.port(), url.database(), role, url.password(), url.parameters());
    }

    /// What one check says, and what the next reading of it needs.
    record Said(Verdict verdict, Map<String, Sample> samples) {
        Optional<Level> of(String key) {
            return verdict.findings().stream()
                    .filter(finding -> finding.key().equals(key))
                    .map(Finding::level)
                    .findFirst();
        }
    }

    /// Makes one check as the monitoring role.
    static Said say(
            String check, PostgresUrl url, Standards standards, Declared declared, Map<String, Sample> samples) {
        List<Question> questions = CHECKBOOK.questions(standards, declared, Optional.empty()).stream()
                .filter(question -> question.check().equals(check))
                .toList();
        Reading reading = new Probe().read(as(ROLE, url), questions, Probe.Limits.ONCE, () -> {});
        Judged judged = CHECKBOOK.judge(
                reading, new Circumstances("database/shop", standards, declared, samples, NOON), Optional.empty());
        Map<String, Sample> kept = new HashMap<>();
        judged.samples().forEach(sample -> kept.put(sample.check(), sample));
        return new Said(
                judged.verdicts().stream()
                        .filter(verdict -> verdict.check().equals(check))
                        .findFirst()
                        .orElseThrow(),
                kept);
    }

    /// Makes all checks as `role`.
    static Map<String, Verdict> sayAll(PostgresUrl url, Standards standards, Probe.Limits limits) {
        Reading reading = new Probe()
                .read(url, CHECKBOOK.questions(standards, Declared.NOTHING, Optional.empty()), limits, () -> {});
        Map<String, Verdict> verdicts = new HashMap<>();
        CHECKBOOK
                .judge(
                        reading,
                        new Circumstances("database/shop", standards, Declared.NOTHING, Map.of(), NOON),
                        Optional.empty())
                .verdicts()
                .forEach(verdict -> verdicts.put(verdict.check(), verdict));
        return verdicts;
    }

    void execute(PostgresUrl url, String sql) {
        try (Session session = Session.open(url, "test")) {
            session.execute(sql);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
