-- Releases of migrations, step by step, so that whoever takes one up knows where it stands.

CREATE TABLE pgcharter.release (
  id text PRIMARY KEY,
  database text NOT NULL,
  pin text NOT NULL,                        -- SHA-256 over the migrations
  migrations text NOT NULL,                 -- JSON: names, each with its own SHA-256
  before_catalog text NOT NULL,             -- fingerprints
  after_catalog text NOT NULL,
  begun_at timestamptz NOT NULL,
  state text NOT NULL,
  closed boolean NOT NULL DEFAULT false     -- /health/DATABASE answers 503
);
-- A database has one open release, whatever nodes do at once.
CREATE UNIQUE INDEX release_open ON pgcharter.release (database) WHERE state = 'OPEN';

CREATE TABLE pgcharter.release_step (
  release text NOT NULL REFERENCES pgcharter.release ON DELETE CASCADE,
  number int NOT NULL,                      -- from 1; two that carry a release on cannot both take the next
  step text NOT NULL,
  mark text NOT NULL,
  run text NOT NULL,
  begun_at timestamptz NOT NULL,
  ended_at timestamptz,
  evidence text NOT NULL DEFAULT '{}',       -- JSON
  PRIMARY KEY (release, number)
);
