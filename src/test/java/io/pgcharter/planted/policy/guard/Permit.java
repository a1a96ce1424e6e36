package io.pgcharter.planted.policy.guard;

/// A permit that anybody could make.
public final class Permit {}
