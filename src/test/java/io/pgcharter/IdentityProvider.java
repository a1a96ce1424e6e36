package io.pgcharter;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// An identity provider in this process, which can be made to lie. It does what the protocol wants of it: it takes
/// a code once, from a client that knows its secret and the code's verifier (PKCE).
final class IdentityProvider implements AutoCloseable {
    private static final String CLIENT = "pgcharter";

    private final Javalin server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final RSAKey stranger;
    private volatile RSAKey key;
    private volatile RSAKey published;

    /// What a token says, before it is signed; and how it is signed.
    volatile UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;

    volatile Signature signature = Signature.RIGHT;

    /// How tokens are signed.
    enum Signature {
        RIGHT,
        NONE,
        BY_THE_CLIENTS_SECRET,
        BY_A_STRANGER
    }

    IdentityProvider() {
        try {
            key = new RSAKeyGenerator(2048).keyID("one").generate();
            stranger = new RSAKeyGenerator(2048).keyID("one").generate();
            published = key;
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.startupWatcherEnabled = false;
                    config.routes
                            .get("/.well-known/openid-configuration", context -> answer(context, 200, description()))
                            .get(
                                    "/keys",
                                    context -> answer(context, 200, new JWKSet(published.toPublicJWK()).toString()))
                            .post("/token", this::token);
                })
                .start("127.0.0.1", 0);
    }

    private String description() {
        return """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
                 "jwks_uri":"%1$s/keys","response_types_supported":["code"],"subject_types_supported":["public"],
                 "id_token_signing_alg_values_supported":["RS256"]}""".formatted(issuer());
    }

    String issuer() {
        return "http://127.0.0.1:" + server.port();
    }

    /// Signs with a new key from now on.
    void changeKey() {
        try {
            key = new RSAKeyGenerator(2048).keyID("two").generate();
            published = key;
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A person logs in here: what the browser is sent back to.
    ///
    /// @param address where the dashboard had sent the browser
    URI logIn(URI address) {
        Map<String, String> asked = fields(address.getRawQuery());
        if (!CLIENT.equals(asked.get("client_id")) || !"S256".equals(asked.get("code_challenge_method"))) {
            throw new AssertionError("not a request for a code with PKCE: " + address);
        }
        String code = "code" + codes.size() + System.nanoTime();
        codes.put(code, asked);
        return URI.create(asked.get("redirect_uri") + "?state=" + asked.get("state") + "&code=" + code);
    }

    private void token(Context exchange) {
        Map<String, String> form = fields(exchange.body());
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        String basic = "Basic "
                + Base64.getEncoder().encodeToString((CLIENT + ":provider+knows").getBytes(StandardCharsets.UTF_8));
        boolean isClient = basic.equals(exchange.header("Authorization"));
        if (asked == null
                || !isClient
                || !challenge(form.getOrDefault("code_verifier", "")).equals(asked.get("code_challenge"))
                || !asked.getOrDefault("redirect_uri", "").equals(form.get("redirect_uri"))) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        Instant now = Instant.now();
        JWTClaimsSet set = claims.apply(new JWTClaimsSet.Builder()
                        .issuer(issuer())
                        .subject("0815")
                        .audience(CLIENT)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
                        .claim("nonce", asked.get("nonce"))
                        .claim("preferred_username", "olga")
                        .claim("groups", List.of("everybody", "dba")))
                .build();
        answer(
                exchange,
                200,
                "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":300,\"id_token\":\""
                        + signed(set).serialize() + "\"}");
    }

    private JWT signed(JWTClaimsSet set) {
        try {
            return switch (signature) {
                case NONE -> new PlainJWT(set);
                case RIGHT -> signed(set, key);
                case BY_A_STRANGER -> signed(set, stranger);
                case BY_THE_CLIENTS_SECRET -> {
                    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), set);
                    token.sign(new MACSigner("provider knows".repeat(4)));
                    yield token;
                }
            };
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SignedJWT signed(JWTClaimsSet set, RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), set);
        token.sign(new RSASSASigner(key));
        return token;
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            fields.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static void answer(Context context, int status, String json) {
        context.status(status).contentType("application/json").result(json);
    }

    @Override
    public void close() {
        server.stop();
    }
}
