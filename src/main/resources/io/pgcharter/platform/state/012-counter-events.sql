-- What counters told of and still stands: JSON array.
ALTER TABLE pgcharter.check_sample ADD COLUMN events text NOT NULL DEFAULT '[]';
