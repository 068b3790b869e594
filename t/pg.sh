#!/bin/sh
# A throw-away PostgreSQL for tests, without Debian's main cluster.
#   eval "$(sh t/pg.sh start)"          starts one; exports DAFTAR_TEST_PG=postgres://… and DAFTAR_TEST_PG_DIR
#   eval "$(sh t/pg.sh start --fsync)"  the same with real syncs, for crash tests
#   sh t/pg.sh kill                     kill -9 of all its processes, as a crash would
#   sh t/pg.sh restart                  starts it again after that
#   sh t/pg.sh stop                     ends it and removes its folder
# It listens on a socket in its own folder (mode 0700) and on no port, so nothing can collide. Run by
# root, it becomes the user postgres, or nobody.
set -eu

fail() { echo "t/pg.sh: $*" >&2; exit 1; }

bin=
for d in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin; do
    if [ -x "$d/initdb" ]; then bin=$d; fi
done
if [ -z "$bin" ] && command -v initdb >/dev/null; then bin=$(dirname "$(command -v initdb)"); fi
[ -n "$bin" ] || fail "PostgreSQL is not installed (no initdb)"

as_user() {
    if [ "$(id -u)" != 0 ]; then "$@"; return; fi
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    (cd / && setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@")
}

the_dir() {
    dir=${DAFTAR_TEST_PG_DIR-}
    case $dir in
    */daftar-pg.*) [ -d "$dir/data" ] || fail "$dir is not there" ;;
    *) fail "DAFTAR_TEST_PG_DIR is not set: start it first" ;;
    esac
}

server() { as_user "$bin/pg_ctl" -D "$dir/data" -s -w -t 60 -l "$dir/log" "$@" >&2; }

case ${1-} in
start)
    safe=off
    [ "${2-}" != --fsync ] || safe=on
    tmp=${TMPDIR:-/tmp}
    [ ${#tmp} -lt 60 ] || tmp=/tmp # a socket's path has 107 bytes
    dir=$(mktemp -d "$tmp/daftar-pg.XXXXXX")
    trap 'rm -rf "$dir"' EXIT
    if [ "$(id -u)" = 0 ]; then
        id postgres >/dev/null 2>&1 && chown postgres "$dir" || chown nobody "$dir"
    fi
    as_user "$bin/initdb" -D "$dir/data" -U daftar --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
        --no-sync >"$dir.init" 2>&1 || { cat "$dir.init" >&2; rm -f "$dir.init"; fail "initdb failed"; }
    rm -f "$dir.init"
    as_user tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0700
shared_buffers = 32MB
max_connections = 100
fsync = $safe
full_page_writes = $safe
autovacuum_naptime = 10s
CONF
    server start || { cat "$dir/log" >&2; fail "it does not start"; }
    as_user "$bin/createdb" -h "$dir" -U daftar daftar >&2
    trap - EXIT
    echo "export DAFTAR_TEST_PG_DIR='$dir'"
    echo "export DAFTAR_TEST_PG='postgres:///daftar?user=daftar&host=$dir'"
    ;;
kill)
    the_dir
    kill -9 "$(head -n 1 "$dir/data/postmaster.pid")"
    ;;
restart)
    the_dir
    # The processes of the killed server must notice first; until then their memory is in use.
    tries=0
    until server start 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 40 ] || { tail -n 20 "$dir/log" >&2; fail "it does not start again"; }
        sleep 0.25
    done
    ;;
stop)
    the_dir
    server -m immediate stop 2>/dev/null || true
    rm -rf "$dir"
    ;;
*) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
