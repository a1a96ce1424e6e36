package io.pgcharter.entry.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.javalin.http.Context;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.access.OidcRequests;
import io.pgcharter.platform.access.Opaque;
import io.pgcharter.platform.access.Person;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.WebPlan;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Logging in by an identity provider: OpenID Connect's authorization code flow with PKCE (RFC 7636), state and
/// nonce. The provider's keys are looked up again when a token is signed with one that is not known yet. Only
/// signatures by its own private keys count: no `none`, and none by the client's secret. Thread-safe.
final class Oidc {
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int KEYS_BYTES_MAX = 256 * 1024;
    private static final int KEYS_AGAIN_MILLIS_MIN = 1000;
    private static final int CAUSE_MAX = 200;
    private static final Set<JWSAlgorithm> SIGNATURES = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final WebPlan.Oidc plan;
    private final Supplier<String> ownAddress;
    private final Secrets secrets;
    private final OidcRequests requests;
    private final Cookies cookies;
    private final Opaque opaque = new Opaque();
    private @Nullable Provider provider;

    /// @param ownAddress where browsers reach us, without a slash at the end
    Oidc(WebPlan.Oidc plan, Supplier<String> ownAddress, Secrets secrets, OidcRequests requests, Cookies cookies) {
        this.plan = plan;
        this.ownAddress = ownAddress;
        this.secrets = secrets;
        this.requests = requests;
        this.cookies = cookies;
    }

    /// Who somebody is, and what their groups let them do.
    record Identity(String person, Role role) {}

    private record Provider(OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys) {}

    /// Sends the browser there.
    Answer toProvider(Context context) {
        Provider known = provider();
        State state = new State(32);
        Nonce nonce = new Nonce(32);
        CodeVerifier verifier = new CodeVerifier();
        io.pgcharter.model.secret.Secret browser = opaque.make("");
        requests.enter(
                state.getValue(), browser.reveal(), new OidcRequests.Request(nonce.getValue(), verifier.getValue()));
        cookies.setBrowser(context, browser, OidcRequests.HOLDS);
        URI address = new AuthenticationRequest.Builder(
                        new ResponseType("code"), new Scope("openid", "profile", "email"), client(), callback())
                .endpointURI(known.metadata().getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
        return new Answer.Elsewhere(address.toString());
    }

    /// What the browser brings back.
    ///
    /// @throws ProblemException `IDENTITY_REFUSED`
    Identity fromProvider(Context context) {
        String state = Optional.ofNullable(context.queryParam("state")).orElse("");
        String browser = cookies.browser(context).orElse("");
        cookies.removeBrowser(context);
        OidcRequests.Request request = requests.take(state, browser)
                .orElseThrow(() -> refused("this answer belongs to no login that this browser began", "begin again"));
        String error = context.queryParam("error");
        if (error != null) {
            throw refused("the identity provider let nobody in: " + shown(error), "it said so itself");
        }
        String issuer = context.queryParam("iss");
        if (issuer != null && !issuer.equals(plan.issuer().toString())) {
            throw refused("the answer is another provider's", "its iss is not the charter's issuer");
        }
        String code = Optional.ofNullable(context.queryParam("code"))
                .orElseThrow(() -> refused("the answer holds no code", "the provider gave none"));
        return identity(claims(code, request));
    }

    private IDTokenClaimsSet claims(String code, OidcRequests.Request request) {
        Provider known = provider();
        try {
            HTTPRequest http = new TokenRequest.Builder(
                            known.metadata().getTokenEndpointURI(),
                            authentication(known.metadata()),
                            new AuthorizationCodeGrant(
                                    new AuthorizationCode(code), callback(), new CodeVerifier(request.verifier())))
                    .build()
                    .toHTTPRequest();
            http.setConnectTimeout(TIMEOUT_MILLIS);
            http.setReadTimeout(TIMEOUT_MILLIS);
            TokenResponse response = OIDCTokenResponseParser.parse(http.send());
            if (!(response instanceof OIDCTokenResponse tokens)
                    || tokens.getOIDCTokens().getIDToken() == null) {
                throw refused(
                        "the identity provider gave no ID token for the code", "it refused, or it is none of OIDC");
            }
            return new IDTokenValidator(
                            new Issuer(plan.issuer()),
                            client(),
                            new JWSVerificationKeySelector<>(SIGNATURES, known.keys()),
                            null)
                    .validate(tokens.getOIDCTokens().getIDToken(), new Nonce(request.nonce()));
        } catch (IOException e) {
            throw unreachable(e);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw refused("the identity provider's answer does not hold", shown(String.valueOf(e.getMessage())));
        }
    }

    private Identity identity(IDTokenClaimsSet claims) {
        String person =
                Optional.ofNullable(claims.getStringClaim(plan.personClaim())).orElse("");
        if (!Person.isName(person)) {
            throw refused(
                    "the identity provider does not say who it is by a name that can be used",
                    "the claim '" + plan.personClaim() + "' is missing, or is no login name");
        }
        Object found = claims.getClaim(plan.groupsClaim());
        List<String> groups = switch (found) {
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String one -> List.of(one);
            case null, default -> List.of();
        };
        Role role = plan.role(groups)
                .orElseThrow(() -> refused(
                        "'" + person + "' is in no group that may use pgcharter",
                        groups.isEmpty()
                                ? "the ID token has no claim '" + plan.groupsClaim() + "'"
                                : "none of the groups stands under web.oidc.roles of the charter"));
        return new Identity(person, role);
    }

    private synchronized Provider provider() {
        Provider known = provider;
        if (known == null) {
            known = discovered();
            provider = known;
        }
        return known;
    }

    private Provider discovered() {
        try {
            OIDCProviderMetadata metadata =
                    OIDCProviderMetadata.resolve(new Issuer(plan.issuer()), TIMEOUT_MILLIS, TIMEOUT_MILLIS);
            JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                            metadata.getJWKSetURI().toURL(),
                            new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, KEYS_BYTES_MAX))
                    .rateLimited(KEYS_AGAIN_MILLIS_MIN)
                    .retrying(true)
                    .build();
            return new Provider(metadata, keys);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (GeneralException e) {
            throw refused("the identity provider does not describe itself", shown(String.valueOf(e.getMessage())));
        }
    }

    private ClientAuthentication authentication(OIDCProviderMetadata metadata) {
        Secret secret = new Secret(secrets.resolve(plan.clientSecret()).reveal());
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean isPost = methods != null
                && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        return isPost ? new ClientSecretPost(client(), secret) : new ClientSecretBasic(client(), secret);
    }

    private ClientID client() {
        return new ClientID(plan.clientId());
    }

    private URI callback() {
        return URI.create(ownAddress.get() + "/login/oidc/callback");
    }

    private static ProblemException refused(String fact, String cause) {
        return new ProblemException(
                ProblemCode.IDENTITY_REFUSED,
                fact,
                cause,
                "log in again; if it comes back, see web.oidc of the charter and the provider's client");
    }

    private ProblemException unreachable(IOException e) {
        return new ProblemException(
                new Problem(
                        ProblemCode.IDENTITY_REFUSED,
                        "the identity provider cannot be reached",
                        shown(e.getClass().getSimpleName() + ": " + e.getMessage()),
                        "see that " + plan.issuer() + " answers; people with a password can log in meanwhile"),
                e);
    }

    private static String shown(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= CAUSE_MAX ? plain : plain.substring(0, CAUSE_MAX) + "…";
    }
}
