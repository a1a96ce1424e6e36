package io.pgcharter.platform.secret;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.model.secret.SecretText;
import io.pgcharter.model.secret.SecretText.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.regex.Pattern;

/// Looks references up on this machine: `${env:NAME}` among environment variables, `${file:PATH}` in files. What is
/// empty counts as missing. Looks anew each time, so a secret that was changed is seen. Thread-safe.
///
/// Within `postgres://…` each reference stands for one part of the URL, so its value is percent-encoded (RFC 3986): a
/// password may hold `@` or `/` without a piece of it being taken for the host. A reference that stands for the whole
/// URL is left as it is.
public final class LocalSecrets implements Secrets {
    /// No password or URL is longer; a larger file is the wrong file.
    static final long FILE_BYTES_MAX = 64 * 1024;

    /// A URL of which references stand for parts.
    private static final Pattern URL = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://.*", Pattern.DOTALL);

    private final Map<String, String> environment;
    private final Path directory;

    /// @param environment the environment variables; copied
    /// @param directory what relative paths in `${file:PATH}` are relative to: the charter's own directory
    public LocalSecrets(Map<String, String> environment, Path directory) {
        this.environment = Map.copyOf(environment);
        this.directory = directory;
    }

    @Override
    public Secret resolve(SecretText text) {
        boolean partsOfUrl = URL.matcher(text.text()).matches();
        return text.resolve(reference -> partsOfUrl ? percentEncoded(lookUp(reference)) : lookUp(reference));
    }

    private String lookUp(Reference reference) {
        return switch (reference.provider()) {
            case "env" -> variable(reference);
            case "file" -> file(reference);
            default ->
                throw unresolved(
                        reference,
                        "this version of pgcharter looks up env and file only",
                        "write ${env:NAME} or ${file:PATH} instead");
        };
    }

    private String variable(Reference reference) {
        String value = environment.getOrDefault(reference.key(), "");
        if (value.isEmpty()) {
            throw unresolved(
                    reference,
                    "the environment variable " + reference.key()
                            + (environment.containsKey(reference.key()) ? " is empty" : " is not set"),
                    "run: export " + reference.key() + "=…");
        }
        return value;
    }

    private String file(Reference reference) {
        Path path = path(reference);
        try {
            byte[] bytes = read(reference, path);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            String value = withoutLineEnd(text);
            if (value.isEmpty()) {
                throw unresolved(reference, "the file is empty", "write the secret into " + path);
            }
            return value;
        } catch (CharacterCodingException notUtf8) {
            // No cause attached: a decoder's exception must not carry any of the bytes.
            throw unresolved(reference, "the file is not UTF-8 text", "save " + path + " as UTF-8 text");
        } catch (IOException broken) {
            throw unresolved(
                    reference,
                    "the file cannot be read: " + broken.getClass().getSimpleName(),
                    "run: ls -l " + path + "; it must be a file that this OS user can read");
        }
    }

    private byte[] read(Reference reference, Path path) throws IOException {
        if (!Files.exists(path)) {
            throw unresolved(
                    reference,
                    "there is no such file",
                    "write the secret into " + path + ", and run: chmod 600 " + path);
        }
        if (!Files.isRegularFile(path)) {
            throw unresolved(reference, "it is not a regular file", "name the file that holds the secret");
        }
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
            throw unresolved(reference, "every user of this machine may read the file", "run: chmod 600 " + path);
        }
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes((int) FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw unresolved(
                        reference, "the file is larger than 64 KiB", "name the file that holds nothing but the secret");
            }
            return bytes;
        }
    }

    private Path path(Reference reference) {
        try {
            return directory.resolve(reference.key()).normalize();
        } catch (InvalidPathException notAPath) {
            throw unresolved(reference, "this is not a path", "write ${file:/path/to/secret}");
        }
    }

    private static String percentEncoded(String value) {
        StringBuilder encoded = new StringBuilder();
        for (byte unit : value.getBytes(StandardCharsets.UTF_8)) {
            boolean unreserved = (unit >= '0' && unit <= '9')
                    || (unit >= 'A' && unit <= 'Z')
                    || (unit >= 'a' && unit <= 'z')
                    || "-._~".indexOf(unit) >= 0;
            encoded.append(unreserved ? String.valueOf((char) unit) : "%%%02X".formatted(unit & 0xFF));
        }
        return encoded.toString();
    }

    private static String withoutLineEnd(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static ProblemException unresolved(Reference reference, String cause, String remedy) {
        return new ProblemException(
                ProblemCode.SECRET_UNRESOLVED, "the secret '" + reference + "' cannot be looked up", cause, remedy);
    }
}
