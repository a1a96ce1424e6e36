# A private PostgreSQL server below a temporary directory, for the scripts beside this one that source it: the newest version that is
# installed, on a Unix socket, as the user postgres where this is root. It ends with the script, and so does the process in $serving.
#   start_server SETTING…    sets work, the directory; PGHOST and PGUSER lead to the server
work=
serving=
as_server=()

end_server() {
    [[ -z $serving ]] || { kill "$serving" && wait "$serving"; } 2>/dev/null || true
    [[ ! -d $work/data ]] || "${as_server[@]}" pg_ctl -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
    [[ -z $work ]] || rm -rf "$work"
}

start_server() {
    PATH=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5n | tail -1):$PATH
    command -v initdb >/dev/null || die "please install first: apt install postgresql"
    trap end_server EXIT
    trap 'exit 130' INT TERM HUP
    work=$(mktemp -d "${TMPDIR:-/tmp}/pgcharter-bench.XXXXXXXX")
    chmod 711 "$work"
    if [[ $EUID -eq 0 ]]; then
        as_server=(setpriv --reuid=postgres --regid=postgres --init-groups)
        install -d -o postgres -g postgres "$work/data" "$work/socket"
    else
        mkdir "$work/data" "$work/socket"
    fi
    cd "$work"
    "${as_server[@]}" initdb -D "$work/data" -U bench --auth=trust --no-sync >/dev/null
    printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$work/socket'" "$@" >>"$work/data/postgresql.conf"
    "${as_server[@]}" pg_ctl -D "$work/data" -w -l "$work/data/log" start >/dev/null
    export PGHOST=$work/socket PGUSER=bench
}
