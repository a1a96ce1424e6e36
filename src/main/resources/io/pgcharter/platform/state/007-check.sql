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
) WITH (fillfactor = 70); -- each is renewed every few minutes, in place
CREATE INDEX verdict_bad ON pgcharter.verdict (level) WHERE level IN ('UNKNOWN', 'WARN', 'CRIT');

-- When any check last judged each subject: one row where verdict has ninety.
CREATE TABLE pgcharter.judged (
  subject text PRIMARY KEY,
  at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- What checks saw the last time, so that counters can be compared.
CREATE TABLE pgcharter.check_sample (
  subject text NOT NULL,
  "check" text NOT NULL,
  at timestamptz NOT NULL, -- by the clock of what was watched
  rows text NOT NULL,      -- JSON array
  PRIMARY KEY (subject, "check")
);
