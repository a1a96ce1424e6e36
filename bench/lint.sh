#!/usr/bin/env bash
# Lint of a thousand typical migrations and of one, side by side with squawk-cli.
#   ./pgcharter bench lint [--files N] [--runs N]
# Writes the files, has both judge them in turns (A B A B …), prints medians, then the findings of both for each rule that both
# have, and `figure` lines. Exits 0 whatever the figures say; anything else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
files=1000
runs=3

die() { printf 'bench: %s\n' "$@" >&2; exit 1; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

while [[ $# -gt 0 ]]; do
    case $1 in
        --files) files=${2:-} && shift ;;
        --runs) runs=${2:-} && shift ;;
        *) die "unknown option '$1'" "usage: ./pgcharter bench lint [--files N] [--runs N]" ;;
    esac
    shift || die "an option lacks its value"
done
[[ $files =~ ^[1-9][0-9]*$ && $runs =~ ^[1-9][0-9]*$ ]] || die "--files and --runs take whole numbers from 1"
command -v jq >/dev/null || die "please install first: apt install jq"
command -v npm >/dev/null || die "please install first: apt install npm"

work=$(mktemp -d "${TMPDIR:-/tmp}/pgcharter-bench.XXXXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$work"

# --- the peer -----------------------------------------------------------------------------------------------------------
mkdir -p "$home/target/bench-npm"
cp "$home"/bench/npm/package*.json "$home/target/bench-npm/"
squawk=$home/target/bench-npm/node_modules/@squawk-cli/linux-x64/bin/squawk
if [[ ! -x $squawk ]]; then
    say "installing squawk-cli, as bench/npm/package-lock.json pins it"
    npm --prefix "$home/target/bench-npm" ci --ignore-scripts --no-audit --no-fund >&2 || die "npm could not install squawk-cli"
fi

# --- the files ----------------------------------------------------------------------------------------------------------
# One in ten makes tables with all that belongs to them; the others change what earlier ones made, each in one of 24 usual ways.
write_files() {
    mkdir "$work/migrations"
    awk -v files="$files" -v directory="$work/migrations" '
        function put(text) { print text > file }
        function table(n) { return "shop_" int(n / 10) }
        function create(n,   t) {
            t = table(n)
            put("create table " t " (\n  id bigint generated always as identity primary key,\n  email text not null,")
            put("  status text not null default '\''new'\'',\n  amount numeric(12, 2) not null,\n  owner_id bigint,")
            put("  created_at timestamptz not null default now(),\n  unique (email)\n);")
            put("create index " t "_status on " t " (status);")
            put("create index " t "_created on " t " (created_at, status) where amount > 0;")
            put("comment on table " t " is '\''made by migration " n "'\'';")
            put("create function " t "_touch() returns trigger language plpgsql as $$\nbegin\n  new.created_at := now();\n  return new;\nend $$;")
            put("create trigger touch before insert on " t " for each row execute function " t "_touch();")
            put("alter table " t " enable row level security;\ncreate policy own on " t " using (owner_id = current_setting('\''app.user'\'')::bigint);")
            put("grant select, insert on " t " to app;")
        }
        function change(n,   t, c) {
            t = table(n); c = "c" n
            put("-- step " n "\nset lock_timeout = '\''2s'\'';")
            if (n % 24 == 1) put("alter table " t " add column " c " text;")
            else if (n % 24 == 2) put("alter table " t " add column " c " integer not null default 0;")
            else if (n % 24 == 3) put("create index " t "_" c " on " t " (owner_id);")
            else if (n % 24 == 4) put("create index concurrently if not exists " t "_" c " on " t " (amount);")
            else if (n % 24 == 5) put("alter table " t " add constraint " t "_" c " foreign key (owner_id) references shop_0 (id);")
            else if (n % 24 == 6) put("alter table " t " add constraint " t "_" c " check (amount >= 0) not valid;\nalter table " t " validate constraint " t "_" c ";")
            else if (n % 24 == 7) put("alter table " t " alter column owner_id set not null;")
            else if (n % 24 == 8) put("alter table " t " alter column status type varchar(40);")
            else if (n % 24 == 9) put("alter table " t " rename column status to state;\nalter table " t " rename column state to status;")
            else if (n % 24 == 10) put("alter table " t " drop column if exists owner_id;")
            else if (n % 24 == 11) put("update " t " set status = '\''done'\'' where status = '\''closed'\'';\ninsert into " t " (email, amount) values ('\''a@b.example'\'', 1), ('\''c@d.example'\'', 2);")
            else if (n % 24 == 12) put("create type " t "_kind_" n " as enum ('\''a'\'', '\''b'\'');\nalter table " t " add column " c " " t "_kind_" n ";")
            else if (n % 24 == 13) put("alter table " t " add constraint " t "_" c " unique (owner_id, created_at);")
            else if (n % 24 == 14) put("create view " t "_" c " as select status, count(*), sum(amount) from " t " group by status having count(*) > 1;")
            else if (n % 24 == 15) put("alter table " t " alter column amount type bigint using amount::bigint;")
            else if (n % 24 == 16) put("drop index if exists " t "_status;")
            else if (n % 24 == 17) put("alter table " t " add column " c " uuid not null default gen_random_uuid();")
            else if (n % 24 == 18) put("alter table " t " add constraint " t "_" c " check (char_length(email) < 200);")
            else if (n % 24 == 19) put("alter table " t " alter column status drop not null;")
            else if (n % 24 == 20) put("create function " t "_" c "(wanted text) returns bigint language sql stable as $$\n  select count(*) from " t " where status = wanted\n$$;")
            else if (n % 24 == 21) put("alter table " t " add column " c " json;\nalter table " t " add column " c "_at timestamp;")
            else if (n % 24 == 22) put("drop table if exists " t "_old cascade;\ntruncate " t ";")
            else if (n % 24 == 23) put("alter table " t " rename to " t "_renamed;\nalter table " t "_renamed rename to " t ";")
            else put("alter table " t " alter column email set default '\'''\'';\ngrant select on " t " to reporting;")
        }
        BEGIN {
            for (n = 0; n < files; n++) {
                file = sprintf("%s/%05d_step.sql", directory, n + 1)
                if (n % 10 == 0) create(n); else change(n)
                close(file)
            }
        }'
    say "$files files with $(cat "$work"/migrations/*.sql | wc -l) lines"
}

charter() {
    cat >"$work/charter.yaml" <<-'CHARTER'
		charter: 1
		environments: { bench: {} }
		databases: { none: { environment: bench, url: "${env:BENCH}" } }
	CHARTER
    export PGCHARTER_STATE_DIRECTORY=$work/state BENCH=postgres://localhost/none
}

# --- measuring ----------------------------------------------------------------------------------------------------------
seconds() { # seconds COMMAND…: how long it takes; findings end both programs with 1
    local begun ended status=0
    begun=$(date +%s%N)
    "$@" >"$work/out" 2>"$work/err" || status=$?
    ended=$(date +%s%N)
    [[ $status -le 1 ]] || { cat "$work/err" >&2; die "this ended with $status: $1"; }
    awk -v t=$((ended - begun)) 'BEGIN { printf "%.3f\n", t / 1e9 }'
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

ours() { "$home/pgcharter" --charter "$work/charter.yaml" lint --json "$@"; }
theirs() { "$squawk" --pg-version 15.0 --reporter json "$@"; }

# --- findings side by side ----------------------------------------------------------------------------------------------
# Every rule that both have: squawk's name, then ours, one or more.
rules() {
    cat <<-'RULES'
		adding-field-with-default add-column-volatile-default,add-column-generated-stored
		adding-foreign-key-constraint foreign-key-not-not-valid
		adding-not-nullable-field set-not-null
		adding-required-field required-column
		adding-serial-primary-key-field primary-key-scan,add-column-serial
		ban-char-field char-column
		ban-concurrent-index-creation-in-transaction concurrently-in-transaction
		ban-drop-column drop-column
		ban-drop-not-null drop-not-null
		ban-drop-table drop-table
		ban-truncate-cascade cascade
		changing-column-type type-change-rewrite,type-change-check-rescan,type-change-zone-dependent,type-narrowing
		constraint-missing-not-valid check-not-not-valid,foreign-key-not-not-valid,validate-same-transaction
		disallowed-unique-constraint unique-constraint-scan
		prefer-bigint-over-int small-key
		prefer-bigint-over-smallint small-key
		prefer-identity serial-column
		prefer-robust-stmts not-rerunnable
		prefer-timestamp-tz timestamp-without-zone
		renaming-column rename-column
		renaming-table rename-table
		require-concurrent-index-creation index-not-concurrent
		require-concurrent-index-deletion drop-index-not-concurrent
		require-concurrent-partition-detach detach-partition
		require-concurrent-reindex reindex-not-concurrent
		require-enum-value-ordering enum-value-without-place
		require-timeout-settings missing-lock-timeout,missing-statement-timeout
		transaction-nesting transaction-nesting
	RULES
}

# files_of LIST RULES: which files have a finding of one of the rules; LIST has lines of file and rule
files_of() { awk -v rules=",$2," 'index(rules, "," $2 ",") { print $1 }' "$1" | sort -u; }

side_by_side() {
    jq -r '.[] | (.file | sub(".*/"; "")) + " " + .rule_name' "$work/theirs.json" >"$work/theirs.list"
    jq -r '.report.findings[] | (.file | sub(".*/"; "")) + " " + .rule' "$work/ours.json" >"$work/ours.list"
    printf '\n%-46s %8s %8s %8s   %s\n' "files with a finding of (squawk's rule)" both squawk ours "our rules"
    local theirs ours
    while read -r theirs ours; do
        files_of "$work/theirs.list" "$theirs" >"$work/a"
        files_of "$work/ours.list" "$ours" >"$work/b"
        [[ -s $work/a || -s $work/b ]] || continue
        printf '%-46s %8d %8d %8d   %s\n' "$theirs" "$(comm -12 "$work/a" "$work/b" | wc -l)" \
            "$(comm -23 "$work/a" "$work/b" | wc -l)" "$(comm -13 "$work/a" "$work/b" | wc -l)" "${ours//,/, }"
    done < <(rules)
    printf '\nboth: found by both; squawk, ours: by one alone\n'
}

# --- all of it ----------------------------------------------------------------------------------------------------------
write_files
charter
one=$work/migrations/00004_step.sql
[[ -f $one ]] || one=$work/migrations/00001_step.sql
say "once each, to warm up"
seconds ours "$one" >/dev/null
seconds theirs "$one" >/dev/null
for ((run = 1; run <= runs; run++)); do
    say "run $run of $runs"
    seconds ours "$work/migrations" >>"$work/ours.all"
    cp "$work/out" "$work/ours.json"
    seconds theirs "$work"/migrations/*.sql >>"$work/theirs.all"
    cp "$work/out" "$work/theirs.json"
    seconds ours "$one" >>"$work/ours.one"
    seconds theirs "$one" >>"$work/theirs.one"
done

printf '%-24s %12s %12s %8s\n' "median of $runs, seconds" pgcharter squawk ratio
for what in all one; do
    a=$(median "$work/ours.$what") b=$(median "$work/theirs.$what")
    [[ $what == all ]] && name="$files files" || name="one file"
    printf '%-24s %12s %12s %8s\n' "$name" "$a" "$b" "$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.1f", a / b }')"
done
side_by_side
printf '\n'
[[ $files -eq 1000 ]] && goal='<=10' || goal=-
printf 'figure lint_files_seconds %s goal %s\n' "$(median "$work/ours.all")" "$goal"
printf 'figure lint_one_file_seconds %s goal <=0.5\n' "$(median "$work/ours.one")"
awk -v a="$(median "$work/ours.all")" -v b="$(median "$work/theirs.all")" 'BEGIN { printf "figure lint_vs_squawk %.1f goal -\n", a / b }'
