package io.pgcharter.entry.web;

import io.pgcharter.platform.access.Logins;
import io.pgcharter.platform.access.OidcRequests;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Tokens;

/// The ways in.
public record Doors(People people, Logins logins, Tokens tokens, OidcRequests oidc) {}
