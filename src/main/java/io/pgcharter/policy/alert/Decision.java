package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Notice;
import java.util.List;

/// What comes of a [Situation].
///
/// @param changed alerts that are new or not what they were
/// @param dropped ids of alerts that were over before they counted
/// @param notices one for each receiver and group that has news
public record Decision(List<Alert> changed, List<String> dropped, List<Notice> notices) {
    public Decision {
        changed = List.copyOf(changed);
        dropped = List.copyOf(dropped);
        notices = List.copyOf(notices);
    }
}
