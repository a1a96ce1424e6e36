package io.pgcharter.entry.web;

import io.pgcharter.engine.engine.RunRow;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.corridor.OutcomeJson;
import io.pgcharter.model.id.RunId;
import java.time.Duration;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/// A run as it goes on, as server-sent events: one whenever something has changed, one at the end.
final class RunEvents {
    private static final Duration PAUSE = Duration.ofMillis(300);

    /// A sign of life at least so often, counted in pauses.
    private static final int SIGN_EVERY = 33;

    /// After this many pauses (five minutes) the stream ends. A browser opens another one by itself, if its login still
    /// holds.
    private static final int PAUSES_MAX = 1000;

    private final Corridor corridor;
    private final JsonMapper json = OutcomeJson.mapper(false);

    RunEvents(Corridor corridor) {
        this.corridor = corridor;
    }

    /// `GET /api/v1/runs/{run}/events`: event `run` with the run's JSON, event `ended` with that of its end.
    Answer json(Request request) {
        return follow(request, "run", json::writeValueAsString);
    }

    /// @param shown what is sent of a run
    Answer follow(Request request, String event, Function<RunRow, String> shown) {
        RunId run = request.run();
        RunRow first = find(run);
        return new Answer.Events(stream -> {
            String before = "";
            RunRow row = first;
            for (int turn = 1; turn <= PAUSES_MAX; turn++) {
                String now = shown.apply(row);
                if (!now.equals(before)) {
                    stream.send(event, now);
                    before = now;
                } else if (turn % SIGN_EVERY == 0) {
                    stream.sendSign();
                }
                if (row.endedAt().isPresent()) {
                    stream.send("ended", row.outcome().orElse("lost"));
                    return;
                }
                if (!stream.pause(PAUSE)) {
                    return;
                }
                row = find(run);
            }
        });
    }

    private RunRow find(RunId run) {
        return corridor.readings().runs().find(run).orElseThrow(() -> Rejection.notFound("there is no such run"));
    }
}
