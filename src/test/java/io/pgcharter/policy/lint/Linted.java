package io.pgcharter.policy.lint;

import io.pgcharter.model.id.DatabaseName;
import io.pgcharter.model.operation.LintFinding;
import io.pgcharter.model.sql.Parsed;
import io.pgcharter.platform.sql.BlockReader;
import io.pgcharter.platform.sql.SqlParser;
import io.pgcharter.policy.charter.Charter;
import io.pgcharter.policy.charter.Charters;
import io.pgcharter.policy.lint.rule.Rules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lints texts with the real parser.
public final class Linted {
    private static final SqlParser PARSER = new SqlParser();

    private Linted() {}

    public static SqlFile file(String name, String text) {
        Parsed parsed = PARSER.parse(text);
        boolean words = SqlFile.needsWords(text);
        return new SqlFile(
                name,
                text,
                parsed,
                words ? PARSER.tokens(text) : List.of(),
                parsed instanceof Parsed.Sql(var script) ? new BlockReader(PARSER).blocks(script, words) : Map.of());
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

    /// What a charter with a database `shop` demands of it.
    ///
    /// @param more sections of the charter
    public static Demands demands(String more) {
        String text = """
                charter: 1
                environments: { production: { protected: true } }
                databases: { shop: { environment: production, url: "${env:SHOP}" } }
                """ + more;
        Charter charter = charter(text);
        return new Demands(
                charter.shaping().lint().rowLevelSecurity(),
                charter.shaping().lint().names(),
                charter.shaping().classification(),
                charter.shaping().roles(),
                List.of(new DatabaseName("shop")));
    }

    static Charter charter(String text) {
        return switch (Charters.parse(text, "charter.yaml", Path.of(""))) {
            case Charters.Parsed(Charter charter, var _) -> charter;
            case Charters.Rejected rejected -> throw new AssertionError(rejected);
        };
    }

    /// What a text makes known.
    public static Known known(String text) {
        Known known = new Known();
        new Linter(List.of(), Wishes.PLAIN).lint(List.of(file("setup.sql", text)), known);
        return known;
    }
}
