-- The schedule: jobs that are due, and what became of those that were.

-- One row a job and target: when it is due next. Columns as db-scheduler wants them.
CREATE TABLE pgcharter.job_due (
  task_name text NOT NULL,
  task_instance text NOT NULL,        -- job/target
  task_data bytea,                    -- the instant that is due, and what it follows from
  execution_time timestamptz NOT NULL,
  picked boolean NOT NULL,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint NOT NULL,
  priority smallint,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX job_due_execution_time ON pgcharter.job_due (execution_time);
CREATE INDEX job_due_last_heartbeat ON pgcharter.job_due (last_heartbeat);

-- One row an instant that came: each is handled once, whatever the node.
CREATE TABLE pgcharter.job_run (
  job text NOT NULL,
  target text NOT NULL,
  due_at timestamptz NOT NULL,
  attempt int NOT NULL,               -- grows when another node takes over from one that died
  outcome text NOT NULL CHECK (outcome IN ('running', 'waiting', 'done', 'failed', 'refused', 'skipped', 'missed')),
  reason text,
  run text,                           -- the newest run
  node text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,               -- empty while it runs or waits
  PRIMARY KEY (job, target, due_at)
);
CREATE INDEX job_run_started ON pgcharter.job_run (started_at);

-- Who serves: renewed while it does.
CREATE TABLE pgcharter.serving_node (
  node text PRIMARY KEY,              -- machine and process
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
