package io.pgcharter.policy.charter;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.policy.charter.Charter.BackupPlan;
import io.pgcharter.policy.charter.Charter.Database;
import io.pgcharter.policy.charter.Charter.Environment;
import io.pgcharter.policy.charter.Charter.Flow;
import io.pgcharter.policy.charter.Charter.RepositoryPlace;
import io.pgcharter.policy.charter.Charter.Rule;
import io.pgcharter.policy.charter.Charter.What;
import io.pgcharter.policy.charter.ClassificationPlan.Classified;
import io.pgcharter.policy.charter.MigrationPlan.Migrations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks for what a charter allows and a careful team would not want without knowing.
final class Cautions {
    private static final Set<String> PRODUCTION_NAMES = Set.of("production", "prod", "live");

    /// Host and path of a URL, without scheme, login and query.
    private static final Pattern PLACE = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://(?:[^/?]*@)?([^?]*)(\\?.*)?");

    /// In the query these say where the database is; then the query cannot be left out of a comparison.
    private static final Pattern PLACE_IN_QUERY = Pattern.compile("[?&](?:host|hostaddr|port|dbname)=");

    private static final Pattern PLAIN_HTTP =
            Pattern.compile("http://(?!(?:localhost|127\\.[0-9.]+|\\[::1])(?::[0-9]+)?/?$).*");

    private final Charter charter;
    private final List<Warning> warnings = new ArrayList<>();

    private Cautions(Charter charter) {
        this.charter = charter;
    }

    /// In the order of the charter's lines.
    static List<Warning> about(Charter charter) {
        Cautions cautions = new Cautions(charter);
        cautions.unprotectedProduction();
        cautions.sharedDatabases();
        cautions.missingBackups();
        charter.shaping().migrations().all().values().forEach(cautions::unreleasable);
        cautions.plainEndpoints();
        cautions.unroutedAlerts();
        cautions.classesForAll();
        charter.backups().values().forEach(cautions::singlePlace);
        charter.backups().values().forEach(cautions::unverified);
        charter.backups().values().forEach(cautions::retention);
        charter.flows().forEach(cautions::unmasked);
        charter.flows().forEach(cautions::approvals);
        cautions.warnings.sort(Comparator.comparingInt(Warning::line));
        return List.copyOf(cautions.warnings);
    }

    private void add(int line, String rule, String text, String reason) {
        warnings.add(new Warning(charter.file(), line, rule, text, reason));
    }

    private void unprotectedProduction() {
        for (Environment environment : charter.environments().values()) {
            if (!environment.isProtected()
                    && PRODUCTION_NAMES.contains(environment.name().text())) {
                add(
                        environment.line(),
                        "unprotected-production",
                        "environment '" + environment.name() + "' is not protected",
                        "its databases can be overwritten without typing their name; write protected: true");
            }
        }
    }

    /// Where every route has a condition, something may fit none of them.
    private void unroutedAlerts() {
        AlertPlan plan = charter.serving().alerts();
        if (!plan.routes().isEmpty() && plan.routes().stream().noneMatch(AlertPlan.Route::takesAll)) {
            add(
                    plan.routes().getLast().line(),
                    "unrouted-alerts",
                    "every route of alerts has a condition",
                    "an alert that fits none of them reaches nobody; end with a route that has no 'when'");
        }
    }

    /// What a pattern that fits everything classifies, nobody has looked at.
    private void classesForAll() {
        for (Classified classified : charter.shaping().classification().all()) {
            List<String> parts = classified.columns().parts();
            if (parts.subList(2, parts.size()).stream().allMatch(NamePattern.ALL::equals)) {
                add(
                        classified.line(),
                        "class-for-all",
                        "every column of '" + parts.getFirst() + "' is "
                                + classified.dataClass().name().toLowerCase(Locale.ROOT) + " if nothing else is said",
                        "a new column has a class that nobody thought of, and lint cannot ask for it;"
                                + " classify table by table");
            }
        }
    }

    private void sharedDatabases() {
        Map<String, Database> seen = new HashMap<>();
        for (Database database : charter.databases().values()) {
            Database first = seen.putIfAbsent(place(database.url()), database);
            if (first == null) {
                continue;
            }
            boolean across = !first.environment().equals(database.environment());
            add(
                    database.line(),
                    "shared-database",
                    "databases '" + first.name() + "' (line " + first.line() + ") and '" + database.name()
                            + "' are one and the same place"
                            + (across
                                    ? ", in the environments '" + first.environment() + "' and '"
                                            + database.environment() + "'"
                                    : ""),
                    "what is done to the one happens to the other's users, and no rule can tell them apart;"
                            + " give each environment a database of its own");
        }
    }

    private static String place(SecretText url) {
        Matcher matcher = PLACE.matcher(url.text());
        if (!matcher.matches() || PLACE_IN_QUERY.matcher(url.text()).find()) {
            return url.text();
        }
        return matcher.group(1).replaceFirst(":5432(?=/|$)", "");
    }

    private void missingBackups() {
        for (Database database : charter.databases().values()) {
            if (charter.environment(database.environment()).isProtected()
                    && !charter.backups().containsKey(database.name())) {
                add(
                        database.line(),
                        "no-backup",
                        "database '" + database.name() + "' is in the protected environment '" + database.environment()
                                + "' and has no backup",
                        "if it is lost, it is lost for good; add it to backups");
            }
        }
    }

