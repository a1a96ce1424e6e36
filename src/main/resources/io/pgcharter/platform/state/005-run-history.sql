-- What became of each run, so that faces can show it without reading the journal.

ALTER TABLE pgcharter.run
  ADD COLUMN subjects text[] NOT NULL DEFAULT '{}', -- database/payments, repository/offsite
  ADD COLUMN steps text,                            -- how far it is: JSON, renewed with the heartbeat
  ADD COLUMN outcome text,                          -- done, failed or lost
  ADD COLUMN ending text;                           -- the report or the problem: JSON; left out where it is very large
CREATE INDEX run_begun ON pgcharter.run (begun_at);
CREATE INDEX run_newest ON pgcharter.run (verb, (subjects[1]), begun_at DESC) WHERE outcome = 'done';
CREATE INDEX run_subjects ON pgcharter.run USING gin (subjects);
