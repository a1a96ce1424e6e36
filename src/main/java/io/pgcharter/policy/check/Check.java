package io.pgcharter.policy.check;

import io.pgcharter.model.health.Question;
import java.util.Optional;

/// One thing that is looked at again and again.
///
/// @param id as charters, alerts and verdicts name it: `xid-age`
/// @param group under which docs/checks.md lists it
/// @param title what is looked at
/// @param why what happens to those who do not look
/// @param scope whose state it is: that of a database, of its whole server, or of pgcharter's own things
/// @param ok what is said when nothing is wrong and no row has more to say
/// @param remedy what to do
/// @param declared what the charter must declare of the database, else the check does not apply: `standbys`
/// @param question what is asked of a server; empty where pgcharter itself knows
public record Check(
        String id,
        String group,
        String title,
        String why,
        Scope scope,
        Rhythm rhythm,
        Judging judging,
        String ok,
        String remedy,
        Optional<String> declared,
        Optional<Question> question) {

    public enum Scope {
        SERVER,
        DATABASE,
        INSTALLATION
    }

    /// How often a check is made: those that can become bad in minutes, or cost nothing, or the others.
    public enum Rhythm {
        FAST,
        SLOW
    }
}
