package io.pgcharter.entry.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
    private final List<Route> routes = RouteTable.routes();
    private final JsonNode document = JsonMapper.builder().build().valueToTree(OpenApi.of(routes));

    @Test
    void it_lists_every_route_of_the_api_and_no_other() {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            path.getValue().propertyNames().forEach(method -> described.add(method + " " + path.getKey()));
        }

        Set<String> served = new TreeSet<>();
        routes.stream()
                .filter(route -> route.kind() == Route.Kind.API)
                .forEach(route -> served.add(route.method().name().toLowerCase(Locale.ROOT) + " " + route.path()));
        assertThat(described).isEqualTo(served).hasSizeGreaterThan(15);
    }

    @Test
    void every_reference_leads_somewhere_and_every_id_is_one_of_its_own() {
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.stringValue().substring(1)).isObject())
                    .as(reference.stringValue())
                    .isTrue();
        }
        List<String> ids = document.findValuesAsString("operationId");
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(15);
        assertThat(document.path("openapi").stringValue()).isEqualTo("3.1.0");
    }

    @Test
    void an_operations_schema_says_what_it_must_have() {
        JsonNode restore = document.path("components").path("schemas").path("restore");

        assertThat(restore.path("required").toString())
                .contains("backup", "target")
                .doesNotContain("newDatabase");
        assertThat(restore.path("additionalProperties").asBoolean()).isFalse();
        assertThat(restore.path("properties").path("selection").path("type").stringValue())
                .isEqualTo("array");
    }
}
