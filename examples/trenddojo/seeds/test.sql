-- Edges and boundaries: what is largest, smallest, longest, oldest, and nearly wrong.
insert into users (email, name, tier, created_at) values
  ('a@b.example', '', 'free', '1970-01-01 00:00+00'),
  (repeat('x', 200) || '@trenddojo.example', repeat('Ü', 100), 'pro', '2038-01-19 03:14:08+00'),
  ('o''brien+<script>@trenddojo.example', 'Robert''); drop table users;--', 'basic', '2026-03-29 01:30+00'),
  ('no-accounts@trenddojo.example', 'Nobody', 'free', '2026-10-25 01:30+00');

insert into accounts (user_id, name, balance) values
  (1, 'zero', 0), (2, 'largest', 9999999999999999.99), (3, 'overdrawn', -0.01);

insert into trades (account_id, symbol, quantity, price, side, opened_at, closed_at, exit_price, note) values
  (1, 'MIN', 0.00000001, 0.00000001, 'long', '2026-03-29 00:59:59+00', null, null, 'the smallest there is'),
  (2, 'MAX', 9999999999.99999999, 9999999999.99999999, 'short', '2026-12-31 23:59:59.999999+00', null, null, 'the largest'),
  (3, 'EVEN', 1, 100, 'long', '2026-06-01 00:00+00', '2026-06-01 00:00+00', 100, 'closed when it was opened, for nothing'),
  (3, 'BACK', 1, 100, 'long', '2026-06-02 00:00+00', '2026-06-01 00:00+00', 90, 'closed before it was opened: an error to be shown'),
  (3, '', 1, 0, 'long', '2026-06-03 00:00+00', null, null, 'without a symbol, for free');