    /// Rehearsals and releases need backups of a database. Those that migrations only pass on their way to where it
    /// ends may do without.
    private void unreleasable(Migrations migrations) {
        if (migrations.release().isEmpty() && migrations.rehearsal().equals(RehearsalPlan.NO_LIMITS)) {
            return;
        }
        EnvironmentName last =
                charter.database(migrations.databases().getLast()).environment();
        List<String> without = migrations.databases().stream()
                .filter(name -> charter.database(name).environment().equals(last))
                .filter(name -> !charter.backups().containsKey(name))
                .map(name -> "'" + name + "'")
                .toList();
        if (!without.isEmpty()) {
            boolean isReleased = migrations.release().isPresent();
            add(
                    migrations.release().map(ReleasePlan::line).orElse(migrations.line()),
                    "no-backup-to-rehearse",
                    "migrations '" + migrations.name() + "' are to be " + (isReleased ? "released" : "rehearsed")
                            + ", and " + String.join(", ", without) + " is in no backup plan",
                    "a rehearsal is of a proven backup" + (isReleased ? ", and a release takes one" : "")
                            + ": both are refused until backups names it");
        }
    }

    /// The login and what is written are in clear on such a line, and whoever sits on it can change both.
    private void plainEndpoints() {
        for (RepositoryPlace repository : charter.repositories().values()) {
            if (repository.storage() instanceof StoragePlace.Bucket bucket
                    && bucket.endpoint().isPresent()
                    && PLAIN_HTTP.matcher(bucket.endpoint().get().text()).matches()) {
                add(
                        repository.line(),
                        "plain-http",
                        "repository '" + repository.name() + "' is reached without TLS",
                        "backups are sealed, but anybody on the way can drop or replay what is written; use an https"
                                + " endpoint");
            }
        }
    }

    /// A bucket is lost as a whole, whatever the prefix.
    private static Object whereItIs(StoragePlace place) {
        return switch (place) {
            case StoragePlace.Directory directory -> directory;
            case StoragePlace.Bucket bucket ->
                bucket.endpoint().map(SecretText::text).orElse("") + "\n"
                        + bucket.bucket().text();
        };
    }

    private void singlePlace(BackupPlan plan) {
        long places = plan.to().stream()
                .map(name -> whereItIs(charter.repository(name).storage()))
                .distinct()
                .count();
        if (places < 2) {
            add(
                    plan.line(),
                    "single-place",
                    "all backups of '" + plan.database() + "' go to one place",
                    "a single backup location is a single point of failure: what destroys it, destroys every backup;"
                            + " add a repository in another place");
        }
    }

    private void unverified(BackupPlan plan) {
        DatabaseName database = plan.database();
        if (!charter.verification().containsKey(database)) {
            add(
                    plan.line(),
                    "no-verification",
                    "backups of '" + database + "' have no smoke queries",
                    "equal rows prove that the backup is what the database was, not that it was sound;"
                            + (plan.retention().isPresent()
                                    ? " retention may remove the last sound one while nobody asks whether it is;"
                                    : "")
                            + " add queries under verification that must answer true");
        }
    }

    private void retention(BackupPlan plan) {
        plan.retention().ifPresent(retention -> {
            if (plan.to().stream().allMatch(name -> charter.repository(name).isAppendOnly())) {
                add(
                        retention.line(),
                        "retention-append-only",
                        "retention of '" + plan.database() + "' can be applied nowhere",
                        "every repository it goes to is append-only, so nothing is ever removed; take the retention"
                                + " out, or add a repository that is not");
            }
            if (retention.last() > 0 && retention.last() < retention.atLeast()) {
                add(
                        retention.line(),
                        "retention-overruled",
                        "retention of '" + plan.database() + "' says last: " + retention.last() + " and at-least: "
                                + retention.atLeast(),
                        "at least " + retention.atLeast() + " of the newest stay, so the smaller number says nothing;"
                                + " write the one you mean");
            }
        });
    }

    private void unmasked(Flow flow) {
        boolean leaves = charter.environment(flow.from()).isProtected()
                && !charter.environment(flow.to()).isProtected();
        if (flow.what() == What.DATA && leaves && !(flow.rule() instanceof Rule.Deny)) {
            add(
                    flow.line(),
                    "unmasked-data",
                    "unmasked data may leave the protected environment '" + flow.from() + "' for '" + flow.to()
                            + "', which is not protected",
                    "real people's data is then only as safe as '" + flow.to()
                            + "' is; protect it, or let only masked-data travel");
        }
    }

    private void approvals(Flow flow) {
        if (!(flow.rule() instanceof Rule.Approvals(int count, String role, var _))) {
            return;
        }
        int people = charter.approvers().getOrDefault(role, Set.of()).size();
        if (people < count + 1) {
            add(
                    flow.line(),
                    "few-approvers",
                    "role '" + role + "' is held by " + people + (people == 1 ? " person" : " people") + ", and "
                            + count + (count == 1 ? " approval is" : " approvals are") + " needed",
                    people < count
                            ? "the approvals can never come together; name more people under approvers"
                            : "nobody can approve their own request, so one absence stops all; name at least "
                                    + (count + 1) + " people under approvers");
        }
        if (charter.state().url().isEmpty()) {
            add(
                    flow.line(),
                    "approvals-not-shared",
                    "approvals are asked for, and state.url is not set",
                    "without it each OS user has a private state, so an approval by another user is never seen;"
                            + " set state.url to a PostgreSQL database that all of them reach");
        }
    }
}
