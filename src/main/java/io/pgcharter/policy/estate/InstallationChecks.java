package io.pgcharter.policy.estate;

import io.pgcharter.model.estate.ClockDifference;
import io.pgcharter.model.health.Answer;
import io.pgcharter.model.health.Observation;
import java.time.Duration;
import java.util.List;

/// How the control database, this node's clock and disk are, and who waits.
final class InstallationChecks {
    private InstallationChecks() {}

    static Answer controlDatabase(InstallationEstate estate) {
        return new Answer.Seen(List.of(Observation.of(
                "control database",
                (double) estate.controlBytes(),
                "it answers and holds " + Figures.gigabytes(estate.controlBytes()))));
    }

    /// What lies within the doubt of the measurement counts for nothing.
    static Answer clock(InstallationEstate estate) {
        ClockDifference clock = estate.clock();
        Duration certain = clock.ahead().abs().minus(clock.doubt());
        double seconds = certain.isNegative() ? 0 : certain.toMillis() / 1000.0;
        String text = clock.ahead().abs().toMillis() + " ms "
                + (clock.ahead().isNegative() ? "behind" : "ahead of") + " the control database's, give or take "
                + clock.doubt().toMillis() + " ms";
        return new Answer.Seen(List.of(Observation.of("clock", seconds, "this node's clock is " + text)));
    }

    static Answer disk(InstallationEstate estate) {
        return new Answer.Seen(List.of(RepositoryChecks.row(estate.disk())));
    }

    static Answer approvals(InstallationEstate estate) {
        return new Answer.Seen(estate.approvals().stream()
                .map(open -> Observation.of(
                        "request " + open.request(),
                        Figures.seconds(open.askedAt(), estate.now()),
                        open.asker() + " has waited since " + Figures.age(open.askedAt(), estate.now()) + " for "
                                + (open.needed() - open.given()) + " more to agree to " + open.verb()
                                + "; it lapses at " + open.expiresAt()))
                .toList());
    }
}
