package io.pgcharter;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.health.Question;
import io.pgcharter.policy.check.Check;
import io.pgcharter.policy.check.Checkbook;
import io.pgcharter.policy.check.Judging;
import io.pgcharter.policy.check.Judging.Thresholds;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/checks.md lists every check as its file has it. To bring it up to date: `CHECKS_WRITE=1 mvn test
/// -Dtest=CheckPagesTest`.
class CheckPagesTest {
    private static final Path PAGE = Path.of("docs/checks.md");
    private static final String MARK = "<!-- checks -->\n";

    @Test
    void the_page_lists_every_check_as_it_is() throws IOException {
        String page = Files.readString(PAGE);
        String list = list();
        if (System.getenv("CHECKS_WRITE") != null) {
            page = page.substring(0, page.indexOf(MARK) + MARK.length()) + list;
            Files.writeString(PAGE, page);
        }

        assertThat(page.substring(page.indexOf(MARK) + MARK.length())).isEqualTo(list);
    }

    private static String list() {
        Map<String, List<Check>> groups = Checkbook.published().all().stream()
                .collect(Collectors.groupingBy(Check::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder list = new StringBuilder();
        groups.forEach((group, checks) -> {
            list.append("\n## ").append(group).append('\n');
            checks.forEach(check -> append(list, check));
        });
        return list.toString();
    }

    private static void append(StringBuilder list, Check check) {
        list.append("\n### `").append(check.id()).append("`\n\n");
        list.append(check.title()).append(". ").append(check.why()).append("\n\n");
        list.append("- ").append(limits(check.judging())).append('\n');
        list.append("- ").append(where(check)).append('\n');
        list.append("- Remedy: ").append(check.remedy()).append('\n');
        check.question()
                .flatMap(Question::sight)
                .filter(sight -> !sight.grant().startsWith("GRANT pg_monitor"))
                .ifPresent(sight -> list.append("- Needs: `")
                        .append(sight.grant().replace("{role}", "pgcharter_monitor"))
                        .append("`, else `UNKNOWN`: ")
                        .append(sight.reason())
                        .append('\n'));
    }

    private static String where(Check check) {
        String side = check.question()
                .map(Question::side)
                .map(found -> switch (found) {
                    case ANY -> "";
                    case PRIMARY -> ", primaries only";
                    case STANDBY -> ", standbys only";
                })
                .orElse("");
        String declared = check.declared()
                .map(what -> "; only where the charter declares `watch.databases.….%s`".formatted(what))
                .orElse("");
        return "Of the " + check.scope().name().toLowerCase(Locale.ROOT) + ", "
                + switch (check.rhythm()) {
                    case FAST -> "often";
                    case SLOW -> "seldom";
                }
                + side + declared;
    }

    private static String limits(Judging judging) {
        if (judging.limits().isEmpty()) {
            return "Each finding says its own level";
        }
        Thresholds limits = judging.limits().get();
        String until = judging.worse() == Judging.Worse.HIGHER ? "from " : "at or below ";
        String volume = judging instanceof Judging.ByCounter counter && counter.volumeMin() > 0
                ? "; not judged below %s".formatted(number(OptionalDouble.of(counter.volumeMin())))
                : "";
        return "`WARN` " + until + number(limits.warn())
                + (limits.crit().isPresent() ? ", `CRIT` " + until + number(limits.crit()) : "") + " ("
                + judging.unitText() + ")" + volume;
    }

    private static String number(OptionalDouble number) {
        return number.isEmpty()
                ? "never"
                : String.format(Locale.ROOT, "%,d", (long) number.getAsDouble())
                        + (number.getAsDouble() < 1
                                ? new BigDecimal(Double.toString(number.getAsDouble()))
                                        .toPlainString()
                                        .substring(1)
                                : "");
    }
}
