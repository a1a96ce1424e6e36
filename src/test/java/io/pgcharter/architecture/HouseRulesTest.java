package io.pgcharter.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each rule twice: the program keeps it, and the planted house, which breaks every one, is caught.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseRulesTest {
    private static final HouseRules PROGRAM = new HouseRules("io.pgcharter");
    private static final HouseRules PLANTED = new HouseRules("io.pgcharter.planted");

    private JavaClasses program;
    private JavaClasses planted;

    @BeforeAll
    void read_classes() {
        program = new ClassFileImporter().importPath(Path.of("target/classes"));
        planted = new ClassFileImporter().importPackages("io.pgcharter.planted");
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                rule("floors", HouseRules::floors, "platform.process.Launcher"),
                rule("no cycles", HouseRules::noCycles, "Cycle"),
                rule("capabilities stand alone", HouseRules::capabilitiesStandAlone, "capability.left.Left"),
                rule("only the guard makes permits", HouseRules::onlyTheGuardMakesPermits, "Left.mint()"),
                rule("work takes a permit", HouseRules::workTakesAPermit, "works without a permit"),
                rule("only the engine writes the journal", HouseRules::onlyTheEngineWritesTheJournal, "Face.forge()"),
                rule("processes start in one place", HouseRules::processesStartInOnePlace, "Left.launch()"),
                rule("SQL stays in postgres and state", HouseRules::sqlStaysInPostgresAndState, "java.sql.Timestamp"),
                rule("no static mutable state", HouseRules::noStaticMutableState, "Left.counter"),
                rule("only faces print", HouseRules::onlyFacesPrint, "Left.print()"),
                rule("time is handed in", HouseRules::timeIsHandedIn, "Left.clock()"),
                rule("no generic exceptions", HouseRules::noGenericExceptions, "Left.fail()"),
                rule("nobody sleeps", HouseRules::nobodySleeps, "Left.nap()"),
                rule("names say what things are", HouseRules::namesSayWhatThingsAre, "RightHelper"));
    }

    private static Arguments rule(String name, Function<HouseRules, ArchRule> rule, String culprit) {
        return arguments(name, rule, culprit);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_program_keeps_the_rule(String name, Function<HouseRules, ArchRule> rule, String culprit) {
        rule.apply(PROGRAM).check(program);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void whoever_breaks_the_rule_is_caught(String name, Function<HouseRules, ArchRule> rule, String culprit) {
        var result = rule.apply(PLANTED).evaluate(planted);

        assertThat(result.hasViolation()).as(name).isTrue();
        assertThat(String.join("\n", result.getFailureReport().getDetails())).contains(culprit);
    }
}
