package io.pgcharter.entry.cli;

import io.pgcharter.model.id.BackupId;
import io.pgcharter.model.id.CharterName;
import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.MigrationsName;
import io.pgcharter.model.id.PoolerName;
import io.pgcharter.model.id.RepositoryName;
import io.pgcharter.model.id.RunId;
import io.pgcharter.model.operation.Operation;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.secret.SecretText;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/// Turns words of the command line into names, with a message that says what was expected.
final class Arguments {
    private static final Pattern REFERENCE = Pattern.compile("(env|file):[^{}]+");

    private Arguments() {}

    static void register(CommandLine line) {
        line.registerConverter(DatabaseName.class, text -> name(text, DatabaseName::new));
        line.registerConverter(PoolerName.class, text -> name(text, PoolerName::new));
        line.registerConverter(MigrationsName.class, text -> name(text, MigrationsName::new));
        line.registerConverter(RepositoryName.class, text -> name(text, RepositoryName::new));
        line.registerConverter(EnvironmentName.class, Arguments::environment);
        line.registerConverter(BackupId.class, Arguments::backup);
        line.registerConverter(RunId.class, Arguments::run);
        line.registerConverter(Duration.class, Arguments::duration);
        line.registerConverter(RepositoryCheckCommand.Percent.class, Arguments::percent);
        line.registerConverter(SecretText.class, Arguments::secret);
        line.registerConverter(Operation.Maintain.Task.class, Arguments::task);
        line.registerConverter(Instant.class, Arguments::instant);
        line.registerConverter(Role.class, Arguments::role);
    }

    static EnvironmentName environment(String text) {
        return name(text, EnvironmentName::new);
    }

    private static <T> T name(String text, Function<String, T> make) {
        if (!CharterName.isValid(text)) {
            throw new TypeConversionException(
                    "'" + text
                            + "' is not a name of a charter (lower-case letters, digits, '-' and '_', beginning with a letter)");
        }
        return make.apply(text);
    }

    private static Duration duration(String text) {
        if (!text.matches("[0-9]{1,5}[smhd]")) {
            throw new TypeConversionException("'" + text + "' is not a length of time (want such as 30d, 12h, 90m)");
        }
        int count = Integer.parseInt(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static RepositoryCheckCommand.Percent percent(String text) {
        try {
            if (text.matches(RepositoryCheckCommand.Percent.FORM)) {
                return new RepositoryCheckCommand.Percent(Integer.parseInt(text.substring(0, text.length() - 1)));
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is not a share (want 1% to 100%)");
    }

    private static Operation.Maintain.Task task(String text) {
        return Arrays.stream(Operation.Maintain.Task.values())
                .filter(task -> task.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is no maintenance (want vacuum, reindex, partitions or statistics)"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new TypeConversionException("'" + text + "' is no time (want such as 2026-11-21T08:00:00Z)");
        }
    }

    private static BackupId backup(String text) {
        if (!BackupId.isValid(text)) {
            throw new TypeConversionException("'" + text + "' is not a backup (want 8 to 64 hexadecimal digits)");
        }
        return new BackupId(text);
    }

    /// A shell would replace `${…}` itself, so the bare reference is taken too. What is refused is not repeated: it may
    /// be a secret.
    private static SecretText secret(String text) {
        String bare = text.startsWith("${") && text.endsWith("}") ? text.substring(2, text.length() - 1) : text;
        if (!REFERENCE.matcher(bare).matches()) {
            throw new TypeConversionException(
                    "this is no reference to a password (want env:NAME or file:PATH; a password itself must not be typed"
                            + " here, where other users of the machine can see it)");
        }
        return new SecretText("${" + bare + "}");
    }

    private static Role role(String text) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is not a role (want viewer, operator, approver or admin)"));
    }

    private static RunId run(String text) {
        try {
            return new RunId(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not a run (want 12 hexadecimal digits)");
        }
    }
}
