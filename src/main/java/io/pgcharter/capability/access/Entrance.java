package io.pgcharter.capability.access;

import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Report;
import io.pgcharter.model.operation.Run;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.access.Logins;
import io.pgcharter.platform.access.People;
import io.pgcharter.policy.guard.Permit;

/// Lets in who proves who they are, and lets them change what they prove it with. The journal has who it was and how
/// it ended, never what they proved it with.
public final class Entrance {
    private static final int PASSWORD_LENGTH_MAX = 1000;

    private final People people;
    private final Logins logins;

    public Entrance(People people, Logins logins) {
        this.people = people;
        this.logins = logins;
    }

    /// @throws ProblemException `PASSWORD_WRONG`; after as long for nobody as for somebody
    public Report login(Permit permit, AccessOperation.Login operation, Run run) {
        permit.consume(operation);
        run.check();
        Logins.Origin origin = new Logins.Origin(operation.address(), operation.browser());
        if (operation.vouched().isPresent()) {
            Secret login = logins.begin(operation.user(), operation.vouched().get(), origin);
            return new AccessReport.Login(operation.user(), login);
        }
        if (operation
                .password()
                .filter(given -> proves(operation.user(), given))
                .isEmpty()) {
            throw new ProblemException(
                    ProblemCode.PASSWORD_WRONG,
                    "a login of '" + operation.user() + "' from " + operation.address() + " was refused",
                    "user and password do not go together",
                    "try again; pgcharter users add gives a link with which to set another password");
        }
        return new AccessReport.Login(operation.user(), logins.begin(operation.user(), origin));
    }

    private boolean proves(String user, Secret password) {
        return password.reveal().length() <= PASSWORD_LENGTH_MAX && people.proves(user, password);
    }

    /// @throws ProblemException `NOT_FOUND`
    public Report logout(Permit permit, AccessOperation.Logout operation, Run run) {
        permit.consume(operation);
        run.check();
        if (!logins.endSession(operation.user(), operation.session())) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "'" + operation.user() + "' has no such session",
                    "it has ended, or it is somebody else's",
                    "see the account page");
        }
        return new AccessReport.Logout(operation.user(), operation.session());
    }

    /// @throws ProblemException `USAGE` for a password that cannot be one; `PASSWORD_WRONG` for a wrong present one, or
    /// a link that does not hold
    public Report changePassword(Permit permit, AccessOperation.PasswordChange operation, Run run) {
        permit.consume(operation);
        run.check();
        if (!People.isPassword(operation.next().reveal())) {
            throw new ProblemException(
                    ProblemCode.USAGE,
                    "that cannot be a password",
                    "a password has 12 to 200 characters, and not the same few",
                    "choose another one");
        }
        if (operation.link().isPresent()) {
            if (!people.accept(operation.user(), operation.link().get(), operation.next())) {
                throw refused(operation.user(), "the link does not hold: it was used, or is too old");
            }
            return new AccessReport.PasswordChange(operation.user());
        }
        if (operation.present().filter(given -> proves(operation.user(), given)).isEmpty()) {
            throw refused(operation.user(), "the present password was wrong");
        }
        people.change(operation.user(), operation.next(), operation.login());
        return new AccessReport.PasswordChange(operation.user());
    }

    private static ProblemException refused(String user, String cause) {
        return new ProblemException(
                ProblemCode.PASSWORD_WRONG,
                "the password of '" + user + "' was not changed",
                cause,
                "pgcharter users add gives a new link with which to set a password");
    }
}
