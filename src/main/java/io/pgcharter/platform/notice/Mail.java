package io.pgcharter.platform.notice;

import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Receiver;
import io.pgcharter.model.alert.Receiver.Smtp;
import io.pgcharter.platform.secret.Secrets;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Properties;

/// Sends notices by SMTP, as plain text and as HTML. Certificates and host names are verified. Thread-safe.
final class Mail {
    private static final String WAITING_MAX_MILLIS = "10000";

    private final Secrets secrets;

    Mail(Secrets secrets) {
        this.secrets = secrets;
    }

    void send(Receiver.Email email, Notice notice) throws Undelivered {
        Smtp smtp = email.smtp();
        String protocol = smtp.tls() == Receiver.Tls.TLS ? "smtps" : "smtp";
        Session session = Session.getInstance(properties(smtp, protocol));
        try (Transport transport = session.getTransport(protocol)) {
            MimeMessage message = message(session, email, notice);
            if (smtp.login().isPresent()) {
                Receiver.Login login = smtp.login().get();
                transport.connect(
                        smtp.host(),
                        smtp.port(),
                        login.user(),
                        secrets.resolve(login.password()).reveal());
            } else {
                transport.connect(smtp.host(), smtp.port(), null, null);
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (AuthenticationFailedException e) {
            throw new Undelivered(smtp.host() + " refused the login of '"
                    + smtp.login().map(Receiver.Login::user).orElse("nobody") + "'");
        } catch (SendFailedException e) {
            throw new Undelivered(smtp.host() + " refused the mail: " + e.getMessage());
        } catch (MessagingException e) {
            throw new Undelivered(smtp.host() + ":" + smtp.port() + ": " + reason(e));
        }
    }

    /// The first line of the innermost reason; of the mail's servers, none holds a secret.
    private static String reason(MessagingException e) {
        Throwable reason = e;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return reason.getClass().getSimpleName() + ": " + reason.getMessage();
    }

    private static Properties properties(Smtp smtp, String protocol) throws Undelivered {
        String prefix = "mail." + protocol + ".";
        Properties properties = new Properties();
        properties.put(prefix + "connectiontimeout", WAITING_MAX_MILLIS);
        properties.put(prefix + "timeout", WAITING_MAX_MILLIS);
        properties.put(prefix + "writetimeout", WAITING_MAX_MILLIS);
        properties.put(prefix + "auth", Boolean.toString(smtp.login().isPresent()));
        properties.put(prefix + "sendpartial", "true");
        if (smtp.tls() != Receiver.Tls.NONE) {
            properties.put(prefix + "starttls.enable", Boolean.toString(smtp.tls() == Receiver.Tls.STARTTLS));
            properties.put(prefix + "starttls.required", Boolean.toString(smtp.tls() == Receiver.Tls.STARTTLS));
            properties.put(prefix + "ssl.checkserveridentity", "true");
            properties.put(prefix + "ssl.protocols", "TLSv1.3 TLSv1.2");
            properties.put(
                    prefix + "ssl.socketFactory",
                    Trust.context(smtp.authorities()).getSocketFactory());
        }
        return properties;
    }

    private static MimeMessage message(Session session, Receiver.Email email, Notice notice) throws MessagingException {
        MimeMessage message = new Identified(session, "<" + notice.id() + "@pgcharter>");
        message.setFrom(new InternetAddress(email.from()));
        for (String address : email.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(address));
        }
        String charset = StandardCharsets.UTF_8.name();
        message.setSubject("[pgcharter] " + NoticeText.title(notice), charset);
        message.setSentDate(Date.from(notice.at()));
        // RFC 3834: nobody's vacation is to answer.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("Pgcharter-Notice", notice.id());
        MimeBodyPart plain = new MimeBodyPart();
        plain.setText(NoticeText.plain(notice), charset);
        MimeBodyPart html = new MimeBodyPart();
        html.setText(NoticeText.html(notice), charset, "html");
        message.setContent(new MimeMultipart("alternative", plain, html));
        message.saveChanges();
        return message;
    }

    /// A mail with a Message-ID of its own: the same each time it is tried, so that the second one is dropped.
    private static final class Identified extends MimeMessage {
        private final String id;

        Identified(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
