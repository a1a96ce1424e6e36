#!/usr/bin/env bash
# `pgcharter serve` with a large estate: how soon a page is there, how soon it is up, what it holds in memory.
#   ./pgcharter bench serve [--databases N] [--days N] [--requests N]
# Starts a private PostgreSQL server, fills a control database with simulated history, prints `figure` lines. Exits 0 whatever they
# say; anything else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
databases=1000
days=365
requests=400
starts=5
rest=60

source "$home/bench/server.bash"

die() { printf 'bench: %s\n' "$@" >&2; exit 1; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

while [[ $# -gt 0 ]]; do
    case $1 in
        --databases) databases=${2:-} && shift ;;
        --days) days=${2:-} && shift ;;
        --requests) requests=${2:-} && shift ;;
        *) die "unknown option '$1'" "usage: ./pgcharter bench serve [--databases N] [--days N] [--requests N]" ;;
    esac
    shift || die "an option lacks its value"
done
[[ $databases$days$requests =~ ^[0-9]+$ ]] || die "the options take whole numbers"
[[ $requests -le 450 ]] || die "--requests is at most 450: a token may ask a thousand times in a row, warming up included"

command -v curl >/dev/null || die "please install first: apt install curl"
start_server "fsync = off" "max_wal_size = 8GB"
createdb control
createdb shop

export PGCHARTER_STATE_DIRECTORY=$work/state PGCHARTER_CHARTER=$work/charter.yaml
export SHOP="postgres://bench@/shop?host=$work/socket&port=5432" STATE="postgres://bench@/control?host=$work/socket&port=5432"
export VAULT=$work/vault VAULT_PASSWORD="correct horse battery"

# charter NUMBER STATE: of so many databases in four environments, each with a backup plan
charter() {
    echo "charter: 1"
    echo "environments: { production: { protected: true }, staging: {}, test: {}, development: {} }"
    echo "databases:"
    seq -f 'db%04.0f' "$1" | awk '{ split("production staging test development", e, " ")
        printf "  %s: { environment: %s, url: \"${env:SHOP}\" }\n", $1, e[NR % 4 + 1] }'
    echo 'repositories: { vault: { path: "${env:VAULT}", password: "${env:VAULT_PASSWORD}" } }'
    echo "backups:"
    seq -f '  db%04.0f: { to: [vault] }' "$1"
    echo 'flows: [ { from: production, to: test, what: data, rule: allow } ]'
    [[ $2 == private ]] || echo "state: { url: \"\${env:STATE}\" }"
    echo 'web: { listen: "127.0.0.1:0" }'
}

serve() { # starts it, and sets `address` once it is ready; prints nothing
    rm -f "$work/serve.log" && touch "$work/serve.log"
    "$home/pgcharter" serve >"$work/serve.log" 2>&1 &
    serving=$!
    until address=$(sed -n 's/^dashboard: //p' "$work/serve.log") && [[ -n $address ]]; do
        kill -0 "$serving" 2>/dev/null || { cat "$work/serve.log" >&2; die "serve ended"; }
        sleep 0.02
    done
    until curl -sf -o /dev/null "$address/readyz"; do sleep 0.02; done
}

end_serve() {
    kill "$serving"
    wait "$serving" || true
    serving=
}

milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
resident() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$serving/status"; }
quantile() { sort -n | awk -v q="$1" '{ v[NR] = $1 } END { i = int(NR * q + 0.999999); print v[i < 1 ? 1 : i] }'; }

say "one database, private control database: $starts starts, then a minute of rest"
charter 1 private >"$work/charter.yaml"
serve && end_serve # makes the control database
for ((start = 1; start <= starts; start++)); do
    begun=$(milliseconds)
    serve
    echo "$(($(milliseconds) - begun))" >>"$work/starts"
    awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$serving/stat" >>"$work/start-cpu"
    [[ $start -eq $starts ]] || end_serve
done
sleep "$rest"
idle=$(resident)
end_serve

