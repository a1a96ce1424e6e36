-- The payments application of the demonstration.
create type payment_status as enum ('pending', 'settled', 'failed', 'refunded');
create table users (
  id bigint generated always as identity primary key,
  full_name text not null,
  email text not null unique,
  phone text,
  iban text not null,
  country char(2) not null,
  kyc jsonb not null,
  created_at timestamptz not null
);
create table payments (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id),
  amount numeric(12, 2) not null check (amount > 0),
  currency char(3) not null,
  status payment_status not null,
  method text not null,
  reference text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index payments_user_id on payments (user_id);
create index payments_created_at on payments (created_at);
create table audit_logs (
  id bigint generated always as identity primary key,
  payment_id bigint references payments (id),
  action text not null,
  detail jsonb not null,
  at timestamptz not null
);
create index audit_logs_payment_id on audit_logs (payment_id);
create view open_payments as select * from payments where status = 'pending';
comment on table payments is 'Money in and out; amounts are exact';
