-- What the pages ask of a long history, by looks into an index.

CREATE INDEX listed_backup_proven ON pgcharter.listed_backup (database, proven_at) WHERE proven_at IS NOT NULL;

-- Whether a run is the newest of its verb and subjects, for the upkeep that removes those that ended long ago.
CREATE INDEX run_verb_subject ON pgcharter.run (verb, coalesce(subjects[1], ''), begun_at);
