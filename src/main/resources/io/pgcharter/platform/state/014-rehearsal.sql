-- Rehearsals of migrations: a release takes place only if its migrations were rehearsed, to the letter.

CREATE TABLE pgcharter.rehearsal (
  run text PRIMARY KEY,
  database text NOT NULL,
  pin text NOT NULL,                        -- SHA-256 over the migrations
  backup text NOT NULL,
  before_catalog text NOT NULL,             -- fingerprints
  after_catalog text NOT NULL,
  passed boolean NOT NULL,
  ended_at timestamptz NOT NULL
);
CREATE INDEX rehearsal_database ON pgcharter.rehearsal (database, pin, ended_at);
