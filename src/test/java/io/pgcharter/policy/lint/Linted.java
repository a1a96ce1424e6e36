package io.pgcharter.policy.lint;

import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.lint.rule.Rules;
import java.util.ArrayList;
import java.util.List;

/// Lints texts with the real parser.
public final class Linted {
    private static final SqlParser PARSER = new SqlParser();

    private Linted() {}

    public static SqlFile file(String name, String text) {
        return new SqlFile(name, text, PARSER.parse(text), SqlFile.needsWords(text) ? PARSER.tokens(text) : List.of());
    }

    /// The findings in texts that are the files of a set, `1.sql`, `2.sql` and so on.
    public static List<LintFinding> findings(Wishes wishes, List<String> texts) {
        List<SqlFile> files = new ArrayList<>();
        for (String text : texts) {
            files.add(file(files.size() + 1 + ".sql", text));
        }
        return new Linter(Rules.all(), wishes).lint(files, new Known());
    }

    public static List<LintFinding> findings(String... texts) {
        return findings(Wishes.PLAIN, List.of(texts));
    }

    /// What a text makes known.
    public static Known known(String text) {
        Known known = new Known();
        new Linter(List.of(), Wishes.PLAIN).lint(List.of(file("setup.sql", text)), known);
        return known;
    }
}
