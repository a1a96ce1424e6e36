-- Metrics of the databases watched and of the nodes, in three resolutions, and statement statistics.
-- An array has one number a metric, in the order of platform.metrics.Metric; NULL is what was not measured.

CREATE TABLE pgcharter.metric (
  subject text NOT NULL, -- database/payments, node/backup1
  at timestamptz NOT NULL,
  value real[] NOT NULL,
  PRIMARY KEY (subject, at)
);

CREATE TABLE pgcharter.metric_5_minutes (
  subject text NOT NULL,
  at timestamptz NOT NULL, -- begin of the five minutes
  mean real[] NOT NULL,
  peak real[] NOT NULL,
  PRIMARY KEY (subject, at)
);

CREATE TABLE pgcharter.metric_hour (LIKE pgcharter.metric_5_minutes INCLUDING ALL);

-- The newest sample of each subject; also the list of subjects that have any.
CREATE TABLE pgcharter.metric_latest (
  subject text PRIMARY KEY,
  at timestamptz NOT NULL,
  value real[] NOT NULL
) WITH (fillfactor = 50);

-- How far condensing and removing have come.
CREATE TABLE pgcharter.metric_progress (
  task text PRIMARY KEY,
  done_until timestamptz NOT NULL
);

-- What statements look like, without values, and what they cost, day by day (UTC).
CREATE TABLE pgcharter.statement (
  database text NOT NULL,
  id bigint NOT NULL, -- pg_stat_statements.queryid
  text text NOT NULL,
  seen_on date NOT NULL,
  PRIMARY KEY (database, id)
);

CREATE TABLE pgcharter.statement_day (
  database text NOT NULL,
  day date NOT NULL,
  id bigint NOT NULL,
  calls bigint NOT NULL,
  milliseconds double precision NOT NULL,
  rows bigint NOT NULL,
  PRIMARY KEY (database, day, id)
);
