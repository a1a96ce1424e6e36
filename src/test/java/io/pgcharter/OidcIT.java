package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Logging in by an identity provider: one that is honest, and one whose answers do not hold.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcIT {
    private final IdentityProvider provider = new IdentityProvider();
    private final WebScene scene = new WebScene("""
            web:
              listen: "127.0.0.1:0"
              oidc:
                issuer: %s
                client-id: pgcharter
                client-secret: "${env:OIDC_SECRET}"
                roles: { viewer: [everybody], operator: [dba] }
            """.formatted(provider.issuer()));

    @AfterEach
    void honest() {
        provider.claims = builder -> builder;
        provider.signature = IdentityProvider.Signature.RIGHT;
    }

    @AfterAll
    void close() {
        scene.close();
        provider.close();
    }

    private static URI sent(HttpResponse<String> response) {
        return URI.create(response.headers().firstValue("Location").orElseThrow());
    }

    /// The whole way: to the provider and back.
    private HttpResponse<String> logIn(WebClient browser) {
        URI back = provider.logIn(sent(browser.get("/login/oidc")));
        return browser.get(back.getRawPath() + "?" + back.getRawQuery());
    }

    private HttpResponse<String> logIn() {
        return logIn(new WebClient(scene.address()));
    }

    private void refused(String because) {
        WebClient browser = new WebClient(scene.address());
        HttpResponse<String> response = logIn(browser);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        assertThat(response.body()).contains("IDENTITY_REFUSED", because);
        assertThat(browser.get("/api/v1/me").statusCode()).isEqualTo(401);
    }

    private void claims(UnaryOperator<JWTClaimsSet.Builder> claims) {
        provider.claims = claims;
    }

    @Test
    void who_is_in_a_group_of_the_charter_comes_in_with_its_role() {
        WebClient browser = new WebClient(scene.address());
        assertThat(browser.get("/login").body()).contains("/login/oidc");

        HttpResponse<String> response = logIn(browser);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Refresh")).contains("0;url=/");
        assertThat(browser.cookies()).containsOnlyKeys("pgcharter");
        assertThat(browser.json("/api/v1/me").path("person").stringValue()).isEqualTo("olga");
        assertThat(browser.json("/api/v1/me").path("role").stringValue()).isEqualTo("OPERATOR");
    }

    @Test
    void who_has_lost_the_group_comes_in_no_longer() {
        assertThat(logIn().statusCode()).isEqualTo(200);

        claims(builder -> builder.claim("groups", List.of("strangers")));
        refused("is in no group");
        claims(builder -> builder.claim("groups", null));
        refused("has no claim");
        claims(builder -> builder.claim("groups", List.of("everybody")));
        WebClient browser = new WebClient(scene.address());
        logIn(browser);
        assertThat(browser.json("/api/v1/me").path("role").stringValue()).isEqualTo("VIEWER");
    }

    @Test
    void a_name_that_cannot_be_a_persons_lets_nobody_in() {
        for (String name : List.of("schedule", "a b", "<script>", "")) {
            claims(builder -> builder.claim("preferred_username", name));
            refused("does not say who it is");
        }
    }

    @Test
    void a_token_of_another_login_audience_issuer_or_time_does_not_hold() {
        claims(builder -> builder.claim("nonce", "another"));
        refused("does not hold");
        claims(builder -> builder.audience("another"));
        refused("does not hold");
        claims(builder -> builder.issuer("https://evil.example"));
        refused("does not hold");
        claims(builder -> builder.expirationTime(Date.from(Instant.now().minusSeconds(600))));
        refused("does not hold");
    }

    @Test
    void only_a_signature_by_the_providers_own_key_counts() {
        provider.signature = IdentityProvider.Signature.NONE;
        refused("does not hold");
        provider.signature = IdentityProvider.Signature.BY_THE_CLIENTS_SECRET;
        refused("does not hold");
        provider.signature = IdentityProvider.Signature.BY_A_STRANGER;
        refused("does not hold");
    }

    @Test
    void a_new_key_of_the_provider_is_looked_up() {
        assertThat(logIn().statusCode()).isEqualTo(200);

        provider.changeKey();

        Wait.until("the new key is known", () -> logIn().statusCode() == 200);
    }

    @Test
    void an_answer_counts_once_and_only_for_the_browser_that_asked() {
        WebClient browser = new WebClient(scene.address());
        URI back = provider.logIn(sent(browser.get("/login/oidc")));
        String path = back.getRawPath() + "?" + back.getRawQuery();

        assertThat(new WebClient(scene.address()).get(path).statusCode()).isEqualTo(403);
        assertThat(browser.get(path.replaceFirst("state=[^&]+", "state=guessed"))
                        .statusCode())
                .isEqualTo(403);

        WebClient again = new WebClient(scene.address());
        URI other = provider.logIn(sent(again.get("/login/oidc")));
        String answer = other.getRawPath() + "?" + other.getRawQuery();
        String cookie = again.cookies().get("pgcharter-oidc");
        assertThat(again.get(answer).statusCode()).isEqualTo(200);
        again.cookies().put("pgcharter-oidc", cookie);
        assertThat(again.get(answer).statusCode()).isEqualTo(403);
    }

    @Test
    void what_the_provider_refuses_is_told() {
        WebClient browser = new WebClient(scene.address());
        URI asked = sent(browser.get("/login/oidc"));
        String state = asked.getRawQuery().replaceFirst(".*state=([^&]+).*", "$1");

        HttpResponse<String> response =
                browser.get("/login/oidc/callback?error=access_denied%3Cscript%3E&state=" + state);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("access_denied").doesNotContain("denied<script>");
    }
}
