-- A third of the trades won, a third lost, a third is still open.
update trades set closed_at = opened_at + interval '3 days', note = 'winner',
  exit_price = case side when 'long' then round(price * 1.08, 2) else round(price * 0.92, 2) end where id % 3 = 1;
update trades set closed_at = opened_at + interval '1 day', note = 'loser',
  exit_price = case side when 'long' then round(price * 0.95, 2) else round(price * 1.05, 2) end where id % 3 = 2;
update trades set note = 'active' where id % 3 = 0;
