-- A control database as it is after :days days with :databases databases: bench/serve.sh, which also says :checks (their names, with
-- commas) and :metrics (how many there are).
\set begun 'date_trunc(''hour'', now()) - :days * interval ''1 day'''
BEGIN;

-- Other nodes watch, so that what is measured here is not also what checks cost: each takes its share of the databases.
INSERT INTO pgcharter.run (id, verb, operation, person, node, process, process_started, seen_at)
SELECT lpad(to_hex(n), 12, '0'), 'watch', '{"operation":"Watch"}', 'bench', 'elsewhere-' || n, 1, now(), now() + interval '1 day'
FROM generate_series(1, 49) AS n;

-- Of a hundred checks two warn, one is critical; one in five makes no sense there.
INSERT INTO pgcharter.verdict (subject, "check", level, message, findings, value, since, at)
SELECT 'database/' || d.name, c.name,
       CASE WHEN r < 0.002 THEN 'CRIT' WHEN r < 0.006 THEN 'WARN' WHEN r < 0.008 THEN 'UNKNOWN' WHEN r < 0.2 THEN 'NOT_APPLICABLE' ELSE 'OK' END,
       'what ' || c.name || ' found on ' || d.name || ', in a sentence as long as they are', '[]', r, now() - r * interval '90 days', now()
FROM (SELECT 'db' || lpad(n::text, 4, '0') AS name FROM generate_series(1, :databases) AS n) AS d,
     unnest(string_to_array(:'checks', ',')) AS c (name), LATERAL (SELECT random() + 0 * length(d.name || c.name) AS r) AS random;
INSERT INTO pgcharter.judged (subject, at) SELECT DISTINCT subject, now() FROM pgcharter.verdict;

-- A backup a day and a proof a week, of each.
INSERT INTO pgcharter.run (id, verb, operation, person, environment, node, process, process_started, begun_at, seen_at, ended_at, subjects,
                           outcome, ending, heard)
SELECT left(md5(n || ' ' || day || ' ' || verb), 12), verb,
       format(CASE verb WHEN 'backup' THEN '{"operation":"Backup","database":"%s","repositories":["vault"]}'
                        ELSE '{"operation":"Verify","backup":"00000000000000000000000000000000","repository":"vault","database":"%s"}' END, name),
       'schedule', 'production', 'backup-1', 1, at, at, at + interval '3 min', at + interval '3 min',
       ARRAY['database/' || name, 'repository/vault'], 'done', '{"outcome":"done"}', true
FROM generate_series(1, :databases) AS n, LATERAL (SELECT 'db' || lpad(n::text, 4, '0') AS name) AS d,
     generate_series(1, :days) AS day, unnest(CASE WHEN day % 7 = 0 THEN ARRAY['backup', 'verify'] ELSE ARRAY['backup'] END) AS verb,
     LATERAL (SELECT now() - day * interval '1 day' + n * interval '20 s' AS at) AS moment;
INSERT INTO pgcharter.job_run (job, target, due_at, attempt, outcome, run, node, started_at, ended_at)
SELECT CASE verb WHEN 'backup' THEN 'nightly' ELSE 'weekly' END, subjects[1], begun_at, 1, 'done', id, node, begun_at, ended_at
FROM pgcharter.run WHERE outcome = 'done' AND verb IN ('backup', 'verify');

-- A year of hours.
INSERT INTO pgcharter.metric_hour (subject, at, mean, peak)
SELECT 'database/db' || lpad(n::text, 4, '0'), at, array_fill((n % 100)::real, ARRAY[:metrics]), array_fill((n % 100)::real, ARRAY[:metrics])
FROM generate_series(1, :databases) AS n, generate_series(:begun, now(), interval '1 hour') AS at;
INSERT INTO pgcharter.metric_latest (subject, at, value)
SELECT 'database/db' || lpad(n::text, 4, '0'), now(), array_fill((n % 100)::real, ARRAY[:metrics]) FROM generate_series(1, :databases) AS n;

-- Four weeks of backups are kept.
INSERT INTO pgcharter.listing (repository, tried_at, listed_at) VALUES ('vault', now(), now()) ON CONFLICT DO NOTHING;
INSERT INTO pgcharter.listed_backup (repository, backup, identity, database, taken_at, proven_at, server, tables, rows, bytes)
SELECT 'vault', md5(n || ' ' || day || ' listed'), md5(n || ''), 'db' || lpad(n::text, 4, '0'), now() - day * interval '1 day', now(), '17.2', 100, 1000000,
       1000000000
FROM generate_series(1, :databases) AS n, generate_series(1, least(28, :days)) AS day;
COMMIT;
VACUUM ANALYZE;
