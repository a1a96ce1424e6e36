package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.AlertPlan.QuietHours;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertPlanTest {
    private static final String HEAD = """
            charter: 1
            environments: { production: {} }
            databases: { payments: { environment: production, url: "${env:PAY}" } }
            """;

    private static final String WHOLE = HEAD + """
            alerts:
              receivers:
                ops-mail:
                  email:
                    to: [ops@example.org, dba@example.org]
                    from: pgcharter@example.org
                    smtp: { host: mail.example.org, user: pgcharter, password: "${file:/run/smtp}", ca: ca.pem }
                local: { email: { to: [a@b.example], from: c@d.example, smtp: { host: "::1", tls: none } } }
                hook: { webhook: { url: "https://ops.example.org/${env:TOKEN}", secret: "${env:S}" } }
                chat: { slack: { url: "${env:SLACK}" } }
              routes:
                - { to: [ops-mail], when: { level: crit, environment: [production], database: [payments], check: [xid-age] } }
                - { to: [chat] }
              after: { crit: 30s, warn: 10m }
              clear-after: 1m
              flapping: 2h
              group-for: 10s
              repeat: 1d
              silent-after: 20m
              success: { of: [backup, retention apply], to: [chat] }
              dead-man: { url: "${env:DEAD_MAN}", every: 2m }
              quiet-hours: { from: "22:00", to: "07:00", timezone: Europe/Zagreb }
            """;

    private static Charters.Parsed parsed(String text) {
        return (Charters.Parsed) Charters.parse(text, "charter.yaml", Path.of("/etc/pgcharter"));
    }

    @Test
    void everything_the_section_says_is_read() {
        AlertPlan plan = parsed(WHOLE).charter().serving().alerts();

        assertThat(plan.receivers()).containsOnlyKeys("ops-mail", "local", "hook", "chat");
        assertThat(plan.receivers().get("ops-mail"))
                .isEqualTo(new Receiver.Email(
                        List.of("ops@example.org", "dba@example.org"),
                        "pgcharter@example.org",
                        new Receiver.Smtp(
                                "mail.example.org",
                                587,
                                Receiver.Tls.STARTTLS,
                                Optional.of(new Receiver.Login("pgcharter", new SecretText("${file:/run/smtp}"))),
                                Optional.of("/etc/pgcharter/ca.pem"))));
        assertThat(plan.receivers().get("local"))
                .isInstanceOfSatisfying(
                        Receiver.Email.class,
                        mail -> assertThat(mail.smtp().port()).isEqualTo(25));
        assertThat(plan.routes())
                .containsExactly(
                        new AlertPlan.Route(
                                Set.of("ops-mail"),
                                Level.CRIT,
                                Set.of(new EnvironmentName("production")),
                                Set.of(new DatabaseName("payments")),
                                Set.of("xid-age"),
                                15),
                        new AlertPlan.Route(Set.of("chat"), Level.WARN, Set.of(), Set.of(), Set.of(), 16));
        assertThat(plan.pace().after(Level.CRIT)).isEqualTo(Duration.ofSeconds(30));
        assertThat(plan.pace().after(Level.WARN)).isEqualTo(Duration.ofMinutes(10));
        assertThat(plan.pace().after(Level.UNKNOWN)).isEqualTo(Duration.ofMinutes(5));
        assertThat(plan.pace().repeat()).isEqualTo(Duration.ofDays(1));
        assertThat(plan.success()).contains(new AlertPlan.Success(Set.of("backup", "retention apply"), Set.of("chat")));
        assertThat(plan.deadMan().orElseThrow().every()).isEqualTo(Duration.ofMinutes(2));
        assertThat(plan.pace().quietHours())
                .contains(new QuietHours(LocalTime.of(22, 0), LocalTime.of(7, 0), ZoneId.of("Europe/Zagreb")));
    }

    @Test
    void a_charter_without_alerts_tells_nobody() {
        assertThat(parsed(HEAD).charter().serving().alerts()).isEqualTo(AlertPlan.NONE);
    }

    @Test
    void routes_that_all_have_a_condition_are_warned_of() {
        String unrouted = WHOLE.replace("    - { to: [chat] }\n", "");

        assertThat(parsed(WHOLE).warnings()).extracting(Warning::rule).doesNotContain("unrouted-alerts");
        assertThat(parsed(unrouted).warnings()).extracting(Warning::rule).contains("unrouted-alerts");
    }

    @ParameterizedTest
    @CsvSource({"22:00,true", "23:59,true", "00:00,true", "06:59,true", "07:00,false", "21:59,false"})
    void quiet_hours_may_pass_midnight(LocalTime time, boolean quiet) {
        assertThat(new QuietHours(LocalTime.of(22, 0), LocalTime.of(7, 0), ZoneId.of("UTC")).covers(time))
                .isEqualTo(quiet);
    }
}
