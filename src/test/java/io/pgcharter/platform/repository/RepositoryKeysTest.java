package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgcharter.model.place.StoragePlace;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.platform.secret.LocalSecrets;
import io.pgcharter.platform.storage.BrokenStorage;
import io.pgcharter.platform.storage.BrokenStorage.Fault;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Several passwords on one repository: what is refused, what damage costs, what a kill leaves.
class RepositoryKeysTest {
    private static final Secret FIRST = new Secret("correct horse");
    private static final Secret SECOND = new Secret("battery 💶 staple é");
    private static final Secret THIRD = new Secret("third");

    @TempDir
    private Path directory;

    private final Keyring keyring = new Keyring();

    private Storage storage() {
        return new FileStorage(directory.resolve("r"));
    }

    private void init() {
        Repository.init(storage(), FIRST).close();
    }

    private RepositoryKeys keys(Storage storage, Secret password) {
        try (Repository repository = Repository.open(storage, password, keyring)) {
            return repository.keys(password, keyring);
        }
    }

    private RepositoryKeys keys(Secret password) {
        return keys(storage(), password);
    }

    private static ProblemException problem(Runnable work) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(problem).isNotNull();
        return problem;
    }

    private void assertOpens(Secret password) {
        Repository.open(storage(), password, keyring).close();
    }

    private void assertShut(Secret password) {
        assertThat(problem(() -> assertOpens(password)).problem().code()).isEqualTo(ProblemCode.REPOSITORY_PASSWORD);
    }

    @Test
    void an_added_password_opens_the_same_repository_and_is_listed_as_another() {
        init();
        String added = keys(FIRST).add(SECOND);

        try (Repository first = Repository.open(storage(), FIRST, keyring);
                Repository second = Repository.open(storage(), SECOND, keyring)) {
            assertThat(second.id()).isEqualTo(first.id());
            assertThat(second.vault().key().isSame(first.vault().key())).isTrue();
        }
        List<RepositoryKeys.Key> listed = keys(FIRST).list();
        assertThat(listed).hasSize(2).allSatisfy(key -> {
            assertThat(key.isCurrent()).isEqualTo(!key.id().equals(added));
            assertThat(key.createdAt()).isPresent();
            assertThat(key.user()).isNotEmpty();
            assertThat(key.trouble()).isEmpty();
        });
    }

    @Test
    void a_password_that_opens_it_already_is_not_added_again() {
        init();
        var problem = problem(() -> keys(FIRST).add(FIRST)).problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_KEY);
        assertThat(problem.fact()).contains("opens", "already");
        assertThat(storage().list(Vault.KEYS)).hasSize(1);
    }

    @Test
    void a_removed_password_opens_it_no_longer_but_neither_the_last_nor_the_one_in_use_is_removed() {
        init();
        String first = keys(FIRST).list().getFirst().id();
        var last = problem(() -> keys(FIRST).remove(first.substring(0, 8))).problem();
        assertThat(last.code()).isEqualTo(ProblemCode.REPOSITORY_KEY);
        assertThat(last.fact()).contains("the last one");
        assertThat(last.remedy()).contains("key rotate");

        String second = keys(FIRST).add(SECOND);
        assertThat(problem(() -> keys(FIRST).remove(first)).problem().fact()).contains("the one in use");
        assertThat(keys(FIRST).remove(second.substring(0, 8))).isEqualTo(second);
        assertShut(SECOND);
        assertOpens(FIRST);
    }

    @Test
    void a_key_is_removed_only_by_an_unambiguous_beginning_of_its_id() {
        init();
        String second = keys(FIRST).add(SECOND);
        for (String prefix : List.of("", second.substring(0, 7), "0123456789abcdef")) {
            assertThat(problem(() -> keys(FIRST).remove(prefix)).problem().code())
                    .isEqualTo(ProblemCode.NOT_FOUND);
        }
        assertThat(storage().list(Vault.KEYS)).hasSize(2);
    }

    @Test
    void a_rotation_puts_the_new_password_in_the_place_of_the_old_and_leaves_the_others() {
        init();
        keys(FIRST).add(THIRD);
        String old = keys(FIRST).list().stream()
                .filter(RepositoryKeys.Key::isCurrent)
                .findFirst()
                .orElseThrow()
                .id();
        RepositoryKeys.Rotation rotation = keys(FIRST).rotate(SECOND);

        assertThat(rotation.removed()).containsExactly(old);
        assertShut(FIRST);
        assertOpens(SECOND);
        assertOpens(THIRD);
        assertThat(problem(() -> keys(SECOND).rotate(SECOND)).problem().code()).isEqualTo(ProblemCode.REPOSITORY_KEY);
        assertOpens(SECOND);
    }

    @Test
    void killed_at_any_call_a_rotation_leaves_a_password_that_opens_and_goes_on_when_run_again() {
        init();
        Map<String, byte[]> fresh = new java.util.TreeMap<>();
        storage().list("").forEach(file -> fresh.put(file.key(), storage().get(file.key())));
        int call = 0;
        BrokenStorage dying;
        do {
            call++;
            storage().list(Vault.KEYS).forEach(file -> storage().delete(file.key()));
            fresh.forEach((key, bytes) -> storage().put(key, ByteBuffer.wrap(bytes)));
            dying = new BrokenStorage(storage(), call % 2 == 0 ? Fault.DIES_AFTERWARDS : Fault.DIES, call);
            Storage killed = dying;
            ProblemException _ = catchThrowableOfType(
                    ProblemException.class, () -> keys(killed, FIRST).rotate(SECOND));

            boolean isOldThere = fresh.keySet().stream().allMatch(storage()::exists);
            if (isOldThere) {
                keys(FIRST).rotate(SECOND);
            }
            assertShut(FIRST);
            assertOpens(SECOND);
            assertThat(storage().list(Vault.KEYS)).hasSize(1);
        } while (dying.isBroken());
        assertThat(call).isGreaterThan(5);
    }

    @Test
    void a_damaged_key_file_costs_its_own_password_only_and_is_said() {
        init();
        String second = keys(FIRST).add(SECOND);
        byte[] bytes = storage().get(Vault.KEYS + second);
        bytes[bytes.length / 2] ^= 1;
        storage().put(Vault.KEYS + second, ByteBuffer.wrap(bytes));

        assertOpens(FIRST);
        var refusal = problem(() -> assertOpens(SECOND)).problem();
        assertThat(refusal.code()).isEqualTo(ProblemCode.REPOSITORY_PASSWORD);
        assertThat(refusal.cause()).contains("1 key file(s) tried", "not tried", second, "its SHA-256 is not its name");
        assertThat(keys(FIRST).list())
                .filteredOn(key -> key.trouble().isPresent())
                .singleElement()
                .satisfies(key -> assertThat(key.id()).isEqualTo(second));
        try (Repository repository = Repository.open(storage(), FIRST, keyring)) {
            assertThat(repository.check(false, _ -> {}).errors())
                    .singleElement()
                    .asString()
                    .contains(second, "damaged");
        }
        // It can go, as it opens nothing.
        keys(FIRST).remove(second);
        assertThat(keys(FIRST).list()).hasSize(1);
    }

    @Test
    void a_key_file_with_a_cost_beyond_reason_is_told_apart_and_the_others_open() {
        init();
        byte[] sound = storage().get(storage().list(Vault.KEYS).getFirst().key());
        for (Map.Entry<String, Object> wrong : List.of(
                Map.entry("N", (Object) 33000),
                Map.entry("N", (Object) (1 << 30)),
                Map.entry("r", (Object) 0),
                Map.entry("p", (Object) 100_000),
                Map.entry("kdf", (Object) "argon2"),
                Map.entry("salt", (Object) "!"),
                Map.entry("data", (Object) ""))) {
            ObjectNode node = (ObjectNode) Json.read(sound);
            node.putPOJO(wrong.getKey(), wrong.getValue());
            String name = plant(Json.bytes(node));

            assertThat(keys(FIRST).list())
                    .filteredOn(key -> key.id().equals(name))
                    .singleElement()
                    .satisfies(key -> assertThat(key.trouble().orElseThrow()).startsWith("it is unusable: "));
            storage().delete(Vault.KEYS + name);
        }
        plant("no JSON".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertOpens(FIRST);
        storage().delete(Vault.KEYS + name(sound));
        var damage = problem(() -> assertOpens(FIRST)).problem();
        assertThat(damage.code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
        assertThat(damage.fact()).contains("no key file", "unusable");
    }

    private String plant(byte[] content) {
        storage().put(Vault.KEYS + name(content), ByteBuffer.wrap(content));
        return name(content);
    }

    private static String name(byte[] content) {
        return BlobId.digest(BlobId.sha256(), content, 0, content.length).toString();
    }

    @Test
    void an_empty_keys_directory_is_no_wrong_password() {
        init();
        storage().list(Vault.KEYS).forEach(file -> storage().delete(file.key()));
        var problem = problem(() -> assertOpens(FIRST)).problem();
        assertThat(problem.code()).isEqualTo(ProblemCode.REPOSITORY_DAMAGED);
        assertThat(problem.fact()).contains("has no key file");
    }

    @Test
    void white_space_around_a_password_in_a_file_does_not_count() throws IOException {
        Path file = directory.resolve("password");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Repositories repositories =
                new Repositories(new LocalSecrets(Map.of("IN_ENV", " kept "), directory), directory.resolve("cache"));
        StoragePlace place =
                new StoragePlace.Directory(new SecretText(directory.resolve("r").toString()));
        SecretText reference = new SecretText("${file:" + file + "}");
        Files.writeString(file, "\uFEFF correct  horse\r\n\n");
        repositories.init(place, reference).close();

        Repository.open(storage(), new Secret("correct  horse"), keyring).close();
        Files.writeString(file, "correct  horse");
        repositories.open(place, reference).close();
        assertThat(repositories.password(new SecretText("${env:IN_ENV}")).reveal())
                .isEqualTo(" kept ");
    }
}
