package io.pgcharter.entry.web;

import io.javalin.http.Context;
import io.pgcharter.model.secret.Secret;
import java.time.Duration;
import java.util.Optional;

/// The cookies we set: none of them can be read by scripts, and the login's goes along with requests of our own pages
/// only. Where there is TLS they have names (`__Host-`) that only this host can set, and only by TLS (RFC 6265bis).
final class Cookies {
    private final boolean isSecure;

    Cookies(boolean isSecure) {
        this.isSecure = isSecure;
    }

    Optional<String> login(Context context) {
        return value(context, "pgcharter");
    }

    void setLogin(Context context, Secret login) {
        set(context, "pgcharter", login.reveal(), "Strict", Optional.empty());
    }

    void removeLogin(Context context) {
        set(context, "pgcharter", "", "Strict", Optional.of(Duration.ZERO));
    }

    /// By which a browser is known that was sent to an identity provider. It comes back from another site, so its
    /// cookie has to be `Lax`.
    Optional<String> browser(Context context) {
        return value(context, "pgcharter-oidc");
    }

    void setBrowser(Context context, Secret browser, Duration holds) {
        set(context, "pgcharter-oidc", browser.reveal(), "Lax", Optional.of(holds));
    }

    void removeBrowser(Context context) {
        set(context, "pgcharter-oidc", "", "Lax", Optional.of(Duration.ZERO));
    }

    private Optional<String> value(Context context, String name) {
        return Optional.ofNullable(context.cookie(fullName(name))).filter(value -> !value.isEmpty());
    }

    private String fullName(String name) {
        return (isSecure ? "__Host-" : "") + name;
    }

    private void set(Context context, String name, String value, String site, Optional<Duration> holds) {
        context.res()
                .addHeader(
                        "Set-Cookie",
                        fullName(name) + "=" + value + "; Path=/; HttpOnly; SameSite=" + site
                                + (isSecure ? "; Secure" : "")
                                + holds.map(time -> "; Max-Age=" + time.toSeconds())
                                        .orElse(""));
    }
}
