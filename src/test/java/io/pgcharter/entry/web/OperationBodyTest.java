package io.pgcharter.entry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.SchemaOperation;
import io.pgcharter.model.operation.ServingOperation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationBodyTest {
    @Test
    void every_operation_can_be_asked_for_but_the_standing_ones_those_of_the_door_and_those_with_files() {
        Set<Class<?>> asked = Set.copyOf(OperationBody.all().values());

        Set<Class<?>> missing = Arrays.stream(Operation.class.getPermittedSubclasses())
                .flatMap(kind -> kind.isSealed() ? Arrays.stream(kind.getPermittedSubclasses()) : Stream.of(kind))
                .filter(kind -> !asked.contains(kind))
                .collect(Collectors.toSet());

        assertThat(missing)
                .containsExactlyInAnyOrder(
                        ServingOperation.Watch.class,
                        ServingOperation.Alert.class,
                        SchemaOperation.LintFiles.class,
                        SchemaOperation.MigrateNew.class,
                        AccessOperation.Login.class,
                        AccessOperation.Logout.class,
                        AccessOperation.PasswordChange.class);
        assertThat(OperationBody.all()).hasSize(asked.size());
    }

    @Test
    void what_may_be_left_out_may_be_left_out_or_null() {
        assertThat(OperationBody.read("health", "{}")).isEqualTo(new Operation.Health(Optional.empty()));
        assertThat(OperationBody.read("health", "{\"database\":null}"))
                .isEqualTo(new Operation.Health(Optional.empty()));
        assertThat(OperationBody.read("health", "")).isEqualTo(new Operation.Health(Optional.empty()));
    }

    @Test
    void a_form_says_the_same_as_json() {
        assertThat(OperationBody.read(
                        "backup", Map.of("database", List.of("shop"), "repositories", List.of("onsite", "offsite"))))
                .isEqualTo(new Operation.Backup(
                        new DatabaseName("shop"), List.of(new RepositoryName("onsite"), new RepositoryName("offsite"))))
                .isEqualTo(OperationBody.read(
                        "backup", "{\"database\":\"shop\",\"repositories\":[\"onsite\",\"offsite\"]}"));
        assertThat(OperationBody.read(
                        "verify",
                        Map.of(
                                "backup", List.of("0123abcd"),
                                "repository", List.of("onsite"),
                                "database", List.of("shop"))))
                .isEqualTo(new Operation.Verify(
                        new BackupId("0123abcd"), new RepositoryName("onsite"), new DatabaseName("shop")));
    }

    @Test
    void a_field_that_is_none_of_the_operations_is_refused() {
        assertThatThrownBy(() ->
                        OperationBody.read("status", Map.of("database", List.of("shop"), "force", List.of("true"))))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("status takes an object with: database");
    }
}
