-- The standard accounts: one user of each subscription, five accounts.
insert into users (email, name, tier, created_at) values
  ('free@trenddojo.example', 'Frida Free', 'free', '2026-01-02 09:00+00'),
  ('basic@trenddojo.example', 'Ben Basic', 'basic', '2026-01-03 09:00+00'),
  ('pro@trenddojo.example', 'Petra Pro', 'pro', '2026-01-04 09:00+00');

insert into accounts (user_id, name, balance)
  select u.id, a.name, a.balance
  from (values (1, 'free', 'Paper', 1000.00), (2, 'basic', 'Savings', 12500.50), (3, 'basic', 'Swing', 4200.00),
               (4, 'pro', 'Futures', 250000.00), (5, 'pro', 'Options', 18000.75)) a (place, tier, name, balance)
  join users u using (tier) order by a.place;

insert into broker_keys (account_id, api_key)
  select id, pgp_sym_encrypt('key of ' || name, 'a passphrase for development only') from accounts where balance > 10000;

create table if not exists market_data_20260105 partition of market_data
  for values from ('2026-01-05 00:00+00') to ('2026-01-06 00:00+00');
