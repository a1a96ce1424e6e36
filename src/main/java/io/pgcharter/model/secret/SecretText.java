package io.pgcharter.model.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text of the charter that may hold references to secrets: `postgres://app:${file:/run/pw}@db/pay`.
/// Holds references only, never a resolved secret, so it may be printed.
///
/// @param text as written in the charter
public record SecretText(String text) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([a-z-]+):([^}]+)}");

    /// Where a secret is kept.
    ///
    /// @param provider `env`, `file`, `aws-secret` or `vault`
    /// @param key what the provider looks up
    public record Reference(String provider, String key) {
        @Override
        public String toString() {
            return "${" + provider + ":" + key + "}";
        }
    }

    /// Every reference, in the order written.
    public List<Reference> references() {
        List<Reference> references = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            references.add(new Reference(matcher.group(1), matcher.group(2)));
        }
        return List.copyOf(references);
    }

    /// The text with each reference replaced by what `resolver` gives for it.
    public Secret resolve(java.util.function.Function<Reference, String> resolver) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String value = resolver.apply(new Reference(matcher.group(1), matcher.group(2)));
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(resolved);
        return new Secret(resolved.toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
