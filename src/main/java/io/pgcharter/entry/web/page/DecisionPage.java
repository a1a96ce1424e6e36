package io.pgcharter.entry.web.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the guard said, where it did not simply allow.
///
/// @param what what was asked for, in words
/// @param reasons those that decided first
/// @param request id of the request for approval that came of it
/// @param again the form that asks once more, with a name to type; where the guard wants one
public record DecisionPage(
        String what, Kind kind, List<Reason> reasons, Optional<String> request, Optional<Again> again) implements Page {
    public DecisionPage {
        reasons = List.copyOf(reasons);
    }

    @Override
    public String title() {
        return switch (kind) {
            case REFUSED -> "Refused";
            case WAITING -> "Waits for approval";
            case CONFIRM -> "Confirm";
        };
    }

    /// What the guard said.
    public enum Kind {
        REFUSED,
        WAITING,
        CONFIRM
    }

    /// Why.
    ///
    /// @param rule name of the guard's rule
    /// @param where the line of the charter
    public record Reason(String rule, String text, String where) {}

    /// @param name what to type
    /// @param action where the form goes
    /// @param fields what it sends besides `confirm` and `csrf`
    public record Again(String name, String action, Map<String, String> fields) {
        public Again {
            fields = Map.copyOf(fields);
        }
    }
}
