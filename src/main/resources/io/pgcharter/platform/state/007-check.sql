-- What each check last said, and since when.

CREATE TABLE pgcharter.verdict (
  subject text NOT NULL,  -- database/payments, repository/offsite, installation
  "check" text NOT NULL,
  level text NOT NULL,
  message text NOT NULL,
  findings text NOT NULL, -- JSON array
  value double precision,
  since timestamptz NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (subject, "check")
);
CREATE INDEX verdict_bad ON pgcharter.verdict (level) WHERE level IN ('UNKNOWN', 'WARN', 'CRIT');

-- What checks saw the last time, so that counters can be compared.
CREATE TABLE pgcharter.check_sample (
  subject text NOT NULL,
  "check" text NOT NULL,
  at timestamptz NOT NULL, -- by the clock of what was watched
  rows text NOT NULL,      -- JSON array
  PRIMARY KEY (subject, "check")
);
