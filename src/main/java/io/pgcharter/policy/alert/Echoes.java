package io.pgcharter.policy.alert;

import io.pgcharter.model.alert.Alert;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Finding;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.health.StandingVerdict;
import io.pgcharter.model.health.Verdict;
import io.pgcharter.policy.charter.SchedulePlan;
import io.pgcharter.policy.charter.SchedulePlan.Job;
import io.pgcharter.policy.charter.SchedulePlan.What;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the checks `run-failed` and `schedule-failed` find is that runs failed. People hear of that as the run's own
/// topic; they need not hear it three times.
final class Echoes {
    private static final String RUN = "run/";

    private final SchedulePlan schedule;
    private final Situation situation;

    Echoes(SchedulePlan schedule, Situation situation) {
        this.schedule = schedule;
        this.situation = situation;
    }

    /// The verdict without what is told already; empty if nothing is left of it.
    Optional<StandingVerdict> without(StandingVerdict standing) {
        Verdict verdict = standing.verdict();
        if (!verdict.check().equals("run-failed") && !verdict.check().equals("schedule-failed")) {
            return Optional.of(standing);
        }
        Set<Topic> told = told(standing);
        List<Finding> left = verdict.findings().stream()
                .filter(finding -> told.stream().noneMatch(topic -> isOf(verdict.check(), finding, topic)))
                .toList();
        if (left.size() == verdict.findings().size()) {
            return Optional.of(standing);
        }
        return left.stream()
                .filter(finding -> finding.waived().isEmpty())
                .findFirst()
                .map(worst -> new StandingVerdict(
                        new Verdict(
                                verdict.check(),
                                verdict.subject(),
                                worst.level(),
                                worst.key() + ": " + worst.text(),
                                left,
                                verdict.value()),
                        standing.since(),
                        standing.at()));
    }

    /// Failures that are told, or are about to be. One that was made good after the check looked counts still.
    private Set<Topic> told(StandingVerdict standing) {
        Stream<Topic> standingAlerts = situation.alerts().stream()
                .filter(alert -> alert.topic().name().startsWith(RUN))
                .filter(alert -> alert.course()
                        .resolvedAt()
                        .map(resolved -> !resolved.isBefore(standing.at()))
                        .orElse(true))
                .map(Alert::topic);
        Stream<Topic> failures = Stream.concat(situation.runs().stream(), situation.unheard().stream())
                .filter(run -> run.hasFailed() && run.concerns())
                .map(RunEnd::topic);
        return Stream.concat(standingAlerts, failures).collect(Collectors.toSet());
    }

    private boolean isOf(String check, Finding finding, Topic topic) {
        if (finding.level() == Level.UNKNOWN) {
            return false;
        }
        if (check.equals("run-failed")) {
            // backup database/shop repository/vault
            return finding.key().equals(topic.shortName().replace('-', ' ') + " " + String.join(" ", topic.subjects()));
        }
        // nightly shop; refresh shop to copy. What the charter refused is no run.
        String[] words = finding.key().split(" ", -1);
        Job job = schedule.jobs().get(words[0]);
        return finding.text().startsWith("failed")
                && job != null
                && topic.name().equals(RUN + verb(job.what()))
                && words.length > 1
                && topic.subjects().stream().anyMatch(subject -> subject.endsWith("/" + words[1]));
    }

    private static String verb(What what) {
        return switch (what) {
            case What.Backup _ -> "backup";
            case What.Verify _ -> "verify";
            case What.Retention _ -> "retention-apply";
            case What.Prune _ -> "repository-prune";
            case What.Check _ -> "repository-check";
            case What.CopyRepository _ -> "repository-copy";
            case What.Copy _ -> "copy";
            case What.Maintain _ -> "maintain";
        };
    }
}
