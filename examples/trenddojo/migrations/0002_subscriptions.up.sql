-- What a subscription allows, and how a trade ended.

create table subscription_limits (
  tier text primary key,
  accounts_max bigint not null check (accounts_max > 0),
  trades_a_month_max bigint not null check (trades_a_month_max > 0)
);
insert into subscription_limits values ('free', 1, 50), ('basic', 2, 500), ('pro', 10, 100000);

alter table users
  add column tier text not null default 'free',
  add column name text not null default '';
alter table users add constraint users_tier_fkey foreign key (tier) references subscription_limits not valid;

alter table trades
  add column side text not null default 'long',
  add column opened_at timestamptz not null default now(),
  add column closed_at timestamptz,
  add column exit_price numeric(18, 8),
  add column note text not null default '';
alter table trades add constraint trades_side_check check (side in ('long', 'short')) not valid;
alter table trades add constraint trades_closed_check check ((closed_at is null) = (exit_price is null)) not valid;
