#!/bin/sh
# Speed of writing: API creates (also under syncs that take 1 ms longer), and imports beside web writes,
# into an empty register and into the one given. Called by hand:
#   sh bench/writes.sh [DATA]          DATA: a copy of a filled data folder whose owner is bench@example.com
#   WRITES_PG=postgres://… sh bench/writes.sh       creates on PostgreSQL too (in its schema bench_writes)
# Floors of the same run: bare SQLite committing one row at a time; bare SQLite taking the rows that the
# import has made into the same tables with the same indexes.
set -eu
cd "$(dirname "$0")/.."
make -s build/daftar
bin=build/daftar work=build/bench/writes rows=${ROWS:-20000}
rm -rf "$work"
mkdir -p "$work"
gcc -std=gnu17 -D_GNU_SOURCE -O2 -Wall -o "$work/writes" bench/writes.c -lsqlite3 -lpthread
gcc -shared -fPIC -O2 -Wall -o "$work/slow_sync.so" bench/slow_sync.c
echo "writes-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" > "$work/password"

csv() { # ROWS FIRST
    awk -v n="$1" -v o="$2" 'BEGIN { srand(5)
        g_n = split("Ali Sara Maryam Reza Hossein Fatima Ahmad Zahra Omid Leila Jean Marie Pierre Sophie Karim Nadia", g, " ")
        f_n = split("Ahmadi Rezaei Karimi Hosseini Martin Bernard Dubois Smith Jones Taylor Haddad Nasser Moradi", f, " ")
        t_n = split("Shiraz Tehran Isfahan Tabriz Paris Lyon London Cairo Beirut Rasht", t, " ")
        print "First name,Last name,Phone,E-mail,Street,City,Postcode,Birthday,Notes"
        for (i = o; i < o + n; i++)
            printf "%s,%s %s %d,+98912%07d,import%d@bench.example,%d Garden Street,%s,%05d,1980-%02d-%02d,%s\n", \
                g[int(rand() * g_n) + 1], f[int(rand() * f_n) + 1], f[int(rand() * f_n) + 1], i % 9973, i, i, \
                i % 180 + 1, t[int(rand() * t_n) + 1], i % 99999, i % 12 + 1, i % 28 + 1, \
                i % 5 ? "" : "met at the fair " i % 31 }'
}

start() { # PRELOAD, then how the data is named; sets pid, port, token
    preload=$1
    shift
    token=$("$bin" token "$@" --email bench@example.com --name writes)
    LD_PRELOAD=$preload "$bin" serve "$@" --listen 127.0.0.1:0 > "$work/serve.log" 2>&1 &
    pid=$!
    trap 'kill $pid 2>/dev/null || true' EXIT
    until grep -q 'ready on' "$work/serve.log"; do kill -0 $pid; sleep 0.01; done
    port=$(sed -n 's/.*ready on http:\/\/[^:]*:\([0-9]*\).*/\1/p' "$work/serve.log" | head -1)
}

memory() {
    grep -h "$1" /proc/$pid/status $(pgrep -P $pid | sed 's:.*:/proc/&/status:') | tr -s '\t\n' ' '
    echo "(parent, server)"
}

finish() {
    memory VmHWM
    kill $pid
    wait $pid || true
    trap - EXIT
}

new() { # the workspace, as options
    "$bin" init "$@" --name Bench --email bench@example.com --password-file "$work/password" --language en
}

creates() { # PRELOAD, then as for start
    start "$@"
    memory VmRSS
    "$work/writes" create "$port" $pid "$token" 1 3
    "$work/writes" create "$port" $pid "$token" 16 5
    finish
}

import() { # DATA CSV
    start "" --data "$1"
    "$work/writes" beside "$port" $pid "$token" "$rows" "$bin import --data $1 $2"
    finish
}

"$work/writes" commits "$work"
echo "== creates"
new --data "$work/empty"
cp -r "$work/empty" "$work/creates"
creates "" --data "$work/creates"
echo "== creates, each sync 1 ms longer"
cp -r "$work/empty" "$work/slow"
creates "$work/slow_sync.so" --data "$work/slow"
if [ -n "${WRITES_PG:-}" ]; then
    echo "== creates on PostgreSQL"
    url="$WRITES_PG&options=-csearch_path%3Dbench_writes"
    new --database "$url" --data "$work/pg"
    creates "" --database "$url" --data "$work/pg"
fi
csv "$rows" 1 > "$work/import.csv"
echo "== import alone, into an empty register (user and system time: CPU)"
cp -r "$work/empty" "$work/alone"
time "$bin" import --data "$work/alone" "$work/import.csv"
echo "== the same rows by bare SQLite into the same tables with the same indexes"
sqlite3 "$work/alone/daftar.db" .schema | grep -v sqlite_sequence > "$work/schema.sql"
{
    echo 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;'
    cat "$work/schema.sql"
    echo "ATTACH '$work/alone/daftar.db' AS s; BEGIN;"
    for t in party phone email address change search_term; do echo "INSERT INTO $t SELECT * FROM s.$t;"; done
    echo 'INSERT INTO sort_value SELECT * FROM s.sort_value ORDER BY id; COMMIT;'
} > "$work/floor.sql"
time sqlite3 "$work/floor.db" < "$work/floor.sql" > /dev/null
echo "== import beside a server, into an empty register"
import "$work/empty" "$work/import.csv"
if [ $# -gt 0 ]; then
    echo "== import beside a server, into $1"
    csv "$rows" 5000000 > "$work/import2.csv"
    import "$1" "$work/import2.csv"
fi
