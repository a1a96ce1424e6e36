package io.pgcharter.capability.seed;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The first line of a CSV file: the names of columns, between commas, in quotes where they hold any (RFC 4180).
final class CsvHeader {
    private static final int BYTES_MAX = 64 * 1024;

    private CsvHeader() {}

    /// Reads the line; the stream stands behind it then.
    ///
    /// @throws ProblemException `SQL_INVALID` if there is none
    static List<String> read(InputStream file, Path path) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = file.read();
        while (next >= 0 && next != '\n' && line.size() < BYTES_MAX) {
            line.write(next);
            next = file.read();
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        List<String> names = names(text.startsWith("\uFEFF") ? text.substring(1) : text);
        if (next != '\n' || names.stream().anyMatch(String::isBlank)) {
            throw new ProblemException(
                    ProblemCode.SQL_INVALID,
                    "the first line of '" + path + "' does not name columns",
                    "a CSV file of a seed begins with the names of its columns, between commas",
                    "write them there, such as: id,name,created_at");
        }
        return names;
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean isQuoted = false;
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '"' && isQuoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                name.append('"');
                at++;
            } else if (character == '"') {
                isQuoted = !isQuoted;
            } else if (character == ',' && !isQuoted) {
                names.add(name.toString().strip());
                name.setLength(0);
            } else {
                name.append(character);
            }
        }
        names.add(name.toString().strip());
        return names;
    }
}
