/// pgcharter, one module: the `requires` lines are its dependency list (DESIGN.md says what each replaces).
@org.jspecify.annotations.NullMarked
module io.pgcharter {
    requires java.net.http;
    requires java.sql;
    requires jdk.net;
    requires jdk.security.auth;
    requires jdk.unsupported;
    requires transitive org.jspecify;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires com.cronutils;
    requires com.dylibso.chicory.runtime;
    requires com.dylibso.chicory.wasm;
    requires com.dynatrace.hash4j;
    requires com.fasterxml.jackson.annotation;
    requires com.github.kagkarlsson.scheduler;
    requires com.github.luben.zstd_jni;
    requires com.networknt.schema;
    requires com.ongres.scram.client;
    requires com.zaxxer.hikari;
    requires gg.jte.runtime;
    requires info.picocli;
    requires jakarta.mail;
    requires io.prometheus.metrics.model;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires io.javalin;
    requires jakarta.servlet;
    requires com.nimbusds.jose.jwt;
    requires oauth2.oidc.sdk;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.bouncycastle.provider;
    requires org.apache.commons.compress;
    requires org.jdbi.v3.core;
    requires pgcodekeeper.core;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires org.snakeyaml.engine;
    requires org.tukaani.xz;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.services.s3;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    provides ch.qos.logback.classic.spi.Configurator with
            io.pgcharter.Logging;

    opens io.pgcharter.model.alert to
            tools.jackson.databind;
    opens io.pgcharter.model.health to
            tools.jackson.databind;
    opens io.pgcharter.model.operation to
            tools.jackson.databind;
    opens io.pgcharter.model.schema to
            tools.jackson.databind;
}
