package io.pgcharter.platform.notice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.alert.Notice.News;
import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.postgres.Certificates;
import io.pgcharter.platform.secret.LocalSecrets;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Notices that go to real receivers: a mail server, a web server.
@Timeout(60)
class MessengerIT {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String HOSTILE =
            "x\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script> <!channel> & \u202Eöß";

    private final GreenMail mails =
            new GreenMail(new ServerSetup[] {ServerSetup.SMTP.dynamicPort(), ServerSetup.SMTPS.dynamicPort()});
    private final HttpReceiver web = new HttpReceiver();

    @AfterEach
    void close() {
        mails.stop();
        web.close();
    }

    private Messenger messenger(Duration max) {
        Map<String, String> variables = Map.of(
                "HOOK", web.url("/hook-tok3n"),
                "KEY", "s3cret",
                "PW", "hunter2",
                "BAD", "https://user tok3n@nowhere",
                "FTP", "ftp://example.org/tok3n");
        return new Messenger(new LocalSecrets(variables, Path.of("/")), InstantSource.fixed(NOON), max);
    }

    private Messenger messenger() {
        return messenger(Duration.ofSeconds(20));
    }

    private static Notice notice(String message) {
        return new Notice(
                "ab".repeat(16),
                "ops",
                Optional.of("production"),
                NOON,
                List.of(new News(
                        Change.BEGAN,
                        "0f1e2d3c",
                        new Topic("check/xid-age", "database/payments"),
                        Level.CRIT,
                        message,
                        List.of("detail " + message),
                        NOON,
                        Optional.empty())),
                2);
    }

    private Receiver.Email email(Receiver.Tls tls, int port, boolean login) {
        return new Receiver.Email(
                List.of("ops@example.org", "dba@example.org"),
                "pgcharter@example.org",
                new Receiver.Smtp(
                        "127.0.0.1",
                        port,
                        tls,
                        login
                                ? Optional.of(new Receiver.Login("pgcharter", new SecretText("${env:PW}")))
                                : Optional.empty(),
                        Optional.empty()));
    }

    private Receiver.Webhook hook(String reference) {
        return new Receiver.Webhook(
                new SecretText("${env:" + reference + "}"),
                Optional.of(new SecretText("${env:KEY}")),
                Optional.empty());
    }

    private static Problem refused(Messenger messenger, Receiver receiver) {
        ProblemException thrown =
                catchThrowableOfType(ProblemException.class, () -> messenger.send(receiver, 7, notice("m")));
        assertThat(thrown).isNotNull();
        assertThat(thrown.problem().text())
                .doesNotContain("tok3n")
                .doesNotContain("hunter2")
                .doesNotContain("s3cret");
        return thrown.problem();
    }

