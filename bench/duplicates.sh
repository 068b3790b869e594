#!/bin/sh
# How long all clients take to be compared, in how much memory, how right it is, and how long one
# takes while he is typed. Called by make bench-duplicates.
#   bench/duplicates.sh PROGRAM SIZE…
set -eu
program=$1
shift
for size in "$@"; do
    data=build/bench/duplicates-$size
    truth=$data.csv
    if ! [ -f "$truth" ]; then
        rm -rf "$data"
        mkdir -p build/bench
        "$program" demo --data "$data" --clients "$size" --seed 1 --truth "$truth.part" >/dev/null
        mv "$truth.part" "$truth"
    fi
    echo "$size clients"
    /usr/bin/time -f "%e s, %M kB at most" "$program" duplicates --data "$data" --truth "$truth"
    "$program" duplicates --data "$data" --no-look --near 1000
done
