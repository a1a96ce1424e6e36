package io.pgcharter.entry.corridor;

import io.pgcharter.engine.engine.ApprovalInbox;
import io.pgcharter.engine.engine.RunHistory;
import io.pgcharter.platform.access.People;
import io.pgcharter.platform.access.Tokens;
import io.pgcharter.platform.state.Verdicts;

/// What the control database knows, for faces to read. Reading changes nothing and is no operation.
public record Readings(RunHistory runs, Verdicts verdicts, ApprovalInbox approvals, People people, Tokens tokens) {}
