#!/bin/sh
# How long all clients take to be compared, in how much memory, how right it is, and how long one
# takes while he is typed: by the command, with nothing in memory, and through a running server.
# Called by make bench-duplicates.
#   bench/duplicates.sh PROGRAM SIZE…
set -eu
program=$1
shift
mkdir -p build/bench
gcc -std=gnu17 -D_GNU_SOURCE -O2 -Wall -o build/bench/near bench/near.c -lsqlite3
for size in "$@"; do
    data=build/bench/duplicates-$size
    truth=$data.csv
    if ! [ -f "$truth" ]; then
        rm -rf "$data"
        "$program" demo --data "$data" --clients "$size" --seed 1 --truth "$truth.part" >"$data.sign-in"
        mv "$truth.part" "$truth"
    fi
    echo "$size clients"
    /usr/bin/time -f "%e s, %M kB at most" "$program" duplicates --data "$data" --truth "$truth"
    "$program" duplicates --data "$data" --no-look --near 1000
    # sign in as EMAIL with the password PASSWORD
    email=$(sed -n 's/^sign in as \([^ ]*\) .*/\1/p' "$data.sign-in")
    password=$(sed -n 's/^sign in as .* the password \([^ ]*\)$/\1/p' "$data.sign-in")
    "$program" serve --data "$data" --listen 127.0.0.1:0 >"$data.serve" 2>&1 &
    pid=$!
    trap 'kill $pid 2>/dev/null || true' EXIT
    until grep -q 'ready on' "$data.serve"; do kill -0 $pid; sleep 0.05; done
    port=$(sed -n 's/.*ready on http:\/\/[^:]*:\([0-9]*\).*/\1/p' "$data.serve" | head -1)
    at=http://127.0.0.1:$port
    cookie=$(curl -s -i -H "Origin: $at" --data-urlencode "email=$email" --data-urlencode "password=$password" "$at/sign-in" |
        sed -n 's/^[Ss]et-[Cc]ookie: \(daftar=[^;]*\).*/\1/p' | head -1)
    csrf=$(curl -s -b "$cookie" "$at/clients/new" | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
    served=$(pgrep -P $pid | head -1)
    for _ in 1 2; do build/bench/near "$data" "$port" "$cookie" "$csrf" "${served:-$pid}" 1000; done
    kill $pid
    wait $pid || true
    trap - EXIT
done
