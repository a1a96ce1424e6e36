package io.pgcharter.model.health;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a check asks of a server. Every statement reads only.
///
/// @param check id of the check
/// @param side which servers it is asked of
/// @param majorMin the oldest major version it makes sense on
/// @param majorMax the newest one
/// @param sight whether this role sees what it must; empty where every role does
/// @param applies statement that answers with one row: whether the check makes sense here, and why it does not
/// @param sql major version to the statement from that version on. Its rows are: key, value, text; counters also: of,
///     epoch. See [Observation]
/// @param parameters of `sql`, as text
/// @param grant what a role needs that is denied it; `{role}` stands for the role
public record Question(
        String check,
        Side side,
        int majorMin,
        int majorMax,
        Optional<Sight> sight,
        Optional<String> applies,
        SortedMap<Integer, String> sql,
        List<String> parameters,
        String grant) {
    public Question {
        sql = new TreeMap<>(sql);
        parameters = List.copyOf(parameters);
    }

    /// Which of the two sides of replication.
    public enum Side {
        ANY,
        PRIMARY,
        STANDBY
    }

    /// @param sql statement that answers with one boolean: whether the role sees what it must
    /// @param reason what it does not see
    /// @param grant what would let it see; `{role}` stands for the role
    public record Sight(String sql, String reason, String grant) {}
}
