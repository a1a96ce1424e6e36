package io.pgcharter.model.alert;

import io.pgcharter.model.secret.SecretText;
import java.util.List;
import java.util.Optional;

/// Where notices go. Holds secret references, never secrets.
public sealed interface Receiver {
    /// As the charter's key says it: `email`, `webhook`, `slack`.
    String kind();

    /// @param to addresses, at least one
    record Email(List<String> to, String from, Smtp smtp) implements Receiver {
        public Email {
            to = List.copyOf(to);
        }

        @Override
        public String kind() {
            return "email";
        }
    }

    /// A server that takes mails.
    ///
    /// @param login empty for a server that asks for none
    /// @param authorities PEM file of the certificates to trust; empty for those that Java trusts
    record Smtp(String host, int port, Tls tls, Optional<Login> login, Optional<String> authorities) {}

    record Login(String user, SecretText password) {}

    /// How a mail server is talked to. Its certificate is verified in either case.
    enum Tls {
        /// Plain at first; refused if the server does not offer to encrypt.
        STARTTLS,
        /// Encrypted from the first byte.
        TLS,
        NONE
    }

    /// A program that takes JSON.
    ///
    /// @param secret what requests are signed with; empty for unsigned ones
    record Webhook(SecretText url, Optional<SecretText> secret, Optional<String> authorities) implements Receiver {
        @Override
        public String kind() {
            return "webhook";
        }
    }

    /// An incoming webhook of Slack, or of what speaks like it: Mattermost, Rocket.Chat.
    record Slack(SecretText url, Optional<String> authorities) implements Receiver {
        @Override
        public String kind() {
            return "slack";
        }
    }
}
