package io.pgcharter.model.operation;

import java.time.Duration;

/// What goes on for as long as pgcharter serves, and what people do about its alerts.
public sealed interface ServingOperation extends Operation {
    /// Collect metrics and judge checks for as long as the process lives. Databases are divided among the nodes that
    /// watch.
    record Watch() implements ServingOperation {
        @Override
        public String verb() {
            return "watch";
        }
    }

    /// Tell people what the watch found and how runs ended, for as long as the process lives.
    record Alert() implements ServingOperation {
        @Override
        public String verb() {
            return "alert";
        }
    }

    /// Say that a person has seen the alert and takes care of it: it is not sent again while it lasts.
    record AlertAcknowledge(String alert, String because) implements ServingOperation {
        public AlertAcknowledge {
            Operation.requireReason(because);
        }

        @Override
        public String verb() {
            return "alerts acknowledge";
        }
    }

    /// Send nothing about `subject` for a while. What happens meanwhile is still recorded.
    ///
    /// @param subject what alerts name: `database/payments`, `check/xid-age`, or both joined by a blank
    record AlertSilence(String subject, Duration lasting, String because) implements ServingOperation {
        public AlertSilence {
            Operation.requireReason(because);
        }

        @Override
        public String verb() {
            return "alerts silence";
        }
    }

    /// End a silence before its time.
    record AlertUnsilence(String silence) implements ServingOperation {
        @Override
        public String verb() {
            return "alerts unsilence";
        }
    }

    /// Send a notice that only says that it is one, to see that it arrives.
    record AlertTry(String receiver) implements ServingOperation {
        @Override
        public String verb() {
            return "alerts try";
        }
    }
}
