package io.pgcharter.capability.access;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Person;
import io.pgcharter.platform.access.Tokens;
import io.pgcharter.policy.charter.WebPlan;
import io.pgcharter.policy.guard.Permit;
import java.time.Duration;
import java.util.Locale;

/// Admits users and tokens, and removes them. Secrets go to whoever asked, and nowhere else: the journal has `***`.
public final class Admission {
    /// No token lasts longer, so that one which was forgotten ends by itself.
    static final Duration LASTING_MAX = Duration.ofDays(366);

    private static final int NAME_MAX = 100;

    private final WebPlan plan;
    private final People people;
    private final Tokens tokens;

    public Admission(WebPlan plan, People people, Tokens tokens) {
        this.plan = plan;
        this.people = people;
        this.tokens = tokens;
    }

    public Report addUser(Permit permit, AccessOperation.UserAdd operation, Run run) {
        permit.consume(operation);
        if (!Person.isName(operation.user())) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "'" + shown(operation.user()) + "' cannot be a user's name",
                    "a name is letters, digits and . _ @ + -, at most 128; 'schedule' is what runs by itself",
                    "use the person's login name");
        }
        run.check();
        People.Invitation invitation = people.invite(operation.user(), operation.role());
        String link =
                plan.address(plan.port()) + "/first/" + invitation.secret().reveal();
        return new AccessReport.UserAdd(operation.user(), operation.role(), new Secret(link), invitation.expiresAt());
    }

    public Report removeUser(Permit permit, AccessOperation.UserRemove operation, Run run) {
        permit.consume(operation);
        run.check();
        if (!people.remove(operation.user())) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "there is no user '" + shown(operation.user()) + "'",
                    "nobody of that name was added",
                    "pgcharter users list");
        }
        return new AccessReport.UserRemove(operation.user());
    }

    public Report createToken(Permit permit, AccessOperation.TokenCreate operation, Run run) {
        permit.consume(operation);
        run.check();
        Person person = people.find(operation.user())
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND,
                        "there is no user '" + shown(operation.user()) + "'",
                        "a token belongs to a user",
                        "pgcharter users add " + shown(operation.user()) + " --role viewer"));
        requireSound(operation, person);
        Tokens.Made made = tokens.make(operation.user(), operation.name(), operation.scope(), operation.lasting());
        return new AccessReport.TokenCreate(
                made.id(), operation.user(), operation.name(), operation.scope(), made.secret(), made.expiresAt());
    }

    private static void requireSound(AccessOperation.TokenCreate operation, Person person) {
        if (!person.role().covers(operation.scope())) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "user '" + person.name() + "' is " + word(person.role()) + ", so no token of theirs can be "
                            + word(operation.scope()),
                    "a token can never do more than its user",
                    "give it --scope " + word(person.role()));
        }
        if (operation.name().isBlank()
                || operation.name().length() > NAME_MAX
                || operation.name().chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "a token needs a name of one line, at most " + NAME_MAX + " characters",
                    "it says what the token is for, to whoever finds it in the list",
                    "name the program that will use it");
        }
        if (!operation.lasting().isPositive() || operation.lasting().compareTo(LASTING_MAX) > 0) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "a token cannot last for " + operation.lasting().toDays() + " days",
                    "each ends by itself, after at most " + LASTING_MAX.toDays() + " days",
                    "choose a shorter time and make a new one then");
        }
    }

    public Report revokeToken(Permit permit, AccessOperation.TokenRevoke operation, Run run) {
        permit.consume(operation);
        run.check();
        if (!tokens.revoke(operation.token())) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "there is no token '" + shown(operation.token()) + "'",
                    "it was revoked, or its user was removed, or it never was",
                    "pgcharter tokens list");
        }
        return new AccessReport.TokenRevoke(operation.token());
    }

    /// What somebody typed, without what would break a line or a terminal.
    private static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= NAME_MAX ? plain : plain.substring(0, NAME_MAX) + "…";
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
