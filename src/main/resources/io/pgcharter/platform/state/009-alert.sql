-- Alerts, silences, and the notices that are on their way.

CREATE TABLE pgcharter.alert (
  id text PRIMARY KEY,
  topic text NOT NULL,      -- check/xid-age database/payments
  state text NOT NULL,
  since timestamptz NOT NULL,
  resolved_at timestamptz,
  over_told boolean NOT NULL, -- nobody is to hear more of it
  body text NOT NULL        -- JSON
);
-- One topic has one open alert, whatever nodes do at once.
CREATE UNIQUE INDEX alert_open ON pgcharter.alert (topic) WHERE state <> 'RESOLVED';
CREATE INDEX alert_resolved ON pgcharter.alert (resolved_at) WHERE state = 'RESOLVED';

CREATE TABLE pgcharter.silence (
  id text PRIMARY KEY,
  subject text NOT NULL,
  begun_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  person text NOT NULL,
  because text NOT NULL,
  ended_at timestamptz
);
CREATE INDEX silence_until ON pgcharter.silence (until);

-- What was decided to be told. A row is entered in the transaction that decides, and removed long after it arrived.
CREATE TABLE pgcharter.notice (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  receiver text NOT NULL,
  body text NOT NULL,       -- JSON
  decided_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  sender text,              -- the run that is sending it
  delivered_at timestamptz,
  given_up_at timestamptz,
  last_error text
);
CREATE INDEX notice_waiting ON pgcharter.notice (next_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX notice_decided ON pgcharter.notice (decided_at);

-- Runs whose end alerting has not heard of yet. What ended before this version is no news.
ALTER TABLE pgcharter.run ADD COLUMN heard boolean NOT NULL DEFAULT false;
UPDATE pgcharter.run SET heard = true WHERE ended_at IS NOT NULL;
CREATE INDEX run_unheard ON pgcharter.run (ended_at) WHERE ended_at IS NOT NULL AND NOT heard;

-- When the service outside was last told that all is alive.
CREATE TABLE pgcharter.dead_man (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  called_at timestamptz NOT NULL
);
INSERT INTO pgcharter.dead_man (called_at) VALUES ('-infinity');
