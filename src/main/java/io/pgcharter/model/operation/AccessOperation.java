package io.pgcharter.model.operation;

import io.pgcharter.model.secret.Secret;
import java.time.Duration;
import java.util.Optional;

/// What people and programs do to get in, and what is done to let them.
public sealed interface AccessOperation extends Operation {
    /// Let a person use the dashboard and the API.
    record UserAdd(String user, Role role) implements AccessOperation {
        @Override
        public String verb() {
            return "users add";
        }
    }

    /// Let a person use the dashboard and the API no longer; ends their sessions and tokens.
    record UserRemove(String user) implements AccessOperation {
        @Override
        public String verb() {
            return "users remove";
        }
    }

    /// Make a token with which a program uses the API as `user`.
    ///
    /// @param scope what the token may do at most, never more than its user
    record TokenCreate(String user, String name, Role scope, Duration lasting) implements AccessOperation {
        @Override
        public String verb() {
            return "tokens create";
        }
    }

    /// Let a token open the API no longer.
    record TokenRevoke(String token) implements AccessOperation {
        @Override
        public String verb() {
            return "tokens revoke";
        }
    }

    /// Let somebody into the dashboard. Submitted before anybody has proven anything: its person is whom the
    /// form names, or `(nobody)` where there is no such user.
    ///
    /// @param password what they prove it with; empty where somebody else vouches for them
    /// @param vouched the role an identity provider vouches for
    /// @param address where they come from
    /// @param browser in words: `Firefox on Linux`
    record Login(String user, Optional<Secret> password, Optional<Role> vouched, String address, String browser)
            implements AccessOperation {
        /// Stands for whoever gave a name that nobody has: what was typed there may be a password.
        public static final String NOBODY = "(nobody)";

        @Override
        public String verb() {
            return "login";
        }
    }

    /// End one of one's own logins.
    ///
    /// @param session as the account page lists it
    record Logout(String user, String session) implements AccessOperation {
        @Override
        public String verb() {
            return "logout";
        }
    }

    /// Set one's own password. All other logins end.
    ///
    /// @param present which proves who it is; empty where a link does
    /// @param link that was handed over when the user was added
    /// @param login which goes on
    record PasswordChange(
            String user, Optional<Secret> present, Optional<Secret> link, Secret next, Optional<Secret> login)
            implements AccessOperation {
        @Override
        public String verb() {
            return "password change";
        }
    }
}
