package io.pgcharter.platform.notice;

import io.pgcharter.model.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what goes to a webhook: `Pgcharter-Signature: t=SECONDS,v1=HEX`, where `HEX` is the HMAC-SHA256 (RFC 2104) of
/// `SECONDS.BODY`. The time is signed too, so that a receiver can refuse what was recorded and sent again.
final class Signature {
    static final String HEADER = "Pgcharter-Signature";

    private Signature() {}

    static Web.Body sign(Web.Body body, Secret secret, long seconds) {
        return body.with(HEADER, "t=" + seconds + ",v1=" + hex(secret, seconds + "." + body.text()));
    }

    private static String hex(Secret secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
