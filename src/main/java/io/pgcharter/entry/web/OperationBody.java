package io.pgcharter.entry.web;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Operations as requests name them: by their verb with `-` for blanks, and a JSON object with the record's components,
/// all of them, but for those that may be left out, and no other.
final class OperationBody {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// All that can be asked for over the network: every operation but the standing ones, which `serve` begins itself.
    private static final Map<String, Class<? extends Operation>> VERBS = verbs();

    private OperationBody() {}

    private static Map<String, Class<? extends Operation>> verbs() {
        Map<String, Class<? extends Operation>> verbs = new TreeMap<>();
        verbs.put("status", Operation.Status.class);
        verbs.put("backup", Operation.Backup.class);
        verbs.put("backups", Operation.Backups.class);
        verbs.put("restore", Operation.Restore.class);
        verbs.put("verify", Operation.Verify.class);
        verbs.put("copy", Operation.Copy.class);
        verbs.put("approve", Operation.Approve.class);
        verbs.put("cancel", Operation.Cancel.class);
        verbs.put("backups-pin", Operation.BackupPin.class);
        verbs.put("backups-unpin", Operation.BackupUnpin.class);
        verbs.put("retention-plan", Operation.RetentionPlan.class);
        verbs.put("retention-apply", Operation.RetentionApply.class);
        verbs.put("repository-init", Operation.RepositoryInit.class);
        verbs.put("repository-list", Operation.RepositoryList.class);
        verbs.put("repository-check", Operation.RepositoryCheck.class);
        verbs.put("repository-repair", Operation.RepositoryRepair.class);
        verbs.put("repository-forget", Operation.RepositoryForget.class);
        verbs.put("repository-prune", Operation.RepositoryPrune.class);
        verbs.put("repository-copy", Operation.RepositoryCopy.class);
        verbs.put("repository-key-list", Operation.RepositoryKeyList.class);
        verbs.put("repository-key-add", Operation.RepositoryKeyAdd.class);
        verbs.put("repository-key-remove", Operation.RepositoryKeyRemove.class);
        verbs.put("repository-key-rotate", Operation.RepositoryKeyRotate.class);
        verbs.put("repository-stats", Operation.RepositoryStats.class);
        verbs.put("journal-verify", Operation.JournalVerify.class);
        verbs.put("health", Operation.Health.class);
        verbs.put("alerts-acknowledge", ServingOperation.AlertAcknowledge.class);
        verbs.put("alerts-silence", ServingOperation.AlertSilence.class);
        verbs.put("alerts-unsilence", ServingOperation.AlertUnsilence.class);
        verbs.put("alerts-try", ServingOperation.AlertTry.class);
        verbs.put("maintain", Operation.Maintain.class);
        verbs.put("sessions-list", Operation.SessionsList.class);
        verbs.put("sessions-end", Operation.SessionsEnd.class);
        verbs.put("advice", Operation.Advice.class);
        verbs.put("queries", Operation.Queries.class);
        verbs.put("pools", Operation.Pools.class);
        verbs.put("users-add", AccessOperation.UserAdd.class);
        verbs.put("users-remove", AccessOperation.UserRemove.class);
        verbs.put("tokens-create", AccessOperation.TokenCreate.class);
        verbs.put("tokens-revoke", AccessOperation.TokenRevoke.class);
        verbs.put("lint", SchemaOperation.Lint.class);
        verbs.put("migrate-status", SchemaOperation.MigrateStatus.class);
        verbs.put("migrate-plan", SchemaOperation.MigratePlan.class);
        verbs.put("migrate-up", SchemaOperation.MigrateUp.class);
        verbs.put("migrate-down", SchemaOperation.MigrateDown.class);
        verbs.put("migrate-resolve", SchemaOperation.MigrateResolve.class);
        verbs.put("migrate-baseline", SchemaOperation.MigrateBaseline.class);
        verbs.put("migrate-import", SchemaOperation.MigrateImport.class);
        verbs.put("rehearse", SchemaOperation.Rehearse.class);
        verbs.put("release", SchemaOperation.Release.class);
        verbs.put("schema-diff", SchemaOperation.SchemaDiff.class);
        verbs.put("schema-drift", SchemaOperation.SchemaDrift.class);
        verbs.put("schema-push", SchemaOperation.SchemaPush.class);
        verbs.put("seed", SchemaOperation.Seed.class);
        verbs.put("reset", SchemaOperation.Reset.class);
        return Map.copyOf(verbs);
    }

    static Map<String, Class<? extends Operation>> all() {
        return VERBS;
    }

    /// @param text a JSON object
    /// @throws Rejection if it is not that operation
    static Operation read(String verb, String text) {
        Class<? extends Operation> kind = kind(verb);
        try {
            return made(verb, kind, JSON.readTree(text.isBlank() ? "{}" : text));
        } catch (JacksonException e) {
            throw notThat(verb, kind, e);
        }
    }

    /// The same of a form's fields: each a component's text, one that is blank left out.
    static Operation read(String verb, Map<String, List<String>> fields) {
        Class<? extends Operation> kind = kind(verb);
        Map<String, Object> object = new LinkedHashMap<>();
        fields.forEach((name, values) -> {
            boolean isList = Arrays.stream(kind.getRecordComponents())
                    .anyMatch(part -> part.getName().equals(name) && part.getType() == List.class);
            if (isList) {
                object.put(name, values);
            } else if (!values.getFirst().isBlank()) {
                object.put(name, values.getFirst());
            }
        });
        try {
            return made(verb, kind, JSON.valueToTree(object));
        } catch (JacksonException e) {
            throw notThat(verb, kind, e);
        }
    }

    private static Class<? extends Operation> kind(String verb) {
        Class<? extends Operation> kind = VERBS.get(verb);
        if (kind == null) {
            throw Rejection.notFound("there is no operation of that name");
        }
        return kind;
    }

    /// A record could be made without what it must have: its type does not say so to the library.
    private static Operation made(String verb, Class<? extends Operation> kind, JsonNode tree) {
        if (!tree.isObject()) {
            throw Rejection.invalid(
                    "this is no JSON object",
                    verb + " takes an object with: " + components(kind),
                    "see /api/v1/openapi.json");
        }
        for (RecordComponent part : kind.getRecordComponents()) {
            if (part.getType() != Optional.class && !tree.hasNonNull(part.getName())) {
                throw Rejection.invalid(
                        "'" + part.getName() + "' is missing",
                        verb + " takes an object with: " + components(kind),
                        "add it; see /api/v1/openapi.json");
            }
        }
        return JSON.treeToValue(tree, kind);
    }

    /// The message of the library may quote what was sent, and name our classes: neither is repeated.
    private static Rejection notThat(String verb, Class<? extends Operation> kind, JacksonException e) {
        String at = e instanceof DatabindException && !e.getPath().isEmpty()
                ? " at '" + e.getPath().getFirst().getPropertyName() + "'"
                : "";
        return Rejection.invalid(
                "this is not the JSON of operation " + verb + at,
                verb + " takes an object with: " + components(kind),
                "see /api/v1/openapi.json");
    }

    private static String components(Class<? extends Operation> kind) {
        List<String> names = Arrays.stream(kind.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
}
