package io.pgcharter.policy.charter;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a text that breaks one of the schema's patterns most likely got wrong. The text itself is shown only where
/// it is a name; what may be a secret is not shown at all.
record Mistake(String message, String remedy) {
    static final String NAME_RULE =
            "use lower-case letters, digits, '-' and '_', beginning with a letter, at most 63 characters";

    private static final List<String> PROVIDERS = List.of("env", "file", "aws-secret", "vault");
    private static final String REFERENCE_REMEDY =
            "write ${env:NAME} for an environment variable or ${file:/path} for a file that holds the password";
    private static final Pattern PROVIDER = Pattern.compile("\\$\\{([A-Za-z-]{1,20}):");
    private static final Pattern SCHEME = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://.*", Pattern.DOTALL);
    private static final Pattern PASSWORD_IN_QUERY =
            Pattern.compile("[?&](?:ssl)?password=(?!\\$\\{)", Pattern.CASE_INSENSITIVE);

    /// @param definition the part of the schema that holds the pattern: `name`, `url`, …
    static Mistake in(String definition, String text, String path) {
        return switch (definition) {
            case "name" -> new Mistake(path + " is " + Wording.quoted(text) + ", which is not a name", NAME_RULE);
            case "url" -> path.equals("web.url") ? inAddress(path) : inUrl(text, path);
            case "listen" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is no host and port",
                        "write 127.0.0.1:8080, or [::1]:8080");
            case "issuer" -> inAddress(path);
            case "reference" -> inReference(text, path);
            case "path" ->
                new Mistake(path + " holds " + badReference(text), "write /var/backups or ${env:NAME}/onsite");
            case "directory" ->
                new Mistake(path + " must be a directory, without references", "write an absolute path");
            case "valid", "duration" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is not a duration",
                        "write a number and m, h or d: \"30m\", \"24h\", \"7d\"");
            case "until" ->
                new Mistake(path + " is " + Wording.quoted(text) + ", which is not a day", "write it as 2027-01-31");
            case "items" ->
                new Mistake(path + " is not a login name", "use letters, digits and . _ @ + -, without spaces");
            case "bucket" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is no name of a bucket",
                        "use lower-case letters, digits, '-' and '.', or ${env:NAME}");
            case "prefix" ->
                new Mistake(
                        path + " is no prefix of keys",
                        "write backups/onsite: letters, digits and . _ = + @ -, no / at either end");
            case "endpoint" ->
                new Mistake(
                        path + " is not an address of an S3 service",
                        "write https://host or https://host:port, without bucket and login, or ${env:NAME}");
            case "region" ->
                new Mistake(path + " is " + Wording.quoted(text) + ", which is no region", "write eu-central-1");
            case "storage-class" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is no storage class",
                        "write it as S3 does: STANDARD_IA, INTELLIGENT_TIERING");
            case "time" -> shape(path, text, "a time of the day", "\"02:00\": hours and minutes, two digits each");
            case "weekday" ->
                shape(path, text, "a day and a time", "\"Sun 03:00\": Mon, Tue, Wed, Thu, Fri, Sat or Sun");
            case "monthday" ->
                shape(path, text, "a day and a time", "\"1 04:00\", or \"last 04:00\" for the month's last day");
            case "date" -> shape(path, text, "a date", "2026-12-24: year, month, day");
            case "percent" ->
                new Mistake(path + " is " + Wording.quoted(text) + ", which is no share", "write 1% to 100%");
            case "size" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is no size",
                        "write a number and kB, MB, GB or TB: 100MB, 16GB");
            case "wait" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is not a duration",
                        "write a number and s, m or h: \"2s\", \"5m\"");
            case "moment" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is not a length of time",
                        "write a number and ms, s, m or h: \"500ms\", \"2s\"");
            case "partitioned-table" ->
                new Mistake(path + " is not the name of a table", "write schema.table, without quotes: market.ticks");
            case "address" -> new Mistake(path + " is no address of e-mail", "write ops@example.org");
            case "http" ->
                new Mistake(
                        path + " is no address of a web service",
                        "write https://host/path without login and query, or ${env:NAME} for all of it");
            case "ca" -> new Mistake(path + " must be a file, without references", "write an absolute path");
            case "host" -> new Mistake(path + " is no name of a host", "write mail.example.org, without port");
            case "span" ->
                new Mistake(
                        path + " is " + Wording.quoted(text) + ", which is not a length of time",
                        "write a number and s, m, h or d: \"30s\", \"5m\", \"4h\"");
            case "text" -> new Mistake(path + " is blank", "write something, or leave the key out");
            default -> new Mistake(path + " does not have the shape it must have", "see docs/charter.md");
        };
    }

    /// How names are written that the schema holds against a definition.
    static String nameRule(String reference) {
        return switch (reference.substring(reference.lastIndexOf('/') + 1)) {
            case "columns-key" ->
                "write DATABASE.TABLE.COLUMN or DATABASE.SCHEMA.TABLE.COLUMN; * stands for any text within a part";
            case "objects-key" -> "write DATABASE.NAME or DATABASE.SCHEMA.NAME; * stands for any text within a part";
            case "schemas-key" -> "write DATABASE.SCHEMA; * stands for any text within a part";
            case "databases-key" -> "write a database of this charter; * stands for any text";
            case "role-name" -> "write the role as PostgreSQL has it, at most 63 characters";
            default -> NAME_RULE;
        };
    }

    private static Mistake shape(String path, String text, String what, String example) {
        String shown = text.matches("[A-Za-z0-9 :.-]{1,20}") ? '"' + text + '"' : Wording.quoted(text);
        return new Mistake(path + " is " + shown + ", which is not " + what, "write " + example);
    }

    private static Mistake inAddress(String path) {
        return new Mistake(
                path + " is not an address that can be used",
                "write https://host or https://host:port" + (path.endsWith("url") ? ", without a path" : ""));
    }

    private static Mistake inReference(String text, String path) {
        if (text.contains("${")) {
            return new Mistake(path + " holds " + badReference(text), REFERENCE_REMEDY);
        }
        return new Mistake(
                path + " is written in plain text, expected a reference to where it is kept",
                REFERENCE_REMEDY + "; and change the password, for this file has been read");
    }

    private static Mistake inUrl(String text, String path) {
        if (!SCHEME.matcher(text).matches()) {
            return text.startsWith("${")
                    ? new Mistake(path + " holds " + badReference(text), REFERENCE_REMEDY)
                    : new Mistake(
                            path + " is not a PostgreSQL URL",
                            "write postgres://user:${file:/path}@host:5432/database, or ${env:NAME} for all of it");
        }
        String afterScheme = text.substring(text.indexOf("://") + 3);
        int at = afterScheme.lastIndexOf('@');
        int colon = afterScheme.indexOf(':');
        boolean passwordBeforeHost = at > 0
                && colon >= 0
                && colon < at
                && !afterScheme.startsWith("${", colon + 1)
                && !isInReference(afterScheme, colon);
        if (passwordBeforeHost || PASSWORD_IN_QUERY.matcher(text).find()) {
            return new Mistake(
                    path + " holds a password in plain text, expected a reference to where it is kept",
                    REFERENCE_REMEDY
                            + ", such as postgres://user:${file:/path}@host/database; and change the password");
        }
        if (text.contains("${")) {
            return new Mistake(path + " holds " + badReference(text), REFERENCE_REMEDY);
        }
        return new Mistake(
                path + " is not a PostgreSQL URL that can be read",
                "write postgres://user:${file:/path}@host:5432/database?sslmode=verify-full");
    }

    private static boolean isInReference(String text, int index) {
        int open = text.lastIndexOf("${", index);
        return open >= 0 && text.indexOf('}', open) > index;
    }

    private static String badReference(String text) {
        Matcher provider = PROVIDER.matcher(text);
        while (provider.find()) {
            String word = provider.group(1).toLowerCase(Locale.ROOT);
            if (!PROVIDERS.contains(word)) {
                return "a reference of the unknown kind " + Wording.quoted(word) + Wording.instead(word, PROVIDERS);
            }
        }
        return text.isEmpty() ? "nothing" : "something that is no reference of the form ${env:NAME} or ${file:PATH}";
    }
}
