-- Who may use the dashboard and the API. Of every secret only a hash is kept: of passwords Argon2id, of what is random
-- (256 bits) SHA-256.

CREATE TABLE pgcharter.person (
  name text PRIMARY KEY,
  role text NOT NULL,
  password text,            -- Argon2id in PHC's string format; null until its link was used
  added_at timestamptz NOT NULL,
  seen_at timestamptz       -- of the last login
);

-- A link with which a person sets a password, once.
CREATE TABLE pgcharter.invitation (
  hash bytea PRIMARY KEY,
  person text NOT NULL UNIQUE REFERENCES pgcharter.person (name) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);

CREATE TABLE pgcharter.login (
  hash bytea PRIMARY KEY,
  person text NOT NULL,
  role text,                -- as the identity provider's groups gave it; null for a person of ours, whose role may change
  begun_at timestamptz NOT NULL,
  used_at timestamptz NOT NULL,
  address text NOT NULL,    -- where it came from
  browser text NOT NULL,    -- in words: Firefox on Linux
  environment text          -- which its person acts from, as they chose
);
CREATE INDEX login_person ON pgcharter.login (person);

CREATE TABLE pgcharter.token (
  id text PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  person text NOT NULL REFERENCES pgcharter.person (name) ON DELETE CASCADE,
  name text NOT NULL,
  scope text NOT NULL,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Logins that an identity provider has been asked for and has not answered yet.
CREATE TABLE pgcharter.oidc_request (
  state bytea PRIMARY KEY,  -- SHA-256
  browser bytea NOT NULL,   -- SHA-256 of what the browser's cookie holds
  nonce text NOT NULL,
  verifier text NOT NULL,
  expires_at timestamptz NOT NULL
);
