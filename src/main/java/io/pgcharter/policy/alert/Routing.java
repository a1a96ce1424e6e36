package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.CharterName;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.policy.charter.AlertPlan;
import io.pgcharter.policy.charter.AlertPlan.Route;
import io.pgcharter.policy.charter.Charter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who is told of what.
final class Routing {
    private static final String DATABASE = "database/";

    private final Charter charter;
    private final AlertPlan plan;

    Routing(Charter charter) {
        this.charter = charter;
        this.plan = charter.serving().alerts();
    }

    /// Names of the receivers, in the charter's order. A receiver is not told that it takes no notices.
    List<String> receivers(Alert alert) {
        Set<String> wanted = new LinkedHashSet<>();
        if (plan.routes().isEmpty()) {
            wanted.addAll(plan.receivers().keySet());
        }
        plan.routes().stream().filter(route -> fits(route, alert)).forEach(route -> wanted.addAll(route.to()));
        return plan.receivers().keySet().stream()
                .filter(wanted::contains)
                .filter(name -> !alert.topic().name().equals("receiver/" + name))
                .toList();
    }

    private boolean fits(Route route, Alert alert) {
        Topic topic = alert.topic();
        return (route.least() != Level.CRIT || alert.level() == Level.CRIT)
                && (route.environments().isEmpty()
                        || databases(topic).stream()
                                .flatMap(name -> environment(name).stream())
                                .anyMatch(route.environments()::contains))
                && (route.databases().isEmpty() || databases(topic).stream().anyMatch(route.databases()::contains))
                && (route.topics().isEmpty()
                        || route.topics().stream()
                                .anyMatch(name -> name.replace(' ', '-').equals(topic.shortName())));
    }

    /// The environment of the first database that the topic names: what is told together.
    Optional<String> group(Topic topic) {
        return databases(topic).stream()
                .flatMap(name -> environment(name).stream())
                .findFirst()
                .map(EnvironmentName::text);
    }

    private static Set<DatabaseName> databases(Topic topic) {
        return topic.subjects().stream()
                .filter(subject -> subject.startsWith(DATABASE))
                .map(subject -> subject.substring(DATABASE.length()))
                .filter(CharterName::isValid)
                .map(DatabaseName::new)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Optional<EnvironmentName> environment(DatabaseName name) {
        return Optional.ofNullable(charter.databases().get(name)).map(Charter.Database::environment);
    }
}
