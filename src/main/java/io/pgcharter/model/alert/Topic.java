package io.pgcharter.model.alert;

import java.util.List;

/// What an alert is about. Two alerts of one topic never stand at once.
///
/// @param name what says that something is wrong: `check/xid-age`, `run/backup`, `node/db1`, `receiver/ops-mail`
/// @param subjects what it says it of: `database/payments`, `repository/offsite`, `installation`
public record Topic(String name, List<String> subjects) {
    /// What no check has judged for long.
    public static final String SILENT = "watch/silent";

    /// What checks cannot see of a subject, all of them together.
    public static final String UNSEEN = "watch/unseen";

    public static final String INSTALLATION = "installation";

    public Topic {
        subjects = List.copyOf(subjects);
    }

    public Topic(String name, String subject) {
        this(name, List.of(subject));
    }

    /// One text for each topic: `check/xid-age database/payments`.
    public String key() {
        return name + " " + String.join(" ", subjects);
    }

    /// The name without its kind: `xid-age`.
    public String shortName() {
        return name.substring(name.indexOf('/') + 1);
    }
}
