#!/bin/sh
# make bench: 10,000, 100,000 and 1,000,000 invented clients, each measured beside floors of the same run.
# BENCH_SIZES="10000 100000" takes others. Data is kept under build/bench for the next run.
set -eu
cd "$(dirname "$0")/.."
sizes=${BENCH_SIZES:-10000 100000 1000000}
make -s build/daftar
work=build/bench
mkdir -p "$work"
for program in bench pages; do
    gcc -std=gnu17 -D_GNU_SOURCE -O2 -Wall -o "$work/$program" bench/$program.c -lsqlite3 -lmicrohttpd -lpthread
done
password=bench-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
# Of the process that watches and the one that serves: now, and at most so far.
resident() {
    for p in $pid $(pgrep -P $pid); do cat /proc/$p/status; done |
        awk -v when="$1" '/^VmRSS/ { now += $2 } /^VmHWM/ { most += $2 } END {
            printf "resident memory %s: %.1f MB, at most %.1f MB\n", when, now / 1024, most / 1024 }'
}
for n in $sizes; do
    data=$work/$n
    if [ ! -e "$data/ready" ]; then
        rm -rf "$data"
        mkdir -p "$data"
        echo "$password" > "$data/password"
        build/daftar init --data "$data" --name Bench --email bench@example.com --password-file "$data/password" --language en
        from=$(date +%s)
        build/daftar demo --data "$data" --clients "$n" --seed 7 > /dev/null
        echo "demo of $n clients: $(($(date +%s) - from)) s"
        touch "$data/ready"
    fi
    password=$(cat "$data/password")
    csv=$work/import.csv
    [ -e "$csv" ] || awk 'BEGIN { print "Full name,Phone,E-mail,City,Birthday"; for (i = 1; i <= 20000; i++)
        printf "Import%d Bench%d,+98912%07d,import%d@bench.example,Shiraz,1980-%02d-%02d\n", i % 977, i, i, i, i % 12 + 1, i % 28 + 1 }' > "$csv"
    token=$(build/daftar token --data "$data" --email bench@example.com --name bench)
    from=$(date +%s%N)
    build/daftar serve --data "$data" --listen 127.0.0.1:0 > "$work/serve.log" 2>&1 &
    pid=$!
    trap 'kill $pid 2>/dev/null || true' EXIT
    until grep -q 'ready on' "$work/serve.log"; do kill -0 $pid; sleep 0.005; done
    echo "== $n clients; ready in $((($(date +%s%N) - from) / 1000000)) ms; file $(du -m "$data/daftar.db" | cut -f1) MB"
    sleep 2
    resident "at rest"
    port=$(sed -n 's/.*ready on http:\/\/[^:]*:\([0-9]*\).*/\1/p' "$work/serve.log" | head -1)
    cookie=$(curl -s -i -H "Origin: http://127.0.0.1:$port" --data-urlencode email=bench@example.com --data-urlencode "password=$password" \
        "http://127.0.0.1:$port/sign-in" | sed -n 's/^[Ss]et-[Cc]ookie: \(__Host-\)\{0,1\}\(daftar=[^;]*\).*/\1\2/p' | head -1)
    BENCH_CSV_ROWS=20000 "$work/bench" "$data" "$port" "$token" "$cookie" "$work/$n.result" \
        "build/daftar import --data $data $csv --match own_id > $work/import.log 2>&1"
    tail -1 "$work/import.log"
    "$work/pages" "$data" "$port" "$cookie"
    resident "after all that"
    rm -f "$work/floor.db"
    from=$(date +%s%N)
    printf '.mode csv\n.import %s t\n' "$csv" | sqlite3 "$work/floor.db"
    echo "the same file by sqlite3 .import: $((($(date +%s%N) - from) / 1000000)) ms"
    rm -f "$work/floor.db" "$data/ready"
    kill $pid
    wait $pid || true
    trap - EXIT
done
set -- $sizes
first=$1
for last; do :; done
echo "== median at $last clients against $first"
awk -F '\t' -v f="$work/$first.result" 'BEGIN { while ((getline l < f) > 0) { split(l, a, "\t"); m[a[1]] = a[2] } }
    $1 in m { printf "%-44s %6.2f times\n", $1, $2 / m[$1] }' "$work/$last.result"
