package io.pgcharter.entry.web;

import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.web.page.Assets;
import io.pgcharter.entry.web.page.Pages;
import io.pgcharter.model.operation.Role;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The table of routes as the server has it, without a server.
public final class RouteTable {
    private RouteTable() {}

    /// @param role empty for anybody
    public record Line(String method, String path, Optional<Role> role, boolean isApi) {}

    @SuppressWarnings("NullAway") // nobody comes in
    static List<Route> routes() {
        Corridor nobody = (Corridor) Proxy.newProxyInstance(
                RouteTable.class.getClassLoader(), new Class<?>[] {Corridor.class}, (_, method, _) -> {
                    throw new AssertionError("making the table asks for " + method);
                });
        Assets assets = new Assets();
        Estate estate = new Estate(nobody);
        Sheets sheets = new Sheets(nobody, estate, new Pages(assets), Clock.systemUTC());
        Submissions submissions = new Submissions(nobody, estate::forget);
        Doors none = new Doors(null, null, null, null);
        return new Routes(
                        new ReadingRoutes(nobody, estate),
                        new OperationRoutes(nobody, submissions),
                        new RunEvents(nobody),
                        new LoginRoutes(nobody, none, new Cookies(false), sheets, Optional.empty()),
                        new PageRoutes(
                                nobody,
                                submissions,
                                sheets,
                                assets,
                                new AccountRoutes(nobody, none, new Cookies(false), sheets)))
                .all();
    }

    public static List<Line> lines() {
        return routes().stream()
                .map(route -> new Line(
                        route.method().name(),
                        route.path(),
                        switch (route.permission()) {
                            case Route.Permission.Anybody() -> Optional.empty();
                            case Route.Permission.Needs(Role role) -> Optional.of(role);
                        },
                        route.kind() == Route.Kind.API))
                .toList();
    }
}
