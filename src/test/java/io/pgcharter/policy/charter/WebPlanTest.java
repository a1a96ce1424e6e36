package io.pgcharter.policy.charter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.operation.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebPlanTest {
    private static final String REST = """
            charter: 1
            environments: { production: {} }
            databases: { payments: { environment: production, url: "${env:PAYMENTS}" } }
            """;

    private static Charters.Reading reading(String web) {
        return Charters.parse(REST + web, "charter.yaml", Path.of("/etc/pgcharter"));
    }

    private static WebPlan plan(String web) {
        Charters.Reading reading = reading(web);
        assertThat(reading).isInstanceOf(Charters.Parsed.class);
        return ((Charters.Parsed) reading).charter().serving().web();
    }

    @Test
    void nothing_listens_that_nobody_asked_for() {
        assertThat(plan("").isWanted()).isFalse();
    }

    @Test
    void an_empty_section_listens_on_this_machine_alone() {
        WebPlan plan = plan("web: {}");

        assertThat(plan.isWanted()).isTrue();
        assertThat(plan.address(plan.port())).isEqualTo("http://127.0.0.1:8080");
        assertThat(plan.session()).isEqualTo(new WebPlan.Session(Duration.ofMinutes(30), Duration.ofHours(12)));
        assertThat(plan.isSecure()).isFalse();
    }

    @Test
    void all_that_can_be_said_is_read() {
        WebPlan plan = plan("""
                web:
                  listen: "[::]:8443"
                  url: https://pg.example.com
                  tls: { certificate: tls/server.pem, key: "${file:/run/key.pem}" }
                  session: { idle: 10m, lasting: 1d }
                  oidc:
                    issuer: https://login.example.com/realms/acme
                    client-id: pgcharter
                    client-secret: "${env:OIDC_SECRET}"
                    groups-claim: teams
                    roles: { viewer: [everybody], approver: [leads], operator: [dba], admin: [owners] }
                """);

        assertThat(plan.host()).isEqualTo("::");
        assertThat(plan.port()).isEqualTo(8443);
        assertThat(plan.address(8443)).isEqualTo("https://pg.example.com");
        assertThat(plan.tls().orElseThrow().certificate()).isEqualTo("/etc/pgcharter/tls/server.pem");
        assertThat(plan.session()).isEqualTo(new WebPlan.Session(Duration.ofMinutes(10), Duration.ofDays(1)));
        WebPlan.Oidc oidc = plan.oidc().orElseThrow();
        assertThat(oidc.issuer()).isEqualTo(URI.create("https://login.example.com/realms/acme"));
        assertThat(oidc.groupsClaim()).isEqualTo("teams");
        assertThat(oidc.personClaim()).isEqualTo("preferred_username");
        assertThat(oidc.role(List.of("leads", "dba"))).contains(Role.OPERATOR);
        assertThat(oidc.role(List.of("leads", "everybody"))).contains(Role.APPROVER);
        assertThat(oidc.role(List.of("strangers"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:8080, false",
        "pg.example.com:8080, false",
        "'[::]:8080', false",
        "192.168.1.5:8080, false",
        "127.0.0.1.example.com:80, false",
        "127.0.0.1:8080, true",
        "'[::1]:8080', true",
        "localhost:1, true"
    })
    void what_other_machines_reach_needs_tls_or_a_proxy(String listen, boolean isAlone) {
        assertThat(reading("web: { listen: \"" + listen + "\" }") instanceof Charters.Parsed)
                .isEqualTo(isAlone);
        assertThat(plan("web: { listen: \"" + listen + "\", behind-proxy: true }")
                        .isSecure())
                .isTrue();
    }
}
