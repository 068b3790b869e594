#!/bin/sh
# make bench-segments: questions against hand-written SQL at BENCH_SIZES clients (100000 1000000), ten
# purchases each. Data is kept under build/bench for the next run. $1: the program bench/segments.c.
set -eu
cd "$(dirname "$0")/.."
work=build/bench
mkdir -p "$work"
for n in ${BENCH_SIZES:-100000 1000000}; do
    data=$work/segments-$n
    if [ ! -e "$data/ready" ]; then
        rm -rf "$data"
        mkdir -p "$data"
        echo "bench-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')" > "$data/password"
        build/daftar init --data "$data" --name Bench --email bench@example.com --password-file "$data/password" --language en
        build/daftar demo --data "$data" --clients "$n" --purchases $((n * 10)) --seed 7 > /dev/null
        touch "$data/ready"
    fi
    echo "== $n clients, $((n * 10)) purchases"
    "$1" "$data" $((n * 10))
done
