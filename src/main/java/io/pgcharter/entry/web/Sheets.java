package io.pgcharter.entry.web;

import io.javalin.http.Context;
import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.web.page.ErrorPage;
import io.pgcharter.entry.web.page.Frame;
import io.pgcharter.entry.web.page.Page;
import io.pgcharter.entry.web.page.Pages;
import io.pgcharter.entry.web.page.RunPage;
import io.pgcharter.model.health.Level;
import io.pgcharter.model.id.EnvironmentName;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.policy.charter.Charter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Pages with what stands around them: who looks at them, and what waits for somebody.
final class Sheets {
    private final Corridor corridor;
    private final Estate estate;
    private final Pages pages;
    private final InstantSource clock;

    Sheets(Corridor corridor, Estate estate, Pages pages, InstantSource clock) {
        this.corridor = corridor;
        this.estate = estate;
        this.pages = pages;
        this.clock = clock;
    }

    /// The time that pages are as of.
    Instant now() {
        return clock.instant();
    }

    Estate estate() {
        return estate;
    }

    /// A page for whoever is logged in.
    String inside(Request request, Page page) {
        return pages.render(frame(request.context(), request.visitor()), page);
    }

    /// What changes on the page of a run, in one line.
    String live(Request request, RunPage page) {
        return pages.live(alone(request.context(), request.visitor()), page);
    }

    /// A page before anybody logged in.
    String outside(Request request, Page page) {
        return pages.render(outside(request.context()), page);
    }

    private Frame outside(Context context) {
        return Frame.outside("", clock.instant(), theme(context));
    }

    private static Frame.Theme theme(Context context) {
        return Frame.Theme.of(Optional.ofNullable(context.cookie("theme")).orElse(""));
    }

    private Frame frame(Context context, Visitor visitor) {
        return new Frame(
                Optional.of(shown(visitor)),
                visitor.csrf().orElse(""),
                clock.instant(),
                theme(context),
                pending(visitor));
    }

    /// Without what waits for somebody, which has to be asked for.
    private Frame alone(Context context, Visitor visitor) {
        return new Frame(
                Optional.of(shown(visitor)),
                visitor.csrf().orElse(""),
                clock.instant(),
                theme(context),
                new Frame.Pending(Level.OK, 0, 0, 0));
    }

    /// Where no environment limits what is reached, nobody has to say where they act from.
    private Frame.Visitor shown(Visitor visitor) {
        Collection<Charter.Environment> environments =
                corridor.charter().environments().values();
        boolean isLimited = environments.stream()
                .anyMatch(environment -> environment.reaches().isPresent());
        return new Frame.Visitor(
                visitor.person(),
                visitor.role(),
                visitor.chosen().map(EnvironmentName::text),
                isLimited
                        ? environments.stream()
                                .map(environment -> environment.name().text())
                                .toList()
                        : List.of());
    }

    private Frame.Pending pending(Visitor visitor) {
        Estate.Now now = estate.now();
        long approvals = now.approvals().stream()
                .filter(request -> mayAgree(request, visitor))
                .count();
        return new Frame.Pending(
                now.verdicts().level(),
                (int) approvals,
                now.alerts(),
                now.open().size());
    }

    boolean mayAgree(ApprovalInbox.Request request, Visitor visitor) {
        Set<String> people = corridor.charter().approvers().getOrDefault(request.role(), Set.of());
        return people.contains(visitor.person())
                && !request.asker().equals(visitor.person())
                && request.given().stream().noneMatch(given -> given.person().equals(visitor.person()));
    }

    /// A problem as a page. It asks nobody anything, for what it is about may be that nobody answers.
    String problem(Context context, Optional<Visitor> visitor, int status, Problem problem) {
        Frame frame = visitor.map(person -> alone(context, person)).orElseGet(() -> outside(context));
        return pages.render(
                frame,
                new ErrorPage(
                        status, Optional.of(problem.code().name()), problem.fact(), problem.cause(), problem.remedy()));
    }
}
