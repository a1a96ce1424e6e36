-- What every state has: the subscriptions there are.
insert into subscription_limits values ('free', 1, 50), ('basic', 2, 500), ('pro', 10, 100000);
