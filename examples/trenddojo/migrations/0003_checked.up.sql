-- In a transaction of its own: the rows are read while everybody writes.

alter table users validate constraint users_tier_fkey;
alter table trades validate constraint trades_side_check;
alter table trades validate constraint trades_closed_check;
