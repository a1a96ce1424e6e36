-- What was found to hold still holds: there is nothing to undo but that it was looked at.

alter table users drop constraint users_tier_fkey;
alter table users add constraint users_tier_fkey foreign key (tier) references subscription_limits not valid;
alter table trades drop constraint trades_side_check;
alter table trades add constraint trades_side_check check (side in ('long', 'short')) not valid;
alter table trades drop constraint trades_closed_check;
alter table trades add constraint trades_closed_check check ((closed_at is null) = (exit_price is null)) not valid;
