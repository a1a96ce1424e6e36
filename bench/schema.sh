#!/usr/bin/env bash
# How long it takes to compare two large schemas, by the whole program: start, journal and printing included.
#   ./pgcharter bench schema [--tables N] [--runs N]
# Starts a private PostgreSQL server with two databases, prints medians and `figure` lines. Exits 0 whatever the figures say; anything
# else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
tables=1000
runs=5

source "$home/bench/server.bash"

die() { printf 'bench: %s\n' "$@" >&2; exit 1; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

while [[ $# -gt 0 ]]; do
    case $1 in
        --tables) tables=${2:-} && shift ;;
        --runs) runs=${2:-} && shift ;;
        *) die "unknown option '$1'" "usage: ./pgcharter bench schema [--tables N] [--runs N]" ;;
    esac
    shift || die "an option lacks its value"
done
[[ $tables =~ ^[1-9][0-9]*$ && $runs =~ ^[1-9][0-9]*$ ]] || die "--tables and --runs take whole numbers from 1"

command -v jq >/dev/null || die "please install first: apt install jq"
start_server "fsync = off" "max_locks_per_transaction = 1024"

# make DATABASE TYPE: tables with two keys, two checks, an index, a foreign key and a comment each; a function and a view for each fifth
make() {
    createdb "$1"
    psql -X -q -v ON_ERROR_STOP=1 -d "$1" <<-SQL
		do \$make\$ begin
		  for i in 0..$tables - 1 loop
		    execute format('create table %I (id bigint primary key, next bigint, code text unique, note $2 not null default ''x'','
		      || ' price numeric(12,2) check (price >= 0), amount int check (amount < 100), at timestamptz default now())', 'Table ' || i);
		    execute format('create index on %I (note, at desc) where price > 1', 'Table ' || i);
		    execute format('comment on column %I.note is %L', 'Table ' || i, 'of ' || i);
		  end loop;
		  for i in 0..$tables - 1 loop
		    execute format('alter table %I add foreign key (next) references %I', 'Table ' || i, 'Table ' || (i + 1) % $tables);
		    if i % 5 = 0 then
		      execute format('create function %I(n bigint) returns bigint language sql as %L', 'f ' || i, 'select n + ' || i);
		      execute format('create view %I as select id, %I(id) as more, note from %I', 'View ' || i, 'f ' || i, 'Table ' || i);
		    end if;
		  end loop;
		end \$make\$
	SQL
}

export PGCHARTER_STATE_DIRECTORY=$work/state
export ONE="postgres://bench@/one?host=$work/socket&port=5432" OTHER="postgres://bench@/other?host=$work/socket&port=5432"
export SAME="postgres://bench@/same?host=$work/socket&port=5432"
cat >charter.yaml <<'CHARTER'
charter: 1
environments: { bench: {} }
databases:
  one: { environment: bench, url: "${env:ONE}" }
  other: { environment: bench, url: "${env:OTHER}" }
  same: { environment: bench, url: "${env:SAME}" }
CHARTER

differ() { # differ SOURCE TARGET: seconds; what differs is counted into the file `changes`
    local begun ended
    begun=$(date +%s%N)
    "$home/pgcharter" --charter charter.yaml schema diff "$1" "$2" --json >out
    ended=$(date +%s%N)
    jq '.report.changes | length' out >changes
    awk -v t=$((ended - begun)) 'BEGIN { printf "%.3f\n", t / 1e9 }'
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

say "making three schemas of $tables tables"
make one text
make other 'varchar(9)'
make same text
differ one other >/dev/null # the server's caches
for ((run = 1; run <= runs; run++)); do
    say "run $run of $runs"
    differ one other >>different
    differing=$(<changes)
    differ one same >>equal
    [[ $(<changes) -eq 0 ]] || die "two schemas made by the same statements are said to differ"
done
[[ $differing -ge $tables ]] || die "only $differing of $tables tables are said to differ"
printf '%-34s %8s\n' "median of $runs, seconds" ''
printf '%-34s %8s   %s changes\n' "$tables tables, all different" "$(median different)" "$differing"
printf '%-34s %8s   none\n' "$tables tables, all equal" "$(median equal)"
printf 'figure schema_diff_seconds %s goal <=3\n' "$(median different)"
printf 'figure schema_diff_equal_seconds %s goal <=3\n' "$(median equal)"
