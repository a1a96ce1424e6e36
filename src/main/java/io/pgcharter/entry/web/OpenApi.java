package io.pgcharter.entry.web;

import io.pgcharter.model.health.Level;
import io.pgcharter.model.operation.Operation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The API as OpenAPI 3.1 describes it, made of the table of routes and of the operations' records: it cannot say
/// anything else than what is served.
final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
    private static final Map<String, Object> TEXT = Map.of("type", "string");

    private OpenApi() {}

    /// @param routes all of them; those of pages are left out
    static Map<String, Object> of(List<Route> routes) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            if (route.kind() == Route.Kind.API) {
                paths.computeIfAbsent(route.path(), _ -> new LinkedHashMap<>())
                        .put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
            }
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title", "pgcharter",
                        "version", "1",
                        "description",
                                "What --json prints, over HTTP. Documents are described in docs/json.md,"
                                        + " problems in docs/problems.md, operations by the schemas below."));
        document.put("security", List.of(Map.of("token", List.of())));
        document.put("paths", paths);
        document.put("components", components());
        return document;
    }

    private static Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", id(route));
        operation.put("summary", route.summary());
        switch (route.permission()) {
            case Route.Permission.Anybody() -> operation.put("security", List.of());
            case Route.Permission.Needs(var role) ->
                operation.put("description", "Role: " + role.name().toLowerCase(Locale.ROOT));
        }
        operation.put("parameters", parameters(route));
        boolean isAsked = route.path().endsWith("/{verb}");
        if (isAsked) {
            operation.put(
                    "requestBody",
                    Map.of(
                            "required",
                            true,
                            "content",
                            json(Map.of(
                                    "description",
                                    "The schema named like the verb.",
                                    "anyOf",
                                    OperationBody.all().keySet().stream()
                                            .sorted()
                                            .map(verb -> Map.of("$ref", "#/components/schemas/" + verb))
                                            .toList()))));
        }
        operation.put("responses", responses(route));
        return operation;
    }

    private static String id(Route route) {
        String words = route.path()
                .replace("/api/v1/", "")
                .replaceAll("[{}]", "")
                .replaceAll("[^A-Za-z]+", "-")
                .replaceAll("^-|-$", "");
        return route.method().name().toLowerCase(Locale.ROOT) + "-" + words;
    }

    private static List<Map<String, Object>> parameters(Route route) {
        List<Map<String, Object>> parameters = new ArrayList<>();
        Matcher named = PARAMETER.matcher(route.path());
        while (named.find()) {
            Map<String, Object> schema = named.group(1).equals("verb")
                    ? Map.of(
                            "type",
                            "string",
                            "enum",
                            OperationBody.all().keySet().stream().sorted().toList())
                    : TEXT;
            parameters.add(Map.of("name", named.group(1), "in", "path", "required", true, "schema", schema));
        }
        if (route.method() == Route.Method.POST) {
            parameters.add(query("as", "The environment you act from."));
            parameters.add(query("confirm", "The name of what would be changed, to confirm it."));
            if (!route.path().contains("/explain/")) {
                parameters.add(query("wait", "Seconds to wait for the end, 1 to 30; 202 if it goes on then."));
            }
        }
        switch (route.path()) {
            case "/api/v1/runs" -> {
                parameters.add(query("count", "How many, 1 to 1000; 50 if not said."));
                parameters.add(query("database", "Only runs that name this database."));
                parameters.add(query("repository", "Only runs that name this repository."));
            }
            case "/api/v1/journal", "/api/v1/approvals" ->
                parameters.add(query("count", "How many, 1 to 1000; 50 if not said."));
            case "/api/v1/schedule", "/api/v1/alerts" ->
                parameters.add(query("history", "How many of what is over, 1 to 1000; what is now if not said."));
            case "/api/v1/inventory" -> parameters.add(query("database", "All backups of this database."));
            case "/api/v1/metrics/{name}" -> {
                parameters.add(query(
                        "metric",
                        "This metric in the course of time, as docs/metrics.md names it"
                                + " without pgcharter_database_; the newest sample if not said."));
                parameters.add(query("hours", "How far back, 1 to 17520; 24 if not said."));
                parameters.add(query("points", "How many at most, 1 to 1000; 240 if not said."));
            }
            case "/api/v1/health" -> {
                parameters.add(query("subject", "database/NAME, repository/NAME or installation: all of this one."));
                parameters.add(query("count", "How many of all subjects', 1 to 10000; 1000 if not said."));
            }
            default -> {
                // The others have none.
            }
        }
        return parameters;
    }

    private static Map<String, Object> query(String name, String description) {
        return Map.of("name", name, "in", "query", "description", description, "schema", TEXT);
    }

    private static Map<String, Object> responses(Route route) {
        Map<String, Object> responses = new TreeMap<>();
        Map<String, Object> content = route.path().endsWith("/events")
                ? Map.of("text/event-stream", Map.of("schema", TEXT))
                : route.path().endsWith("z") || route.path().equals("/metrics")
                        ? Map.of("text/plain", Map.of("schema", TEXT))
                        : json(Map.of("type", "object"));
        responses.put("200", Map.of("description", "Done", "content", content));
        if (route.method() == Route.Method.POST) {
            responses.put("202", Map.of("description", "It goes on: see the run", "content", outcome()));
            responses.put(
                    "409", Map.of("description", "Waiting for a confirmation or approvals", "content", outcome()));
            responses.put("422", Map.of("description", "It failed: the problem says why", "content", outcome()));
        }
        if (route.permission() instanceof Route.Permission.Needs) {
            responses.put("401", Map.of("description", "No login, no token", "content", outcome()));
            responses.put("403", Map.of("description", "Refused", "content", outcome()));
            responses.put("429", Map.of("description", "Too many requests", "content", outcome()));
        }
        responses.put("default", Map.of("description", "A problem", "content", outcome()));
        return responses;
    }

    private static Map<String, Object> outcome() {
        return json(Map.of("$ref", "#/components/schemas/outcome"));
    }

    private static Map<String, Object> json(Map<String, Object> schema) {
        return Map.of("application/json", Map.of("schema", schema));
    }

    private static Map<String, Object> components() {
        Map<String, Object> schemas = new LinkedHashMap<>();
        schemas.put(
                "outcome",
                object(
                        Map.of(
                                "outcome",
                                Map.of("enum", List.of("done", "running", "failed", "refused", "waiting")),
                                "run",
                                TEXT,
                                "report",
                                Map.of("type", "object"),
                                "problem",
                                Map.of("$ref", "#/components/schemas/problem")),
                        List.of("outcome")));
        schemas.put(
                "problem",
                object(
                        Map.of("code", TEXT, "fact", TEXT, "cause", TEXT, "remedy", TEXT),
                        List.of("code", "fact", "cause", "remedy")));
        schemas.put(
                "level",
                Map.of("enum", Arrays.stream(Level.values()).map(Enum::name).toList()));
        new TreeMap<>(OperationBody.all()).forEach((verb, kind) -> schemas.put(verb, schema(kind)));
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("schemas", schemas);
        components.put("securitySchemes", Map.of("token", Map.of("type", "http", "scheme", "bearer")));
        return components;
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        return Map.of("type", "object", "properties", new TreeMap<>(properties), "required", required);
    }

    private static Map<String, Object> schema(Class<? extends Operation> kind) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent part : kind.getRecordComponents()) {
            properties.put(part.getName(), type(part.getGenericType()));
            if (part.getType() != Optional.class) {
                required.add(part.getName());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> type(Type type) {
        if (type instanceof ParameterizedType generic) {
            Map<String, Object> of = type(generic.getActualTypeArguments()[0]);
            return generic.getRawType() == List.class ? Map.of("type", "array", "items", of) : of;
        }
        if (type == boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == long.class || type == int.class) {
            return Map.of("type", "integer");
        }
        if (type == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (type == Duration.class) {
            return Map.of("type", "string", "format", "duration");
        }
        if (type instanceof Class<?> kind && kind.isEnum()) {
            return Map.of(
                    "enum",
                    Arrays.stream(kind.getEnumConstants()).map(String::valueOf).toList());
        }
        if (type == Operation.Reading.class) {
            return object(
                    Map.of("due", Map.of("type", "string", "format", "duration"), "percent", Map.of("type", "integer")),
                    List.of("due", "percent"));
        }
        return TEXT;
    }
}
