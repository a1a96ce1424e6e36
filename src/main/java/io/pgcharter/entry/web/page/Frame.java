package io.pgcharter.entry.web.page;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What every page shows around its content.
///
/// @param visitor who is logged in; empty before the login
/// @param csrf what every form sends back; of this visitor's session
/// @param now the control database's time, which everything "ago" is counted from
public record Frame(Optional<Visitor> visitor, String csrf, Instant now, Theme theme, Pending pending) {

    /// A page before anybody logged in.
    public static Frame outside(String csrf, Instant now, Theme theme) {
        return new Frame(Optional.empty(), csrf, now, theme, new Pending(Level.OK, 0, 0, 0));
    }

    boolean may(Role needed) {
        return visitor.filter(person -> person.role().covers(needed)).isPresent();
    }

    /// Who looks at the page.
    ///
    /// @param environment which they act from; empty for none
    /// @param environments which they may choose from; empty where the charter does not ask for it
    public record Visitor(String name, Role role, Optional<String> environment, List<String> environments) {
        public Visitor {
            environments = List.copyOf(environments);
        }

        public Visitor(String name, Role role) {
            this(name, role, Optional.empty(), List.of());
        }
    }

    /// What waits for somebody, as the navigation counts it.
    ///
    /// @param level the worst of all checks
    /// @param approvals requests that this visitor may agree to
    /// @param alerts alerts that nobody has acknowledged
    /// @param runs runs that go on
    public record Pending(Level level, int approvals, int alerts, int runs) {}

    /// Which colours; kept in the cookie `theme`.
    public enum Theme {
        /// What the visitor's system wants.
        AUTO,
        LIGHT,
        DARK;

        /// Of the cookie's value; [#AUTO] for anything else.
        public static Theme of(String cookie) {
            return switch (cookie) {
                case "light" -> LIGHT;
                case "dark" -> DARK;
                default -> AUTO;
            };
        }
    }
}
