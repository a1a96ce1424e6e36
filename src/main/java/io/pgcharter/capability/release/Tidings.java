package io.pgcharter.capability.release;

import io.pgcharter.model.alert.Notice;
import io.pgcharter.model.alert.Notice.Change;
import io.pgcharter.model.alert.Topic;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.migration.Release;
import io.pgcharter.platform.state.Outbox;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Tells the receivers that the charter names of a release. Each of its tidings is told once, however often a release
/// is taken up: a notice's id follows from what it tells.
final class Tidings {
    private static final int ID_BYTES = 16;

    private final Outbox outbox;
    private final List<String> receivers;
    private final EnvironmentName environment;

    Tidings(Outbox outbox, List<String> receivers, EnvironmentName environment) {
        this.outbox = outbox;
        this.receivers = receivers;
        this.environment = environment;
    }

    /// Puts it into the outbox; whoever serves sends it.
    ///
    /// @return who will hear of it, in words
    String tell(Release release, Change change, String message, List<String> details, Instant now) {
        Level level = change == Change.FAILED ? Level.CRIT : Level.OK;
        Notice.News news = new Notice.News(
                change,
                release.id(),
                new Topic("run/release", "database/" + release.database()),
                level,
                message,
                details,
                now,
                Optional.empty());
        outbox.enter(receivers.stream()
                .map(receiver -> new Notice(
                        id(release, change, receiver),
                        receiver,
                        Optional.of(environment.text()),
                        now,
                        List.of(news),
                        0))
                .toList());
        return receivers.isEmpty() ? "nobody: the charter names nobody" : String.join(", ", receivers);
    }

    private static String id(Release release, Change change, String receiver) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((release.id() + " " + change + " " + receiver).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
