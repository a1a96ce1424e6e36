package io.pgcharter.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/// The rules of the house (DESIGN.md) as ArchUnit rules. `root` is the package they hold for: `io.pgcharter`, or the
/// planted house whose every room breaks a rule.
record HouseRules(String root) {

    ArchRule floors() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .optionalLayer("wiring")
                .definedBy(root)
                .optionalLayer("entry")
                .definedBy(root + ".entry..")
                .optionalLayer("engine")
                .definedBy(root + ".engine..")
                .optionalLayer("capability")
                .definedBy(root + ".capability..")
                .optionalLayer("policy")
                .definedBy(root + ".policy..")
                .optionalLayer("platform")
                .definedBy(root + ".platform..")
                .optionalLayer("model")
                .definedBy(root + ".model..")
                .whereLayer("wiring")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("entry")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("wiring", "entry")
                .whereLayer("capability")
                .mayOnlyBeAccessedByLayers("wiring", "entry", "engine")
                .whereLayer("policy")
                .mayOnlyBeAccessedByLayers("wiring", "entry", "engine", "capability")
                .whereLayer("platform")
                .mayOnlyBeAccessedByLayers("wiring", "entry", "engine", "capability");
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    ArchRule capabilitiesStandAlone() {
        return slices().matching(root + ".capability.(*)..").should().notDependOnEachOther();
    }

    ArchRule onlyTheGuardMakesPermits() {
        return noClasses()
                .that(resideOutsideOfPackages(root + ".policy.guard"))
                .should()
                .callConstructorWhere(ownedBy(root + ".policy.guard.Permit"));
    }

    ArchRule workTakesAPermit() {
        return methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + ".capability..")
                .should(takeAPermitBesideAnOperation())
                .allowEmptyShould(true);
    }

    /// Reading the journal is free; the journal's writer is called by the engine alone.
    ArchRule onlyTheEngineWritesTheJournal() {
        Set<String> writing = Set.of("append", "write", "checkpoint", "anchor", "insert");
        return noClasses()
                .that(resideOutsideOfPackages(root + ".engine.."))
                .should()
                .callMethodWhere(new DescribedPredicate<JavaCall<?>>("it writes the journal") {
                    @Override
                    public boolean test(JavaCall<?> call) {
                        return call.getTargetOwner().getPackageName().startsWith(root + ".engine.journal")
                                && writing.stream().anyMatch(call.getName()::startsWith);
                    }
                });
    }

    ArchRule processesStartInOnePlace() {
        return noClasses()
                .that(resideOutsideOfPackages(root + ".platform.process.."))
                .should()
                .callConstructorWhere(ownedBy("java.lang.ProcessBuilder"))
                .orShould()
                .callMethodWhere(named("java.lang.Runtime", "exec"))
                .orShould()
                .callMethodWhere(named("java.lang.ProcessBuilder", "startPipeline"));
    }

    ArchRule sqlStaysInPostgresAndState() {
        return noClasses()
                .that(resideOutsideOfPackages(root + ".platform.postgres..", root + ".platform.state.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..");
    }

    ArchRule noStaticMutableState() {
        return fields().that()
                .areStatic()
                .and(are(new DescribedPredicate<JavaField>("written by people") {
                    @Override
                    public boolean test(JavaField field) {
                        return !field.getName().startsWith("$");
                    }
                }))
                .should()
                .beFinal()
                .andShould(new ArchCondition<JavaField>("not hold anything that changes") {
                    private final List<String> mutable = List.of(
                            "java.util.concurrent.atomic",
                            "java.util.concurrent.ConcurrentHashMap",
                            "java.util.HashMap",
                            "java.util.ArrayList",
                            "java.lang.ThreadLocal",
                            "java.lang.StringBuilder");

                    @Override
                    public void check(JavaField field, ConditionEvents events) {
                        if (mutable.stream().anyMatch(field.getRawType().getName()::startsWith)) {
                            events.add(SimpleConditionEvent.violated(field, field.getFullName() + " can change"));
                        }
                    }
                })
                .allowEmptyShould(true);
    }

    ArchRule onlyFacesPrint() {
        return noClasses()
                .that(resideOutsideOfPackages(root, root + ".entry.."))
                .should()
                .accessFieldWhere(new DescribedPredicate<JavaAccess<?>>("it is System.out or System.err") {
                    @Override
                    public boolean test(JavaAccess<?> access) {
                        return access.getTargetOwner().isEquivalentTo(System.class)
                                && Set.of("out", "err").contains(access.getName());
                    }
                });
    }

    ArchRule timeIsHandedIn() {
        Set<String> clocks = Set.of(
                Instant.class.getName(),
                LocalDate.class.getName(),
                LocalDateTime.class.getName(),
                OffsetDateTime.class.getName(),
                ZonedDateTime.class.getName());
        return noClasses()
                .that(resideOutsideOfPackages(root, root + ".entry.."))
                .should()
                .callMethodWhere(new DescribedPredicate<JavaCall<?>>("it reads the clock") {
                    @Override
                    public boolean test(JavaCall<?> call) {
                        String owner = call.getTargetOwner().getName();
                        return (call.getName().equals("now") && clocks.contains(owner))
                                || (call.getName().equals("currentTimeMillis") && owner.equals("java.lang.System"))
                                || (call.getName().startsWith("system") && owner.equals(Clock.class.getName()));
                    }
                });
    }

    ArchRule noGenericExceptions() {
        return noClasses()
                .should()
                .callConstructorWhere(new DescribedPredicate<JavaCall<?>>("it makes a generic exception") {
                    @Override
                    public boolean test(JavaCall<?> call) {
                        boolean generic = Set.of(
                                        "java.lang.Exception",
                                        "java.lang.RuntimeException",
                                        "java.lang.Throwable",
                                        "java.lang.Error")
                                .contains(call.getTargetOwner().getName());
                        // `super(…)` of an exception class of our own is not a throw.
                        return generic && !call.getOriginOwner().isAssignableTo(Throwable.class);
                    }
                });
    }

    ArchRule nobodySleeps() {
        return noClasses().should().callMethodWhere(named("java.lang.Thread", "sleep"));
    }

    ArchRule namesSayWhatThingsAre() {
        return classes()
                .that(are(resideInAnyPackage(root + "..")))
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl|Service)(\\$.*)?")
                .andShould()
                .haveNameNotMatching(".*\\.(Abstract|Base)[A-Z].*");
    }

    private static DescribedPredicate<JavaCall<?>> ownedBy(String owner) {
        return new DescribedPredicate<>("it belongs to " + owner) {
            @Override
            public boolean test(JavaCall<?> call) {
                return call.getTargetOwner().getName().equals(owner);
            }
        };
    }

    private static DescribedPredicate<JavaCall<?>> named(String owner, String method) {
        return new DescribedPredicate<>("it is " + owner + "." + method) {
            @Override
            public boolean test(JavaCall<?> call) {
                return call.getTargetOwner().getName().equals(owner)
                        && call.getName().equals(method);
            }
        };
    }

    private ArchCondition<JavaMethod> takeAPermitBesideAnOperation() {
        String operation = "io.pgcharter.model.operation.Operation";
        String permit = ".policy.guard.Permit";
        return new ArchCondition<>("take a Permit if they take an Operation") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean takesOperation =
                        method.getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(operation));
                boolean takesPermit = method.getRawParameterTypes().stream()
                        .anyMatch(type -> type.getName().endsWith(permit));
                if (takesOperation
                        && !takesPermit
                        && method.getOwner().getModifiers().toString().contains("PUBLIC")) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " works without a permit"));
                }
            }
        };
    }
}
