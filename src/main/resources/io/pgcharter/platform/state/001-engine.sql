-- Runs, leases and approvals: what the engine must know of other processes.

CREATE TABLE pgcharter.run (
  id text PRIMARY KEY,
  verb text NOT NULL,
  operation text NOT NULL,
  person text NOT NULL,
  environment text,
  node text NOT NULL,
  process bigint NOT NULL,
  process_started timestamptz NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  cancel_requested boolean NOT NULL DEFAULT false
);
CREATE INDEX run_open ON pgcharter.run (seen_at) WHERE ended_at IS NULL;

-- One run holds a target at a time. Each lease has a higher token than any before it: the fence.
CREATE SEQUENCE pgcharter.lease_token;
CREATE TABLE pgcharter.lease (
  target text PRIMARY KEY,
  token bigint NOT NULL,
  run text NOT NULL REFERENCES pgcharter.run (id),
  expires_at timestamptz NOT NULL
);

CREATE TABLE pgcharter.approval_request (
  id text PRIMARY KEY,
  operation_hash text NOT NULL,
  operation text NOT NULL,
  asker text NOT NULL,
  role text NOT NULL,
  needed int NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX approval_request_open ON pgcharter.approval_request (operation_hash, asker) WHERE used_at IS NULL;

CREATE TABLE pgcharter.approval (
  request text NOT NULL REFERENCES pgcharter.approval_request (id),
  person text NOT NULL,
  given_at timestamptz NOT NULL,
  PRIMARY KEY (request, person)
);
