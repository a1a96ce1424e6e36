package io.pgcharter.entry.web;

import io.javalin.http.Context;
import io.pgcharter.model.id.CharterName;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.id.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request, read within limits. Not thread-safe.
final class Request {
    /// No operation and no form is larger.
    static final int BODY_BYTES_MAX = 64 * 1024;

    /// A body that is not here after this time is not waited for, however often a few bytes come.
    static final Duration TIME_MAX = Duration.ofSeconds(20);

    private static final int FIELDS_MAX = 200;

    private final Context context;
    private final Optional<Visitor> visitor;
    private final String address;
    private @Nullable String body;

    /// @param address of the client, as it is told from others
    Request(Context context, Optional<Visitor> visitor, String address) {
        this.context = context;
        this.visitor = visitor;
        this.address = address;
    }

    Context context() {
        return context;
    }

    /// Who asks; on routes that need a role.
    Visitor visitor() {
        return visitor.orElseThrow(() -> new IllegalStateException("this route is open to anybody"));
    }

    Optional<Visitor> anyVisitor() {
        return visitor;
    }

    String address() {
        return address;
    }

    /// A parameter of the route's path.
    String path(String name) {
        return context.pathParam(name);
    }

    RunId run() {
        try {
            return new RunId(path("run"));
        } catch (IllegalArgumentException e) {
            throw Rejection.notFound("there is no such run");
        }
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isBlank());
    }

    /// A whole number of the query.
    int count(String name, int otherwise, int most) {
        return query(name).map(text -> number(name, text, most)).orElse(otherwise);
    }

    private static int number(String name, String text, int most) {
        if (text.matches("[0-9]{1,6}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw Rejection.invalid(
                "'" + name + "' is not a number from 1 to " + most, "of so many the answer is made", "correct it");
    }

    /// The environment that somebody acts from, where they say so.
    static Optional<EnvironmentName> environment(Optional<String> text) {
        return text.filter(name -> !name.isBlank()).map(name -> {
            if (!CharterName.isValid(name)) {
                throw Rejection.invalid(
                        "'as' does not name an environment",
                        "names are lower-case letters, digits, - and _",
                        "see GET /api/v1/charter");
            }
            return new EnvironmentName(name);
        });
    }

    /// The body as text.
    ///
    /// @throws Rejection if it is longer than [#BODY_BYTES_MAX], or not UTF-8
    String body() {
        if (body == null) {
            body = read();
        }
        return body;
    }

    private String read() {
        // Who says so, or asks before he sends, is answered before he sent it.
        if (context.req().getContentLengthLong() > BODY_BYTES_MAX) {
            throw tooLong();
        }
        try {
            byte[] bytes = received(context.req().getInputStream());
            if (bytes.length > BODY_BYTES_MAX) {
                throw tooLong();
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Rejection.invalid("the body is not UTF-8", "text is UTF-8 here", "send it as UTF-8");
        } catch (IOException e) {
            throw Rejection.invalid("the body did not arrive", "the connection broke or was too slow", "send it again");
        }
    }

    private static Rejection tooLong() {
        return new Rejection(
                413,
                Rejection.invalid(
                                "the body is longer than " + BODY_BYTES_MAX + " bytes",
                                "no operation and no form is",
                                "send less")
                        .problem(),
                Map.of("Connection", "close"));
    }

    /// At most one byte more than there may be.
    private static byte[] received(InputStream in) throws IOException {
        long end = System.nanoTime() + TIME_MAX.toNanos();
        byte[] bytes = new byte[BODY_BYTES_MAX + 1];
        int length = 0;
        int count = 0;
        while (count >= 0 && length < bytes.length) {
            if (System.nanoTime() - end > 0) {
                throw new Rejection(
                        408,
                        Rejection.invalid(
                                        "the body came too slowly",
                                        "it was not here after " + TIME_MAX.toSeconds() + " s",
                                        "send it again")
                                .problem(),
                        Map.of("Connection", "close"));
            }
            length += count;
            count = in.read(bytes, length, bytes.length - length);
        }
        return Arrays.copyOf(bytes, Math.max(length, 0));
    }

    /// The fields of a form, `application/x-www-form-urlencoded`, in their order.
    Map<String, List<String>> form() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        for (String pair : body().split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            count++;
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        if (count > FIELDS_MAX) {
            throw Rejection.invalid("the form has " + count + " fields", "no form of ours has", "send fewer");
        }
        return fields;
    }

    /// One field of the form; empty text if it is not there.
    String field(String name) {
        return form().getOrDefault(name, List.of("")).getFirst();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Rejection.invalid(
                    "the form is not encoded as it must be",
                    "% is followed by two hexadecimal digits",
                    "send it again");
        }
    }
}