    @Test
    void a_mail_has_one_subject_one_id_and_holds_no_header_but_ours() throws Exception {
        mails.start();

        messenger().send(email(Receiver.Tls.NONE, mails.getSmtp().getPort(), false), 7, notice(HOSTILE));

        assertThat(mails.getReceivedMessages()).hasSize(2);
        MimeMessage mail = mails.getReceivedMessages()[0];
        assertThat(mail.getMessageID()).isEqualTo("<" + "ab".repeat(16) + "@pgcharter>");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSubject())
                .startsWith("[pgcharter] CRIT production: xid-age of database/payments: x Bcc: all@example.org")
                .contains("öß")
                .doesNotContain("\u202E");
        assertThat(mail.getAllRecipients()).hasSize(2);
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        String whole = GreenMailUtil.getWholeMessage(mail);
        assertThat(whole).contains("multipart/alternative").doesNotContain("<p><script>");
        assertThat(NoticeText.html(notice(HOSTILE))).contains("&lt;script&gt;").doesNotContain("<script>");
        assertThat(NoticeText.plain(notice("m")))
                .contains(
                        "CRIT xid-age of database/payments: m",
                        "2 other alerts stand in production",
                        "pgcharter alerts acknowledge 0f1e2d3c");
    }

    @Test
    void a_server_that_offers_no_encryption_never_sees_a_password() {
        mails.setUser("pgcharter", "hunter2");
        mails.start();

        Problem problem = refused(
                messenger(), email(Receiver.Tls.STARTTLS, mails.getSmtp().getPort(), true));

        assertThat(problem.cause()).contains("STARTTLS");
        assertThat(mails.getReceivedMessages()).isEmpty();
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() {
        mails.start();

        Problem problem =
                refused(messenger(), email(Receiver.Tls.TLS, mails.getSmtps().getPort(), false));

        assertThat(problem.cause()).containsIgnoringCase("cert");
        assertThat(mails.getReceivedMessages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "TLS"})
    void a_mail_goes_over_tls_to_a_server_that_our_authority_vouches_for_and_to_no_other(Receiver.Tls tls)
            throws IOException, GeneralSecurityException {
        Certificates certificates = new Certificates();
        Path authority = certificates.file("authority.crt");
        try (TlsMailServer server = new TlsMailServer(
                certificates.file("server.crt"), certificates.file("server.key"), tls == Receiver.Tls.STARTTLS)) {
            messenger().send(encrypted(tls, "localhost", server.port(), authority), 7, notice("m"));

            assertThat(server.mails())
                    .hasSize(1)
                    .allSatisfy(mail -> assertThat(mail)
                            .contains("Subject: [pgcharter] CRIT production: xid-age of database/payments: m"));

            // Another authority, another name, and no encryption at all.
            assertThat(refused(
                                    messenger(),
                                    encrypted(tls, "localhost", server.port(), certificates.file("stranger.crt")))
                            .cause())
                    .contains("certification path");
            assertThat(refused(messenger(), encrypted(tls, "127.0.0.1", server.port(), authority))
                            .cause())
                    .contains("127.0.0.1");
            assertThat(refused(messenger(), email(Receiver.Tls.NONE, server.port(), false))
                            .cause())
                    .isNotBlank();
            assertThat(server.mails()).hasSize(1);
        }
    }

    private static Receiver.Email encrypted(Receiver.Tls tls, String host, int port, Path authority) {
        return new Receiver.Email(
                List.of("ops@example.org", "dba@example.org"),
                "pgcharter@example.org",
                new Receiver.Smtp(host, port, tls, Optional.empty(), Optional.of(authority.toString())));
    }

    @Test
    void a_login_is_made_and_a_wrong_one_is_told_without_the_password() {
        mails.setUser("pgcharter", "hunter2");
        mails.start();
        Receiver.Email right = email(Receiver.Tls.NONE, mails.getSmtp().getPort(), true);
        messenger().send(right, 7, notice("m"));
        assertThat(mails.getReceivedMessages()).hasSize(2);

        mails.getUserManager().getUser("pgcharter").setPassword("other");
        mails.getUserManager().setAuthRequired(true);

        assertThat(refused(messenger(), right).cause()).contains("refused the login of 'pgcharter'");
    }

    @Test
    void a_mail_server_that_is_gone_is_told() {
        assertThat(refused(messenger(), email(Receiver.Tls.NONE, 1, false)).cause())
                .contains("127.0.0.1:1");
    }

    @Test
    void a_webhook_gets_signed_json_that_can_be_verified() throws Exception {
        messenger().send(hook("HOOK"), 7, notice(HOSTILE));

        HttpReceiver.Request request = web.requests("/hook-tok3n").getFirst();
        String seconds = Long.toString(NOON.getEpochSecond());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cret".getBytes(UTF_8), "HmacSHA256"));
        String expected = HexFormat.of().formatHex(mac.doFinal((seconds + "." + request.body()).getBytes(UTF_8)));
        assertThat(request.header("Pgcharter-Signature")).isEqualTo("t=" + seconds + ",v1=" + expected);
        assertThat(request.header("Idempotency-Key")).isEqualTo("ab".repeat(16));
        JsonNode body = JsonMapper.builder().build().readTree(request.body());
        assertThat(body.path("number").asInt()).isEqualTo(7);
        assertThat(body.at("/news/0/change").stringValue()).isEqualTo("began");
        assertThat(body.at("/news/0/message").stringValue()).isEqualTo(HOSTILE);
    }

    @Test
    void what_a_web_server_does_wrong_is_told_without_its_address() {
        web.answers(500);
        assertThat(refused(messenger(), hook("HOOK")).cause()).isEqualTo("127.0.0.1 answered 500");
        web.redirects(web.url("/elsewhere"));
        assertThat(refused(messenger(), hook("HOOK")).cause()).contains("redirects are not followed");
        assertThat(web.requests("/elsewhere")).isEmpty();
        web.holdsOn();
        assertThat(refused(messenger(Duration.ofMillis(300)), hook("HOOK")).cause())
                .contains("did not take it within 300 ms");
        web.close();
        assertThat(refused(messenger(), hook("HOOK")).cause()).contains("refuses connections");
        assertThat(refused(messenger(), hook("BAD")).cause()).contains("its address");
        assertThat(refused(messenger(), hook("FTP")).cause()).contains("does not begin with https://host");
    }

    @Test
    void slack_gets_plain_text_that_calls_nobody() {
        messenger().send(new Receiver.Slack(new SecretText("${env:HOOK}"), Optional.empty()), 7, notice(HOSTILE));

        JsonNode body = JsonMapper.builder()
                .build()
                .readTree(web.requests("/hook-tok3n").getFirst().body());
        assertThat(body.path("text").stringValue()).contains("&lt;!channel&gt;").doesNotContain("<!channel>");
        assertThat(body.path("blocks"))
                .hasSize(3)
                .allSatisfy(block ->
                        assertThat(block.at("/text/type").stringValue()).isEqualTo("plain_text"));
    }
}
