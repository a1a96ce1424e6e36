-- Keys of brokers: OpenPGP messages, which only whoever has the passphrase can read. The application gives the passphrase with
-- the statement; it is never stored. Every such message begins with the tag of a symmetric-key packet (RFC 9580, section 5.3).

create extension if not exists pgcrypto;

create table broker_keys (
  account_id bigint primary key references accounts,
  api_key bytea not null check (get_byte(api_key, 0) = 195),
  created_at timestamptz not null default now()
);
alter table broker_keys enable row level security;
create policy broker_keys_own on broker_keys
  using (exists (select from accounts a where a.id = account_id and a.user_id = tenant()));
