package io.pgcharter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/// What is logged. Commands: libraries speak only when something is wrong, and never on the stream that carries
/// results. `serve` logs what happens (the launcher says so by the property `pgcharter.log`), as text or, with
/// `PGCHARTER_LOG=json`, as one JSON object a line. In Java, for reading a file of settings takes longer than many a
/// command.
public final class Logging extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        ConsoleAppender<ILoggingEvent> errors = new ConsoleAppender<>();
        errors.setContext(loggers);
        errors.setTarget("System.err");
        errors.setEncoder("json".equals(System.getenv("PGCHARTER_LOG")) ? json(loggers) : text(loggers));
        errors.start();
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.ERROR);
        root.addAppender(errors);
        // What a request met is told by our own gate, what kept the server from starting by its problem.
        loggers.getLogger("io.javalin").setLevel(Level.OFF);
        loggers.getLogger("io.pgcharter").setLevel(Level.toLevel(System.getProperty("pgcharter.log"), Level.ERROR));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext loggers) {
        PatternLayoutEncoder lines = new PatternLayoutEncoder();
        lines.setContext(loggers);
        lines.setPattern("%d{ISO8601} %-5level %logger{0}: %msg%n");
        lines.start();
        return lines;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext loggers) {
        JsonEncoder objects = new JsonEncoder();
        objects.setContext(loggers);
        objects.setWithSequenceNumber(false);
        objects.setWithNanoseconds(false);
        objects.setWithContext(false);
        objects.setWithMarkers(false);
        objects.setWithMDC(false);
        objects.setWithArguments(false);
        objects.setWithMessage(false);
        objects.setWithFormattedMessage(true);
        objects.start();
        return objects;
    }
}
