-- Whoever is logged in, by the setting trenddojo.user_id, sees and changes their own rows only. The application's role does
-- not own the tables; without the setting it sees nothing.

create function tenant() returns bigint language sql stable
  as $$ select nullif(current_setting('trenddojo.user_id', true), '')::bigint $$;

alter table users enable row level security;
create policy users_own on users using (id = tenant());

alter table accounts enable row level security;
create policy accounts_own on accounts using (user_id = tenant());

alter table trades enable row level security;
create policy trades_own on trades
  using (exists (select from accounts a where a.id = account_id and a.user_id = tenant()));
