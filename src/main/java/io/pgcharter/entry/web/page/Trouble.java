package io.pgcharter.entry.web.page;

/// A problem, in its three parts.
public record Trouble(String code, String fact, String cause, String remedy) {}
