package io.pgcharter.entry.corridor;

import io.pgcharter.engine.journal.Entry;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One entry of the journal, as faces show it.
///
/// @param number position in the journal, from 1
/// @param step `ASKED`, `DECIDED`, `BEGUN` or `ENDED`
/// @param run the run it belongs to
/// @param person who asked
/// @param verb the operation's label
/// @param target what the operation touches, as `NAME` or `SOURCE → TARGET`; empty if nothing
/// @param detail what was decided, with the reason; or how it ended
public record JournalLine(
        long number, Instant at, String step, String run, String person, String verb, String target, String detail) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What an operation's JSON calls the things it touches, the first that is there being shown.
    private static final String[] SUBJECTS = {"database", "repository", "request", "run"};

    public static JournalLine of(Entry entry) {
        return new JournalLine(
                entry.sequence(),
                entry.time(),
                entry.step().name(),
                entry.run().text(),
                entry.actor().person(),
                entry.verb(),
                target(JSON.readTree(entry.operation())),
                detail(JSON.readTree(entry.details())));
    }

    private static String target(JsonNode operation) {
        if (operation.has("source") && operation.has("target")) {
            return operation.path("source").asString() + " → "
                    + operation.path("target").asString();
        }
        return Stream.of(SUBJECTS)
                .filter(operation::has)
                .findFirst()
                .map(subject -> operation.path(subject).asString())
                .orElse("");
    }

    private static String detail(JsonNode details) {
        if (details.has("decision")) {
            String reasons = Optional.of(details.path("reasons"))
                    .filter(list -> !list.isEmpty())
                    .map(list -> ": " + list.get(0).path("text").asString() + " ("
                            + list.get(0).path("where").asString() + ")")
                    .orElse("");
            return details.path("decision").asString() + reasons;
        }
        if (details.has("problem")) {
            JsonNode problem = details.path("problem");
            return details.path("outcome").asString() + ": "
                    + problem.path("code").asString() + ", "
                    + problem.path("fact").asString();
        }
        return details.path("outcome").asString();
    }
}
