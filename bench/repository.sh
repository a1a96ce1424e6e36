#!/usr/bin/env bash
# The repository alone, side by side with stock restic: files in, again after 1 % changed, and out.
#   ./pgcharter bench repository [--scale S] [--runs N] [--keep DIRECTORY]
# Makes real relation files and COPY text with a private PostgreSQL server, measures in turns (A B A B …), prints medians as a table and
# as `figure` lines. Exits 0 whatever the figures say; anything else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
scale=1
runs=3
data=
as_server=() # prefix of commands that must not run as root

die() { printf 'bench: %s\n' "$@" >&2; exit 1; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

read_options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --scale) scale=${2:-} && shift ;;
            --runs) runs=${2:-} && shift ;;
            --keep) data=${2:-} && shift ;;
            *) die "unknown option '$1'" "usage: ./pgcharter bench repository [--scale S] [--runs N] [--keep DIRECTORY]" ;;
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
    command -v restic >/dev/null || missing+=(restic)
    command -v zstd >/dev/null || missing+=(zstd)
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
    PATH=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5n | tail -1):$PATH
}

prepare() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/pgcharter-bench.XXXXXXXX")
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    chmod 711 "$work" # run by root, PostgreSQL runs as another user
    mkdir "$work/logs" "$work/classes"
    export RESTIC_PASSWORD=bench RESTIC_CACHE_DIR=$work/restic-cache
    say "building pgcharter if needed"
    "$home/pgcharter" --version >/dev/null || die "pgcharter does not build"
    "$JAVA_HOME/bin/javac" -cp "$home/target/pgcharter.jar:$home/target/lib/*" -d "$work/classes" \
        "$home/bench/RepositoryFiles.java" || die "the bench's own program does not compile"
    # As the launcher starts a backup.
    ours=("$JAVA_HOME/bin/java" -Xlog:disable -Xlog:all=off --enable-native-access=ALL-UNNAMED
        --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -Xms64m -Xmx320m -XX:MaxDirectMemorySize=96m)
    [[ -f $home/target/work.aot ]] && ours+=("-XX:AOTCache=$home/target/work.aot")
    ours+=(-cp "$home/target/pgcharter.jar:$work/classes" RepositoryFiles)
    export PGCHARTER_STATE_DIRECTORY=$work/state
    cat >"$work/charter.yaml" <<-'CHARTER'
		charter: 1
		environments: { bench: {} }
		databases: { none: { environment: bench, url: "${env:NO_DATABASE}" } }
		repositories: { ours: { path: ours, password: "${env:RESTIC_PASSWORD}" } }
	CHARTER
}

clean_up() {
    trap - EXIT INT TERM HUP
    local file pid
    jobs -p | xargs -r kill 2>/dev/null || true
    find "$work" -name postmaster.pid 2>/dev/null | while read -r file; do # nothing in it is to be kept
        pid=$(head -1 "$file") && kill -QUIT "$pid" 2>/dev/null || continue
        for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    done
    rm -rf "$work"
}

# --- data ---------------------------------------------------------------------------------------------------------------
# Tables and indexes as their files, and the same tables as COPY text: 2 GB at scale 1.
make_data() {
    if [[ -n $data && -d $data/relations ]]; then
        say "using the data in $data"
        return
    fi
    data=${data:-$work/data}
    mkdir -p "$data/relations" "$data/text" "$work/server"
    say "making the data (scale $scale)"
    if [[ $EUID -eq 0 ]]; then # PostgreSQL refuses to run as root
        as_server=(runuser -u postgres --)
        chown -R postgres: "$work/server"
    fi
    (
        cd "$work/server"
        "${as_server[@]}" initdb -D data -U bench -A trust -E UTF8 --locale=C.UTF-8 >initdb.log
        cat >>data/postgresql.conf <<-SETTINGS
			listen_addresses = ''
			unix_socket_directories = '$work/server'
			shared_buffers = 512MB
			maintenance_work_mem = 256MB
			max_wal_size = 8GB
			checkpoint_timeout = 30min
			fsync = off
			autovacuum = off
		SETTINGS
        "${as_server[@]}" pg_ctl -D data -w -l server.log start >/dev/null
    ) || die "the server did not start: $(tail -3 "$work/server/"*.log)"
    local table oid
    sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$work/server" -U bench -d "$@"; }
    sql postgres -c "CREATE DATABASE payments"
    sql payments -v scale="$scale" -f "$home/bench/payments.sql" >/dev/null
    sql payments -c "VACUUM FREEZE" -c "CHECKPOINT"
    for table in $(sql payments -c "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"); do
        sql payments -c "COPY $table TO STDOUT" >"$data/text/$table.copy"
    done
    oid=$(sql payments -c "SELECT oid FROM pg_database WHERE datname = 'payments'")
    (cd "$work/server" && "${as_server[@]}" pg_ctl -D data -w stop >/dev/null)
    cp "$work/server/data/base/$oid/"* "$data/relations/"
    rm -rf "$work/server"
    halve
}

# Of relation files as many bytes as there are of text: what is more goes, from the largest.
halve() {
    local text relations over
    text=$(bytes_of "$data/text") relations=$(bytes_of "$data/relations")
    over=$((relations - text))
    if [[ $over -gt 0 ]]; then
        find "$data/relations" -type f -printf '%s %p\n' | sort -rn | while read -r size file; do
            [[ $over -gt 0 && $size -gt 1048576 ]] || break
            local cut=$((size < over ? size : over))
            truncate -s $(((size - cut) / 8192 * 8192)) "$file"
            over=$((over - cut))
        done
    fi
    find "$data" -type f -empty -delete
}

