#!/usr/bin/env bash
# Logical backup, restore and copy, side by side with PostgreSQL's own tools and pgcopydb.
#   ./pgcharter bench logical [--scale S] [--runs N] [--peers-only]
# Starts a private PostgreSQL server, fills it, measures in turns (A B A B …), prints medians as a table and as
# `figure` lines. Exits 0 whatever the figures say; anything else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
scale=1
runs=3
peers_only=
as_server=() # prefix of commands that must not run as root

die() { printf 'bench: %s\n' "$@" >&2; exit 1; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --scale) scale=${2:-} && shift ;;
            --runs) runs=${2:-} && shift ;;
            --peers-only) peers_only=yes ;;
            *) die "unknown option '$1'" "usage: ./pgcharter bench logical [--scale S] [--runs N] [--peers-only]" ;;
        esac
        shift || die "an option lacks its value"
    done
    [[ $scale =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "--scale takes a number such as 1 or 0.1, not '$scale'"
    [[ $runs =~ ^[1-9][0-9]*$ ]] || die "--runs takes a whole number from 1, not '$runs'"
}

# --- programs -----------------------------------------------------------------------------------------------------------
install_peers() {
    local missing=()
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    command -v pgcopydb >/dev/null || missing+=(pgcopydb)
    [[ -x /usr/bin/time ]] || missing+=(time)
    if [[ ${#missing[@]} -gt 0 ]]; then
        [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null || die "please install first: apt install ${missing[*]}"
        say "installing: ${missing[*]} (apt-get install)"
        mkdir -p /etc/postgresql-common # the programs are wanted, not a server on port 5432
        [[ -e /etc/postgresql-common/createcluster.conf ]] ||
            echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
        export DEBIAN_FRONTEND=noninteractive
        { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } >&2
    fi
    local bin=/usr/lib/postgresql/15/bin
    [[ -x $bin/initdb ]] || bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5n | tail -1)
    export PATH=$bin:$PATH # pgcopydb takes pg_dump from here too
}

# --- the server ---------------------------------------------------------------------------------------------------------
start_server() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/pgcharter-bench.XXXXXXXX")
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    mkdir "$work/server" "$work/out" "$work/logs"
    export PGHOST=127.0.0.1 PGUSER=bench PGPASSWORD
    PGPASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s\n' "$PGPASSWORD" >"$work/server/password")
    if [[ $EUID -eq 0 ]]; then # PostgreSQL refuses to run as root
        as_server=(runuser -u postgres --)
        chown -R postgres: "$work/server"
        chmod 711 "$work"
    fi
    PGPORT=$((20000 + RANDOM % 40000))
    while (exec 3<>"/dev/tcp/127.0.0.1/$PGPORT") 2>/dev/null; do PGPORT=$((20000 + RANDOM % 40000)); done
    export PGPORT
    (
        cd "$work/server"
        "${as_server[@]}" initdb -D data -U bench -A scram-sha-256 --pwfile=password -E UTF8 --locale=C.UTF-8 >initdb.log
        cat >>data/postgresql.conf <<-SETTINGS
			listen_addresses = '127.0.0.1'
			port = $PGPORT
			unix_socket_directories = ''
			shared_buffers = 512MB
			maintenance_work_mem = 256MB
			max_wal_size = 8GB
			checkpoint_timeout = 30min
			autovacuum = off
		SETTINGS
        "${as_server[@]}" pg_ctl -D data -w -l server.log start >/dev/null
    ) || die "the server did not start: $(tail -3 "$work/server/"*.log)"
}

clean_up() {
    trap - EXIT INT TERM HUP
    local file pid
    jobs -p | xargs -r kill 2>/dev/null || true
    # Ours, and whatever server pgcharter started below the same directory. Nothing in them is to be kept.
    find "$work" -name postmaster.pid 2>/dev/null | while read -r file; do
        pid=$(head -1 "$file") && kill -QUIT "$pid" 2>/dev/null || continue
        for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    done
    rm -rf "$work"
}

sql() { PGOPTIONS="-c client_min_messages=warning" psql -X -q -v ON_ERROR_STOP=1 -d "$1" -c "$2" >/dev/null; }

fresh() { # fresh DATABASE [TEMPLATE]: drops and creates it
    sql postgres "DROP DATABASE IF EXISTS $1"
    sql postgres "CREATE DATABASE $1 TEMPLATE ${2:-template0} ${2:+STRATEGY file_copy}"
}

# --- measuring ----------------------------------------------------------------------------------------------------------
box_cpu() { awk '$1 == "cpu" { print ($2 + $3 + $4 + $7 + $8) / 100 }' /proc/stat; } # seconds, all processes

bytes_of() { find "$1" -type f -printf '%s\n' 2>/dev/null | awk '{ sum += $1 } END { printf "%.0f\n", sum }'; }

# measure NAME OUTPUT COMMAND…: runs it, appends "NAME wall cpu box-cpu resident-MB output-MB" to $work/measured
measure() {
    local name=$1 output=$2 before after
    sql postgres CHECKPOINT
    sync
    before=$(box_cpu)
    /usr/bin/time -q -o "$work/time" -f '%e %U %S %M' "${@:3}" >"$work/logs/$name" 2>&1 </dev/null ||
        die "$name failed: ${*:3}" "$(tail -15 "$work/logs/$name")"
    after=$(box_cpu)
    awk -v name="$name" -v before="$before" -v after="$after" -v bytes="$(bytes_of "$output")" '
        END { printf "%s %.2f %.2f %.2f %.1f %.1f\n", name, $1, $2 + $3, after - before, $4 / 1024, bytes / 1e6 }
    ' "$work/time" >>"$work/measured"
    say "$(tail -1 "$work/measured" | awk '{ printf "%-28s %7.2f s", $1, $2 }')"
}

median() { # median NAME COLUMN
    awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/measured" | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# --- pgcharter ----------------------------------------------------------------------------------------------------------
prepare_pgcharter() {
    local database
    for database in payments scratch copytarget; do
        export "BENCH_${database^^}_URL=postgres://bench:$PGPASSWORD@127.0.0.1:$PGPORT/$database?sslmode=disable"
    done
    export BENCH_REPOSITORY_PASSWORD=bench
    cat >"$work/charter.yaml" <<-'CHARTER'
		charter: 1
		environments: { bench: {} }
		databases:
		  payments: { environment: bench, url: "${env:BENCH_PAYMENTS_URL}" }
		  scratch: { environment: bench, url: "${env:BENCH_SCRATCH_URL}" }
		  copytarget: { environment: bench, url: "${env:BENCH_COPYTARGET_URL}" }
		repositories:
		  local: { path: repository, password: "${env:BENCH_REPOSITORY_PASSWORD}" }
		backups:
		  payments: { to: [local], jobs: 2 }
		flows:
		  - { from: bench, to: bench, what: data, rule: allow }
	CHARTER
    echo "state: { directory: $work/state }" >>"$work/charter.yaml"
    say "building pgcharter if needed"
    "$home/pgcharter" --version >/dev/null || die "pgcharter does not build; --peers-only measures the others"
}

ours() { "$home/pgcharter" --charter "$work/charter.yaml" "$@" >"$work/logs/setup" 2>&1 </dev/null ||
    die "pgcharter $* failed" "$(cat "$work/logs/setup")"; }

measure_ours() { # measure_ours NAME OUTPUT ARGUMENT…
    [[ -n $peers_only ]] && return
    measure "$1" "$2" "$home/pgcharter" --charter "$work/charter.yaml" "${@:3}"
}

# --- one turn of everything -----------------------------------------------------------------------------------------------
backups() {
    rm -rf "$work/out" "$work/repository"
    mkdir "$work/out"
    [[ -n $peers_only ]] || ours repository init local
    measure pg_dump_gzip1 "$work/out/gzip1" pg_dump -Fd -j2 --compress=1 -f "$work/out/gzip1" payments
    measure_ours pgcharter_backup "$work/repository" backup payments
    measure pg_dump_default "$work/out/default" pg_dump -Fd -j2 -f "$work/out/default" payments
}

restores() {
    fresh scratch
    measure pg_restore "" pg_restore -j2 -d scratch "$work/out/gzip1"
    fresh scratch
    measure_ours pgcharter_restore "" restore latest --of payments --into scratch
    sql postgres "DROP DATABASE scratch"
}

copies() {
    fresh copytarget
    # The URLs travel in the environment, as ours do.
    PGCOPYDB_SOURCE_PGURI="postgres://bench@127.0.0.1:$PGPORT/payments" \
        PGCOPYDB_TARGET_PGURI="postgres://bench@127.0.0.1:$PGPORT/copytarget" \
        measure pgcopydb "" pgcopydb clone --table-jobs 2 --index-jobs 2 --dir "$work/out/pgcopydb"
    fresh copytarget
    measure_ours pgcharter_copy "" copy payments copytarget
    sql postgres "DROP DATABASE copytarget"
}

growths() { # appends "growth_NAME share-of-the-repository" to $work/measured
    [[ -n $peers_only ]] && return
    local newest="id > (SELECT max(id) * 0.99 FROM payments)"
    sql payments "UPDATE payments SET status = 'settled', updated_at = now() WHERE $newest;
        INSERT INTO payments (user_id, amount, currency, status, method, reference, created_at, updated_at)
        SELECT user_id, amount, currency, 'pending', method, encode(gen_random_bytes(12), 'hex'), now(), now()
        FROM payments WHERE $newest"
    grown newest
    sql payments "SELECT setseed(0.7); UPDATE payments SET status = 'refunded', updated_at = now() WHERE random() < 0.01"
    grown random
}

grown() {
    local before after
    before=$(bytes_of "$work/repository")
    measure_ours "pgcharter_backup_$1" "" backup payments
    after=$(bytes_of "$work/repository")
    awk "BEGIN { print \"growth_$1\", ($after - $before) / $before }" >>"$work/measured"
}

# --- results --------------------------------------------------------------------------------------------------------------
table() {
    local name
    printf '\nscale %s, medians of %s runs, %s processors, %s\n' "$scale" "$runs" "$(nproc)" "$(postgres --version)"
    printf '%-26s %9s %9s %9s %11s %9s\n' "" "wall s" "CPU s" "box CPU s" "resident MB" "size MB"
    measured_names | while read -r name; do
        printf '%-26s %9.1f %9.1f %9.1f %11.0f %9.0f\n' "$name" $(for column in {2..6}; do median "$name" "$column"; done)
    done
    echo
}

measured_names() { awk '!/^growth_/ && !seen[$1]++ { print $1 }' "$work/measured"; }

figure() { [[ -n $2 ]] && printf 'figure %s %s goal %s\n' "$1" "$2" "$3" || true; }

ratio() { # ratio NAME OURS THEIRS COLUMN GOAL
    local a b
    a=$(median "$2" "$4") b=$(median "$3" "$4")
    [[ -n $a && -n $b ]] && figure "$1" "$(awk "BEGIN { printf \"%.3f\", $a / $b }")" "$5" || true
}

figures() {
    local name
    ratio backup_vs_pg_dump_gzip1 pgcharter_backup pg_dump_gzip1 2 '<=0.50'
    ratio backup_vs_pg_dump_default pgcharter_backup pg_dump_default 2 -
    ratio repository_size_vs_pg_dump_gzip1 pgcharter_backup pg_dump_gzip1 6 '<=1.00'
    figure second_backup_growth_newest "$(median growth_newest 2)" '<=0.06'
    figure second_backup_growth_random "$(median growth_random 2)" -
    ratio restore_vs_pg_restore pgcharter_restore pg_restore 2 '<=0.90'
    ratio copy_vs_pgcopydb pgcharter_copy pgcopydb 2 '<=0.80'
    for name in backup restore copy; do figure "${name}_resident_mb" "$(median "pgcharter_$name" 5)" '<=512'; done
    measured_names | while read -r name; do
        figure "${name}_seconds" "$(median "$name" 2)" -
        figure "${name}_cpu_seconds" "$(median "$name" 3)" -
    done
    for name in pg_dump_gzip1 pg_dump_default pgcharter_backup; do figure "${name}_size_mb" "$(median "$name" 6)" -; done
}

read_options "$@"
install_peers
start_server
[[ -n $peers_only ]] || prepare_pgcharter
say "filling the database (scale $scale)"
fresh pristine
psql -X -q -v ON_ERROR_STOP=1 -v scale="$scale" -d pristine -f "$home/bench/payments.sql" >/dev/null
for ((run = 1; run <= runs; run++)); do
    say "run $run of $runs"
    fresh payments pristine # growths change it
    backups
    restores
    copies
    growths
done
table
figures
