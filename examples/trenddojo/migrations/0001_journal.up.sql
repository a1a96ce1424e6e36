-- A trading journal: who trades, in which account, what, and the prices of each day. Money is numeric: exact.

create schema attic; -- old partitions of market_data

create table users (
  id bigint generated always as identity primary key,
  email text not null unique,
  created_at timestamptz not null default now()
);
create index users_created_at on users (created_at);

create table accounts (
  id bigint generated always as identity primary key,
  user_id bigint not null references users,
  name text not null,
  balance numeric(18, 2) not null default 0,
  created_at timestamptz not null default now()
);
create index accounts_user_id on accounts (user_id);

create table trades (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  symbol text not null,
  quantity numeric(18, 8) not null check (quantity > 0),
  price numeric(18, 8) not null,
  created_at timestamptz not null default now()
);
create index trades_account_id on trades (account_id);
create index trades_symbol_created_at on trades (symbol, created_at);

-- By day, UTC. The scheduled job makes the partitions, the first ones too.
create table market_data (
  symbol text not null,
  at timestamptz not null,
  price numeric(18, 8) not null,
  primary key (symbol, at)
) partition by range (at);
