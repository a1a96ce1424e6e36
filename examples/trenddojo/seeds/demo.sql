-- One user whom anybody may look at: nothing lost, nothing odd.
insert into users (email, name, tier) values ('demo@trenddojo.example', 'Dana Demo', 'pro');
insert into accounts (user_id, name, balance) select id, 'Demo', 50000.00 from users;
insert into trades (account_id, symbol, quantity, price, opened_at, closed_at, exit_price, note)
  select a.id, t.symbol, t.quantity, t.price, '2026-02-02 15:00+00', '2026-02-06 15:00+00', t.exit_price, 'winner'
  from accounts a, (values ('AAPL', 10, 230.10, 244.00), ('EURUSD', 1000, 1.0310, 1.0422)) t (symbol, quantity, price, exit_price);