say "$databases databases: the control database with $days days of history"
charter "$databases" shared >"$work/charter.yaml"
"$home/pgcharter" users add bench --role admin >/dev/null
# One token each: it may ask only so often.
pages=(overview database health databases crowd)
for page in "${pages[@]}"; do
    "$home/pgcharter" --json tokens create --user bench --name "$page" --scope admin >"$work/token.json"
    grep -o 'pgc_[A-Za-z0-9_-]*\|"secret" *: *"[^"]*"' "$work/token.json" | head -1 | sed 's/.*: *"//; s/"$//' >"$work/token.$page"
done
checks=$(find "$home/src/main/resources/io/pgcharter/policy/check" -name '*.yaml' -printf '%f\n' | sed 's/\.yaml$//' | sort | paste -sd,)
metrics=$(psql -X -At -d control -c "select 1" >/dev/null && grep -cE '^    [A-Z][A-Z0-9_]*\(' \
    "$home/src/main/java/io/pgcharter/platform/metrics/Metric.java")
psql -X -q -v ON_ERROR_STOP=1 -v databases="$databases" -v days="$days" -v checks="$checks" -v metrics="$metrics" \
    -d control -f "$home/bench/serve.sql"
say "it holds $(psql -X -At -d control -c "select pg_size_pretty(pg_database_size('control'))"), $(psql -X -At -d control \
    -c "select count(*) from pgcharter.verdict") verdicts"

begun=$(milliseconds)
serve
large_start=$(($(milliseconds) - begun))
sleep 20 # alerts of what is bad have been opened

# times PAGE PATH [CURL OPTION…]: warms up, then writes a line of seconds for each request
times() {
    local page=$1 path=$2
    shift 2
    local curl=(curl -gsf -H "Authorization: Bearer $(<"$work/token.$page")" -o /dev/null)
    "${curl[@]}" "$address$path" || die "$path is not answered: $(curl -gs -H "Authorization: Bearer $(<"$work/token.$page")" "$address$path" | head -c 600)"
    for ((warm = 0; warm < requests; warm++)); do echo "url = \"$address$path\""; echo "output = /dev/null"; done >"$work/urls"
    "${curl[@]}" -K "$work/urls"
    "${curl[@]}" "$@" -w '%{time_total}\n' -K "$work/urls" >"$work/times.$page"
    curl -gsf -H "Authorization: Bearer $(<"$work/token.$page")" -o /dev/null -w '%{size_download}' "$address$path" >"$work/size.$page"
}
half=db$(printf %04d $((databases / 2)))
say "pages, $requests times each"
times overview /
times database "/databases/$half"
times health "/api/v1/health?count=1000"
times databases /api/v1/databases
times crowd / --no-progress-meter -Z --parallel-max 20
busy=$(resident)
end_serve

milli() { awk '{ printf "%.1f", $1 * 1000 }'; }
for page in "${pages[@]}"; do
    goal="goal -"
    [[ $page != overview ]] || goal="goal <=50"
    printf 'figure serve_%s_p50_milliseconds %s goal -\n' "$page" "$(quantile 0.5 <"$work/times.$page" | milli)"
    printf 'figure serve_%s_p95_milliseconds %s %s\n' "$page" "$(quantile 0.95 <"$work/times.$page" | milli)" "$goal"
    printf 'figure serve_%s_kilobytes %s goal -\n' "$page" "$(awk '{ printf "%.0f", $1 / 1000 }' "$work/size.$page")"
done
printf 'figure serve_start_seconds %s goal <=2\n' "$(quantile 0.5 <"$work/starts" | awk '{ print $1 / 1000 }')"
printf 'figure serve_start_cpu_seconds %s goal -\n' "$(quantile 0.5 <"$work/start-cpu")"
printf 'figure serve_start_large_seconds %s goal -\n' "$(awk -v m="$large_start" 'BEGIN { print m / 1000 }')"
printf 'figure serve_idle_resident_mb %s goal <=250\n' "$idle"
printf 'figure serve_busy_resident_mb %s goal -\n' "$busy"