# --- measuring ----------------------------------------------------------------------------------------------------------
bytes_of() { find "$1" -type f -printf '%s\n' 2>/dev/null | awk '{ sum += $1 } END { printf "%.0f\n", sum }'; }

# measure NAME OUTPUT COMMAND…: with all input in the page cache and nothing waiting to be written.
# Appends "NAME wall cpu resident-MB output-MB" to $work/measured
measure() {
    local name=$1 output=$2
    find "$work/input" -type f -exec cat {} + >/dev/null
    sync
    /usr/bin/time -q -o "$work/time" -f '%e %U %S %M' "${@:3}" >"$work/logs/$name" 2>&1 </dev/null ||
        die "$name failed: ${*:3}" "$(tail -15 "$work/logs/$name")"
    awk -v name="$name" -v bytes="$(bytes_of "$output")" '
        END { printf "%s %.2f %.2f %.1f %.1f\n", name, $1, $2 + $3, $4 / 1024, bytes / 1e6 }
    ' "$work/time" >>"$work/measured"
    say "$(tail -1 "$work/measured" | awk '{ printf "%-24s %7.2f s", $1, $2 }')"
}

median() { # median NAME COLUMN
    awk -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/measured" | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

same() { diff -r "$1" "$2" >/dev/null || die "'$2' is not what was saved"; }

bare_pipeline() { # every file read, compressed and written once, one after the other, on as many threads
    mkdir -p "$work/bare"
    find "$work/input" -type f | while read -r file; do
        zstd -q -3 -T"$(nproc)" "$file" -o "$work/bare/$(basename "$file").zst"
    done
}

one_run() {
    rm -rf "$work/input" "$work/ours" "$work/theirs" "$work/bare" "$work/restic-cache" "$work/state"
    cp -r "$data" "$work/input"
    "${ours[@]}" init "$work/ours"
    restic -q init -r "$work/theirs" --repository-version 2 >/dev/null
    measure restic_write "$work/theirs" restic -q -r "$work/theirs" backup --compression auto "$work/input"
    measure pgcharter_write "$work/ours" "${ours[@]}" backup "$work/ours" "$work/input"
    measure bare_pipeline "$work/bare" bash -c "$(declare -f bare_pipeline); work=$work bare_pipeline"
    rm -rf "$work/bare"
    "${ours[@]}" change "$work/input"
    measure restic_second_write "$work/theirs" restic -q -r "$work/theirs" backup --compression auto "$work/input"
    measure pgcharter_second_write "$work/ours" "${ours[@]}" backup "$work/ours" "$work/input"
    measure restic_restore "$work/out" restic -q -r "$work/theirs" restore latest --target "$work/out"
    same "$work/input" "$work/out/$work/input"
    rm -rf "$work/out"
    measure pgcharter_restore "$work/out" "${ours[@]}" restore "$work/ours" "$work/out"
    same "$work/input" "$work/out"
    rm -rf "$work/out"
    # The whole command, journal included, as nobody checks with less; in a state of its own, no pack was ever read.
    measure restic_check "$work/theirs" restic -q -r "$work/theirs" check --read-data
    measure pgcharter_check "$work/ours" "$home/pgcharter" --charter "$work/charter.yaml" repository check ours --read-data
}

# --- results ------------------------------------------------------------------------------------------------------------
table() {
    local name
    printf '\nscale %s (%s MB), medians of %s runs, %s processors, %s, %s\n' "$scale" "$(($(bytes_of "$data") / 1000000))" \
        "$runs" "$(nproc)" "$(restic version | cut -d' ' -f1,2)" "$(zstd -V | grep -o 'v[0-9.]*')"
    printf '%-24s %9s %9s %11s %9s\n' "" "wall s" "CPU s" "resident MB" "size MB"
    names | while read -r name; do
        printf '%-24s %9.1f %9.1f %11.0f %9.0f\n' "$name" $(for column in {2..5}; do median "$name" "$column"; done)
    done
    echo
}

names() { awk '!seen[$1]++ { print $1 }' "$work/measured"; }

ratio() { # ratio NAME OURS THEIRS COLUMN GOAL
    printf 'figure %s %s goal %s\n' "$1" "$(awk "BEGIN { printf \"%.3f\", $(median "$2" "$4") / $(median "$3" "$4") }")" "$5"
}

figures() {
    local name
    ratio repository_write_vs_restic pgcharter_write restic_write 2 '<=0.5'
    ratio repository_second_write_vs_restic pgcharter_second_write restic_second_write 2 '<=0.5'
    ratio repository_restore_vs_restic pgcharter_restore restic_restore 2 '<=0.8'
    ratio repository_check_vs_restic pgcharter_check restic_check 2 -
    ratio repository_write_vs_bare_pipeline pgcharter_write bare_pipeline 2 '<=1.5'
    ratio repository_size_vs_restic pgcharter_write restic_write 5 -
    ratio repository_size_after_second_vs_restic pgcharter_second_write restic_second_write 5 -
    for name in write second_write restore check; do
        printf 'figure repository_%s_resident_mb %s goal <=512\n' "$name" "$(median "pgcharter_$name" 4)"
    done
    names | while read -r name; do
        printf 'figure %s_seconds %s goal -\nfigure %s_cpu_seconds %s goal -\nfigure %s_size_mb %s goal -\n' \
            "$name" "$(median "$name" 2)" "$name" "$(median "$name" 3)" "$name" "$(median "$name" 5)"
    done
}

read_options "$@"
install_peers
prepare
make_data
for ((run = 1; run <= runs; run++)); do
    say "run $run of $runs"
    one_run
done
table
figures
