#!/usr/bin/env bash
# What the watch costs the server it watches: pgbench beside `pgcharter serve` and alone, in turns.
#   ./pgcharter bench watch [--runs N] [--seconds S] [--every 1s]
# Starts a private PostgreSQL server and a private control database, prints medians as a table and as `figure` lines. Exits 0 whatever
# the figures say; anything else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
runs=5
seconds=20
every=15s

source "$home/bench/server.bash"

die() { printf 'bench: %s\n' "$@" >&2; exit 1; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

while [[ $# -gt 0 ]]; do
    case $1 in
        --runs) runs=${2:-} && shift ;;
        --seconds) seconds=${2:-} && shift ;;
        --every) every=${2:-} && shift ;;
        *) die "unknown option '$1'" "usage: ./pgcharter bench watch [--runs N] [--seconds S] [--every 1s]" ;;
    esac
    shift || die "an option lacks its value"
done
[[ $runs =~ ^[1-9][0-9]*$ && $seconds =~ ^[1-9][0-9]*$ ]] || die "--runs and --seconds take whole numbers from 1"

start_server "synchronous_commit = off" "shared_preload_libraries = 'pg_stat_statements'"
command -v pgbench >/dev/null || die "please install first: apt install postgresql-contrib"
createdb shop
psql -X -q -d shop -c 'create extension pg_stat_statements'
pgbench -q -i -s 10 shop >/dev/null 2>&1

export PGCHARTER_STATE_DIRECTORY=$work/state SHOP="postgres://bench@/shop?host=$work/socket&port=5432"
cat >"$work/charter.yaml" <<CHARTER
charter: 1
environments: { bench: {} }
databases: { shop: { environment: bench, url: "\${env:SHOP}" } }
watch: { every: $every }
CHARTER

load() { # what pgbench says it did, transactions per second
    pgbench -n -S -M prepared -c 2 -j 1 -T "$seconds" shop 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

begin_watch() {
    "$home/pgcharter" serve --charter "$work/charter.yaml" >"$work/serve.log" 2>&1 &
    serving=$!
    until grep -qs 'pgcharter serves' "$work/serve.log"; do
        kill -0 "$serving" 2>/dev/null || { cat "$work/serve.log" >&2; die "serve ended"; }
        sleep 0.2
    done
    sleep 10 # the first checks are over, and the JVM is warm
}

end_watch() {
    kill "$serving"
    wait "$serving" || true
    serving=
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

load >/dev/null # warm caches
for ((run = 1; run <= runs; run++)); do
    say "run $run of $runs: alone, then watched every $every"
    load >>"$work/alone"
    begin_watch
    load >>"$work/watched"
    end_watch
done
# What one sample costs the server, by its own account.
sample=$(psql -X -At -d shop -c "select round(max(mean_exec_time)::numeric, 3) from pg_stat_statements where query like 'with /* pgcharter */ seen as%'")
[[ -n $sample ]] || die "the server knows of no sample: was it watched?"
alone=$(median <"$work/alone")
watched=$(median <"$work/watched")
printf '%-10s %12s\n' '' tps alone "$alone" watched "$watched"
period=$(awk -v e="${every%[sm]}" -v u="${every: -1}" 'BEGIN { print u == "m" ? e * 60 : e }')
awk -v a="$alone" -v w="$watched" 'BEGIN { printf "figure watch_throughput_lost %.4f goal <=0.01\n", 1 - w / a }'
printf 'figure watch_sample_milliseconds %s goal -\n' "$sample"
awk -v s="$sample" -v p="$period" 'BEGIN { printf "figure watch_server_share %.6f goal <=0.01\n", s / 1000 / p }'
