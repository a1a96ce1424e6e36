package io.pgcharter.policy.estate;

import io.pgcharter.model.health.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/// What each check says of what was seen: rows that the check's file judges. Pure.
public final class EstateChecks {
    private EstateChecks() {}

    /// By id of the check.
    public static Map<String, Answer> of(DatabaseEstate estate) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("backup-age", BackupChecks.age(estate));
        answers.put("proof-age", BackupChecks.proofAge(estate));
        answers.put("backup-places", BackupChecks.places(estate));
        answers.put("retention-behind", RetentionCheck.behind(estate));
        answers.put("run-failed", RunChecks.failed(estate.failures(), estate.now()));
        answers.put("tls-certificate", CertificateCheck.ending(estate.certificate(), estate.now()));
        return answers;
    }

    /// By id of the check.
    public static Map<String, Answer> of(RepositoryEstate estate) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("repository-reachable", RepositoryChecks.reachable(estate));
        answers.put("repository-check-age", RepositoryChecks.checkAge(estate));
        answers.put("repository-damage", RepositoryChecks.damage(estate));
        answers.put("repository-disk", RepositoryChecks.disk(estate));
        answers.put("run-failed", RunChecks.failed(estate.failures(), estate.now()));
        return answers;
    }

    /// By id of the check.
    public static Map<String, Answer> of(InstallationEstate estate) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("control-database", InstallationChecks.controlDatabase(estate));
        answers.put("node-clock", InstallationChecks.clock(estate));
        answers.put("state-disk", InstallationChecks.disk(estate));
        answers.put("node-processors", LoadChecks.processors(estate.nodes()));
        answers.put("journal-anchored", JournalChecks.anchored(estate));
        answers.put("journal-verified", JournalChecks.verified(estate));
        answers.put("approval-waiting", InstallationChecks.approvals(estate));
        answers.put("run-failed", RunChecks.failed(estate.failures(), estate.now()));
        return answers;
    }

    /// By id of the check.
    public static Map<String, Answer> of(StatementEstate estate) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("statement-p95", LoadChecks.p95(estate));
        answers.put("slow-statements", LoadChecks.slow(estate));
        return answers;
    }

    /// By id of the check.
    public static Map<String, Answer> of(PoolerEstate estate) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("pool-waiters", PoolerChecks.waiters(estate));
        return answers;
    }

    /// By id of the check.
    public static Map<String, Answer> of(ScheduleEstate estate) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("schedule-missed", ScheduleChecks.missed(estate));
        answers.put("schedule-failed", ScheduleChecks.failed(estate));
        answers.put("schedule-served", ScheduleChecks.served(estate));
        return answers;
    }
}
