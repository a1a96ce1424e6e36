drop policy trades_own on trades;
alter table trades disable row level security;
drop policy accounts_own on accounts;
alter table accounts disable row level security;
drop policy users_own on users;
alter table users disable row level security;
drop function tenant();
