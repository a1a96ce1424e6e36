package io.pgcharter.platform.postgres;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The text of a connection URL while it is taken apart. No message of it shows any part of the text but the names of
/// parameters and the port: anything else may be a password in the wrong place.
final class PostgresUrlText {
    private static final List<String> SCHEMES = List.of("jdbc:postgresql://", "postgresql://", "postgres://");

    private final String text;

    PostgresUrlText(String text) {
        this.text = text.strip();
    }

    PostgresUrl parse() {
        String rest = withoutScheme();
        int fragment = rest.indexOf('#');
        if (fragment >= 0) {
            throw invalid("it holds a '#'", "write a '#' in a name or a password as %23");
        }
        int question = rest.indexOf('?');
        Map<String, String> parameters =
                question < 0 ? new LinkedHashMap<>() : parameters(rest.substring(question + 1));
        String place = question < 0 ? rest : rest.substring(0, question);

        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        String path = slash < 0 ? "" : place.substring(slash + 1);
        int at = authority.lastIndexOf('@');
        Login login = at < 0 ? new Login("", null) : login(authority.substring(0, at));
        Address address = address(authority.substring(at + 1));

        String user = firstOf(login.user, parameters.remove("user"), System.getProperty("user.name", ""));
        String password = firstOf(login.password, parameters.remove("password"));
        String host = firstOf(address.host, parameters.remove("host"), "localhost");
        int port = port(firstOf(address.port, parameters.remove("port"), "" + PostgresUrl.PORT_DEFAULT));
        String database = firstOf(decode(path, false), parameters.remove("dbname"), user);
        check(host, user, database);
        Optional<Secret> secret = password.isEmpty() ? Optional.empty() : Optional.of(new Secret(password));
        return new PostgresUrl(host, port, database, user, secret, parameters);
    }

    private record Login(String user, @Nullable String password) {}

    private record Address(String host, String port) {}

    private String withoutScheme() {
        for (String scheme : SCHEMES) {
            if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return text.substring(scheme.length());
            }
        }
        throw invalid("it does not begin with postgres://", "write it as postgres://user:password@host:5432/database");
    }

    private Login login(String credentials) {
        int colon = credentials.indexOf(':');
        return colon < 0
                ? new Login(decode(credentials, false), null)
                : new Login(
                        decode(credentials.substring(0, colon), false),
                        decode(credentials.substring(colon + 1), false));
    }

    private Address address(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            if (end < 0) {
                throw invalid("an IPv6 address lacks its ']'", "write the host as [2001:db8::1]:5432");
            }
            String after = host.substring(end + 1);
            if (!after.isEmpty() && !after.startsWith(":")) {
                throw invalid(
                        "something other than ':port' follows the IPv6 address",
                        "write the host as [2001:db8::1]:5432, and '@' or '/' in a password as %40 or %2F");
            }
            return new Address(decode(host.substring(1, end), false), after.isEmpty() ? "" : after.substring(1));
        }
        int colon = host.indexOf(':');
        if (colon != host.lastIndexOf(':')) {
            throw invalid(
                    "the host holds several ':'",
                    "write an IPv6 address in brackets, [2001:db8::1]:5432, and a ':' in a name as %3A");
        }
        return colon < 0
                ? new Address(decode(host, false), "")
                : new Address(decode(host.substring(0, colon), false), host.substring(colon + 1));
    }

    private Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw invalid(
                        "a parameter after '?' has no '='", "write parameters as ?sslmode=require&connect_timeout=5");
            }
            // A plus sign stays one: libpq decodes percent signs only.
            parameters.put(decode(pair.substring(0, equals), false), decode(pair.substring(equals + 1), true));
        }
        return parameters;
    }

    private int port(String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw invalid(
                    "its port is not a number from 1 to 65535",
                    "write :5432 after the host, and ':', '/' or '@' in a password as %3A, %2F or %40");
        }
        return Integer.parseInt(port);
    }

    private void check(String host, String user, String database) {
        if (user.isEmpty()) {
            throw invalid("it names no user", "write it as postgres://user@host/database");
        }
        if (host.contains(",")) {
            throw invalid(
                    "it names several hosts", "name the one server that is meant; a pool or a proxy has one name");
        }
        if ((host + user + database).indexOf('\0') >= 0) {
            throw invalid("it holds a zero byte (%00)", "remove %00");
        }
    }

    /// Percent-decodes UTF-8; what does not decode is refused.
    private String decode(String part, boolean value) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] encoded = part.getBytes(StandardCharsets.UTF_8);
        for (int index = 0; index < encoded.length; index++) {
            if (encoded[index] != '%') {
                bytes.write(encoded[index]);
                continue;
            }
            int high = index + 2 < encoded.length ? Character.digit(encoded[index + 1], 16) : -1;
            int low = index + 2 < encoded.length ? Character.digit(encoded[index + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw invalid(
                        "a '%' " + (value ? "in a parameter " : "") + "is not followed by two hexadecimal digits",
                        "write a '%' in a name or a password as %25");
            }
            bytes.write(high * 16 + low);
            index += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw invalid(
                    "a percent-encoded part is not UTF-8", "encode it again: every byte of its UTF-8 form as %XX");
        }
    }

    private static String firstOf(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }

    private static ProblemException invalid(String cause, String remedy) {
        return new ProblemException(ProblemCode.CHARTER_INVALID, "the database URL cannot be read", cause, remedy);
    }
}
