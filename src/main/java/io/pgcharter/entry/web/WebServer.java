package io.pgcharter.entry.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.pgcharter.engine.engine.Asking;
import io.pgcharter.engine.engine.Observer;
import io.pgcharter.engine.engine.Outcome;
import io.pgcharter.entry.corridor.Corridor;
import io.pgcharter.entry.serve.Part;
import io.pgcharter.entry.web.page.Assets;
import io.pgcharter.entry.web.page.Pages;
import io.pgcharter.model.operation.AccessOperation;
import io.pgcharter.model.operation.AccessReport;
import io.pgcharter.model.operation.Actor;
import io.pgcharter.model.operation.Role;
import io.pgcharter.model.problem.Problem;
import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.problem.ProblemException;
import io.pgcharter.platform.secret.Secrets;
import io.pgcharter.policy.charter.WebPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/// The server of dashboard and API, as a part of `pgcharter serve`. Requests are served by virtual threads;
/// connections, headers, bodies and waits have limits.
public final class WebServer implements Part {
    private static final int CONNECTIONS_MAX = 2000;
    private static final int HEADER_BYTES_MAX = 16 * 1024;

    /// Jetty's own threads: they accept, select and hand over.
    private static final int THREADS_MAX = 16;

    /// A connection that says nothing for so long is closed.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final Setting setting;
    private final String owner;
    private final Consumer<String> announce;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Estate estate;
    private final Submissions submissions;
    private @Nullable Javalin javalin;

    /// What the server works with.
    public record Setting(Corridor corridor, WebPlan plan, Doors doors, Secrets secrets, InstantSource clock) {}

    /// @param owner login name of whoever runs the process: the first admin
    /// @param announce told where it listens, and the first admin's link
    public WebServer(Setting setting, String owner, Consumer<String> announce) {
        this.setting = setting;
        this.owner = owner;
        this.announce = announce;
        this.estate = new Estate(setting.corridor());
        this.submissions = new Submissions(setting.corridor(), estate::forget);
    }

    @Override
    public String name() {
        return "web";
    }

    @Override
    public void start() {
        WebPlan plan = setting.plan();
        try {
            javalin = Javalin.create(this::configure).start();
        } catch (JavalinBindException e) {
            throw new ProblemException(
                    new Problem(
                            ProblemCode.LISTEN_FAILED,
                            "the dashboard cannot listen on " + plan.host() + ":" + plan.port(),
                            String.valueOf(
                                    e.getCause() == null
                                            ? e.getMessage()
                                            : e.getCause().getMessage()),
                            "see who does: ss -ltnp 'sport = :" + plan.port()
                                    + "'; or choose another address by web.listen of the charter"),
                    e);
        }
        String address = plan.address(javalin.port());
        announce.accept("dashboard: " + address);
        if (setting.doors().people().isEmpty()) {
            admitOwner(address);
        }
    }

    /// Somebody has to be the first; whoever may start the process may do everything anyway.
    private void admitOwner(String address) {
        Outcome outcome = setting.corridor()
                .submit(
                        new AccessOperation.UserAdd(owner, Role.ADMIN),
                        new Asking(new Actor(owner, Optional.empty()), Optional.empty()),
                        Observer.none());
        if (outcome instanceof Outcome.Done(var _, AccessReport.UserAdd add)) {
            String link = add.link().reveal();
            announce.accept(
                    "there was no user yet, so '" + owner + "' is admin now; with this link, once, set a password: "
                            + address + link.substring(link.indexOf("/first/")));
        } else {
            announce.accept("there is no user yet, and the charter does not let '" + owner
                    + "' be made one; add one with: pgcharter users add NAME --role admin");
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = Request.BODY_BYTES_MAX;
        config.jetty.threadPool = threads();
        config.jetty.modifyHttpConfiguration(WebServer::limit);
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new MalformedRequests());
            server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, server));
        });
        config.jetty.addConnector(this::connector);

        Gate gate = routes(config);
        config.routes.before(gate::dress);
        config.routes.exception(HttpResponseException.class, gate::unserved);
        config.routes.exception(RuntimeException.class, gate::faulty);
    }

    private Gate routes(JavalinConfig config) {
        WebPlan plan = setting.plan();
        Corridor corridor = setting.corridor();
        Cookies cookies = new Cookies(plan.isSecure());
        Assets assets = new Assets();
        Sheets sheets = new Sheets(corridor, estate, new Pages(assets), setting.clock());
        Gate gate = new Gate(plan, setting.doors(), cookies, sheets::problem, over);
        Optional<Oidc> oidc = plan.oidc()
                .map(provider -> new Oidc(
                        provider,
                        () -> plan.address(javalin == null ? plan.port() : javalin.port()),
                        setting.secrets(),
                        setting.doors().oidc(),
                        cookies));
        Routes routes = new Routes(
                new ReadingRoutes(corridor, estate),
                new OperationRoutes(corridor, submissions),
                new RunEvents(corridor),
                new LoginRoutes(corridor, setting.doors(), cookies, sheets, oidc),
                new PageRoutes(
                        corridor,
                        submissions,
                        sheets,
                        assets,
                        new AccountRoutes(corridor, setting.doors(), cookies, sheets)));
        for (Route route : routes.all()) {
            HandlerType type = route.method() == Route.Method.GET ? HandlerType.GET : HandlerType.POST;
            config.routes.addHttpHandler(type, route.path(), gate.handler(route));
        }
        return gate;
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 2);
        threads.setName("pgcharter-jetty");
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("pgcharter-request-", 0).factory()));
        return threads;
    }

    private static void limit(HttpConfiguration configuration) {
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
    }

    private Connector connector(Server server, HttpConfiguration configuration) {
        WebPlan plan = setting.plan();
        ServerConnector connector = plan.tls()
                .map(tls -> {
                    HttpConfiguration secure = new HttpConfiguration(configuration);
                    SecureRequestCustomizer customizer = new SecureRequestCustomizer();
                    customizer.setSniHostCheck(false);
                    secure.addCustomizer(customizer);
                    return new ServerConnector(
                            server,
                            new SslConnectionFactory(secrets(tls), "http/1.1"),
                            new HttpConnectionFactory(secure));
                })
                .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(configuration)));
        connector.setHost(plan.host());
        connector.setPort(plan.port());
        connector.setIdleTimeout(SILENCE_MAX.toMillis());
        return connector;
    }

    private SslContextFactory.Server secrets(WebPlan.Certificate tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setKeyStore(
                ServerTls.keyStore(Path.of(tls.certificate()), setting.secrets().resolve(tls.key())));
        factory.setKeyStorePassword("");
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return factory;
    }

    /// Takes no request any more, ends streams, stops what was asked for here, and waits until that is journaled.
    @Override
    public void close() {
        over.countDown();
        Javalin running = javalin;
        if (running != null) {
            running.stop();
        }
        setting.corridor().cancelAll();
        submissions.close();
    }
}
