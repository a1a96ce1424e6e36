-- The data set of every bench: about 1.2 GB in three tables at scale 1
-- (500,000 users, 4,000,000 payments, 2,000,000 audit rows). Needs an empty database.
--   psql -v ON_ERROR_STOP=1 -v scale=1 -d DATABASE -f payments.sql
\if :{?scale}
\else
    \set scale 1
\endif
CREATE EXTENSION IF NOT EXISTS pgcrypto;
SELECT setseed(0.42) AS seed \gset

CREATE TABLE users (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email      text UNIQUE NOT NULL,
    full_name  text NOT NULL,
    phone      text,
    iban       text,
    country    char(2),
    kyc        jsonb,
    created_at timestamptz NOT NULL
);

INSERT INTO users
SELECT gen_random_uuid(),
       'user' || i || '@' || (ARRAY['gmail.com', 'example.org', 'mail.test'])[1 + i % 3],
       md5(i::text) || ' ' || substr(md5((i * 7)::text), 1, 8),
       '+4479' || lpad((random() * 99999999)::bigint::text, 8, '0'),
       'GB' || lpad((random() * 1e18)::bigint::text, 20, '0'),
       (ARRAY['GB', 'DE', 'AE', 'US', 'IN'])[1 + i % 5],
       jsonb_build_object('level', i % 4, 'doc', md5((i * 13)::text), 'dob', date '1950-01-01' + (random() * 20000)::int),
       now() - random() * interval '900 days'
FROM generate_series(1, (500000 * :scale)::int) i;

CREATE TABLE payments (
    id         bigserial PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id),
    amount     numeric(12, 2) NOT NULL,
    currency   char(3) NOT NULL,
    status     text NOT NULL,
    method     text,
    reference  text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

INSERT INTO payments (user_id, amount, currency, status, method, reference, created_at, updated_at)
SELECT u.id,
       (random() * 100000)::numeric(12, 2),
       (ARRAY['GBP', 'EUR', 'USD', 'AED'])[1 + floor(random() * 4)::int],
       (ARRAY['pending', 'settled', 'failed', 'refunded'])[1 + floor(random() * 4)::int],
       (ARRAY['card', 'sepa', 'wallet'])[1 + floor(random() * 3)::int],
       encode(gen_random_bytes(12), 'hex'),
       now() - random() * interval '900 days',
       now()
FROM users u, generate_series(1, 8);

CREATE INDEX ON payments (user_id);
CREATE INDEX ON payments (created_at);

CREATE TABLE audit_logs (
    id     bigserial PRIMARY KEY,
    actor  uuid,
    action text,
    detail jsonb,
    at     timestamptz
);

INSERT INTO audit_logs (actor, action, detail, at)
SELECT user_id,
       status,
       jsonb_build_object('payment', id, 'ref', reference,
           'ip', '10.' || (random() * 255)::int || '.' || (random() * 255)::int || '.1'),
       created_at
FROM payments
WHERE id % 2 = 0;

VACUUM ANALYZE;
