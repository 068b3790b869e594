#!/bin/sh
# Runs the tests and counts them. ./test calls it when everything needed is installed.
#   t/run.sh [PART|NAME]...   parts: build unit other fuzz clang scripts browser; no argument: all of them
#   t/run.sh fuzz-live        each fuzz target for FUZZ_SECONDS under libFuzzer (make fuzz)
#
# A test is found by its place and name, nothing is listed by hand:
#   t/FOLDER/test_NAME.c      a cmocka program             t/fuzz/fuzz_NAME.c   over corpus and regression
#   t/scripts/NAME.sh         one test: its exit code       t/FOLDER/NAME.sh     the same, in other folders
#   t/browser/NAME.mjs        a Node.js program             t/FOLDER/NAME.mjs    that prints TAP
# (a name that begins with "_" is a helper). Each leaves its output in build/log/NAME.out.
# All that was chosen stands in one queue, the longest first (t/slow.txt), so that no processor waits for
# the last of a part. The last line is "N passed, N failed"; the exit code is 0 only if something ran and
# nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
LOG=build/log
# One more than there are processors: tests wait, too, for a browser, a disk, a clock.
CORES=$(nproc 2>/dev/null || echo 2)
JOBS=${TEST_JOBS:-$((CORES < 4 ? CORES + 1 : 5))}
SECONDS_EACH=${TEST_SECONDS:-1500}
export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 TZ=UTC
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1:exitcode=99}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
# What tests of other processes start: the program with sanitizers.
export DAFTAR="${DAFTAR:-$PWD/build/asan/daftar}"

# test_x.c and fuzz_x.c are called so, others by their folder too: t/cli/import.sh is cli-import.
name_of() {
    name=$(basename "$1"); name=${name%.*}
    case $name in test_*|fuzz_*|build-*) ;; *) folder=${1#t/}; name=${folder%%/*}-$name ;; esac
    echo "$name"
}
# one KIND FILE: runs one test, writes LOG/NAME.{out,count}, prints its line (and its output if it failed).
one() {
    kind=$1 file=$2
    if [ "$kind" = make ]; then built "$file" MODE=clang parse; return; fi
    name=$(name_of "$file")
    out=$LOG/$name.out
    begun=$(date +%s)
    case $kind in
    c) set -- "build/asan/t/$name" ;;
    sh) set -- sh "$file" ;;
    mjs) set -- node "$file" ;;
    fuzz) set -- "build/asan/fuzz/$name" "t/fuzz/corpus/${name#fuzz_}" "t/fuzz/regression/${name#fuzz_}" ;;
    esac
    timeout -k 10 "$SECONDS_EACH" "$@" >"$out" 2>&1 </dev/null
    code=$?
    took=$(($(date +%s) - begun))
    # cmocka 1.1 writes a skipped test as "not ok N # SKIP".
    skipped=$(grep -acE '^(not )?ok [0-9]+ # SKIP' "$out")
    passed=$(grep -aE '^ok [0-9]+' "$out" | grep -avc '# SKIP')
    failed=$(grep -aE '^not ok [0-9]+' "$out" | grep -avc '# SKIP')
    planned=$(sed -n 's/^1\.\.\([0-9][0-9]*\).*/\1/p' "$out" | awk '{ n += $1 } END { print n + 0 }')
    why=
    if [ "$kind" = sh ] && [ $((passed + failed)) = 0 ]; then
        if [ $code = 0 ]; then passed=1; else failed=1; fi
    fi
    if [ $code = 124 ] || [ $code = 137 ]; then
        why="no end after $SECONDS_EACH s"
    elif grep -aqE 'ERROR: (Address|Leak|Thread)Sanitizer|: runtime error: ' "$out"; then
        why="sanitizer report"
    elif [ "$failed" = 0 ] && [ $code != 0 ]; then
        why="ended with $code"
    elif [ "$planned" -gt $((passed + failed + skipped)) ]; then
        why="$planned tests planned, $((passed + failed + skipped)) ran"
    elif [ $((passed + failed + skipped)) = 0 ]; then
        why="ran nothing"
    fi
    if [ -n "$why" ]; then failed=$((failed + 1)); fi
    echo "$passed $failed $skipped" >"$LOG/$name.count"
    echo "$took $name" >"$LOG/$name.took"
    if [ "$failed" = 0 ]; then
        note=; [ "$skipped" = 0 ] || note=", $skipped skipped"
        echo "pass  $name: $passed$note (${took} s)"
    else
        { echo "FAIL  $name: $passed passed, $failed failed${why:+ ($why)} (${took} s), see $out"
          grep -avE '^ok [0-9]+' "$out" | tail -n 150 | sed 's/^/    /'; } >"$LOG/$name.shown"
        cat "$LOG/$name.shown"
    fi
}
# record NAME passed|failed: a result that is not a test program (a build). The errors of a build first:
# its end is often far from them.
record() {
    if [ "$2" = passed ]; then echo "1 0 0" >"$LOG/$1.count"; echo "pass  $1${3:+ ($3 s)}"
    else
        echo "0 1 0" >"$LOG/$1.count"
        { echo "FAIL  $1, see $LOG/$1.out"
          { grep -naE -A 3 'error:|undefined reference|multiple definition|undefined symbol|\*\*\*' "$LOG/$1.out" | head -n 80
            echo "..."; tail -n 20 "$LOG/$1.out"; } | cut -c1-300 | sed 's/^/    /'; } >"$LOG/$1.shown"
        cat "$LOG/$1.shown"
    fi
}
# built NAME make-arguments: one build counted as one test.
built() {
    label=$1; shift
    made_at=$(date +%s)
    if make --no-print-directory -k -j"$CORES" "$@" >"$LOG/$label.out" 2>&1; then record "$label" passed $(($(date +%s) - made_at))
    else record "$label" failed; return 1; fi
}
if [ "${1-}" = --one ]; then one "$2" "$3"; exit 0; fi

# run_all: lines "KIND FILE" from standard input, some at a time.
run_all() { xargs -r -P "$JOBS" -n 2 sh t/run.sh --one; }

# Every test as "PART KIND FILE".
list() {
    for f in t/*/test_*.c; do [ -e "$f" ] && echo "unit c $f"; done
    for f in t/fuzz/fuzz_*.c; do [ -e "$f" ] && echo "fuzz fuzz $f"; done
    for f in t/scripts/*.sh t/*/*.sh; do
        case $f in t/scripts/\*.sh|t/\*/*|*/_*) continue ;; esac
        case $f in t/scripts/*) echo "scripts sh $f" ;; t/browser/*) echo "browser sh $f" ;; *) echo "other sh $f" ;; esac
    done | sort -u
    for f in t/*/*.mjs; do
        case $f in t/\*/*|*/_*) continue ;; esac
        case $f in t/browser/*) echo "browser mjs $f" ;; *) echo "other mjs $f" ;; esac
    done
    echo "clang make build-clang"
}
if [ "${1-}" = --names ]; then list | while read -r _ _ file; do name_of "$file"; done; exit 0; fi
# The queue: "PART KIND FILE" from standard input without doubles, the longest first.
longest_first() {
    slow=t/slow.txt; [ -e $slow ] || slow=/dev/null
    sort -u | while read -r part kind file; do echo "$(name_of "$file") $part $kind $file"; done |
        awk -v slow=$slow 'BEGIN { while ((getline line <slow) > 0) { split(line, a, " "); took[a[2]] = a[1] } }
            { print took[$1] + 0, $2, $3, $4 }' | sort -k1,1rn -s | cut -d' ' -f2-
}
chosen() { # the tests of one part, or one named test
    list | awk -v want="$1" '{ n = f = $3; sub(/.*\//, "", n); sub(/^t\//, "", f); sub(/\/.*/, "", f); sub(/\.[a-z]+$/, "", n); bare = n; sub(/^(test|fuzz)_/, "", bare) }
        $1 == want || n == want || bare == want || (f "-" n) == want || $3 == want'
}

# One PostgreSQL for the whole run (none if the caller brings his own).
pg_start() {
    [ -e t/pg.sh ] || return 0
    [ -z "${DAFTAR_TEST_PG-}" ] || return 0
    if told=$(sh t/pg.sh start 2>"$LOG/postgres.out"); then eval "$told"; pg_on=yes
    else record postgres failed; fi
}
pg_stop() { [ -z "${pg_on-}" ] || sh t/pg.sh stop >/dev/null 2>&1; pg_on=; }
trap pg_stop EXIT
trap 'exit 130' INT TERM HUP

fuzz_live() {
    found=0
    for f in build/fuzz/fuzz/fuzz_*; do
        case $f in *.o|*.d|*\*) continue ;; esac
        name=$(basename "$f"); thing=${name#fuzz_}
        mkdir -p "build/corpus/$thing" "t/fuzz/regression/$thing"
        dict=; [ ! -e "t/fuzz/$thing.dict" ] || dict="-dict=t/fuzz/$thing.dict"
        echo "== $name, ${FUZZ_SECONDS:-60} s"
        if ! "$f" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 $dict \
            -artifact_prefix="t/fuzz/regression/$thing/" "build/corpus/$thing" "t/fuzz/corpus/$thing" \
            >"$LOG/$name.live" 2>&1; then
            found=1; echo "FAIL  $name: the input is in t/fuzz/regression/$thing/"; tail -n 60 "$LOG/$name.live"
        else
            grep -E 'stat::(number_of_executed_units|new_units_added)' "$LOG/$name.live"
        fi
    done
    return $found
}

mkdir -p "$LOG"
if [ "${1-}" = fuzz-live ]; then fuzz_live; exit; fi
rm -f "$LOG"/*.count "$LOG"/*.shown "$LOG"/*.took
[ $# -gt 0 ] || set -- build unit other fuzz scripts browser clang

begun_all=$(date +%s)
for part; do
    [ "$part" = build ] || chosen "$part"
done >"$LOG/chosen"
for part; do
    case $part in build|unit|other|fuzz|scripts|browser|clang) continue ;; esac
    [ -n "$(chosen "$part")" ] || { echo "no test or part is called $part"; echo "0 passed, 1 failed"; exit 1; }
done
longest_first <"$LOG/chosen" >"$LOG/queue"
wanted=
while read -r part kind file; do
    case $kind in
    c) wanted="$wanted build/asan/t/$(basename "$file" .c)" ;;
    fuzz) wanted="$wanted build/asan/fuzz/$(basename "$file" .c)" ;;
    make) ;;
    *) case $wanted in *asan/daftar*) ;; *) [ "$part" = scripts ] || wanted="$wanted build/asan/daftar" ;; esac ;;
    esac
done <"$LOG/queue"
case " $* " in *" build "*) wanted="build/asan/daftar units fuzzers" release=yes ;; *) release= ;; esac
# scripts look at the usual build; two of them must not make it at once
if [ -n "$release" ] || grep -q ' t/scripts/' "$LOG/queue"; then built build-release; fi
# shellcheck disable=SC2086 (a list of names without spaces)
if [ -n "$wanted" ]; then built build-asan MODE=asan $wanted; fi
if [ -s "$LOG/queue" ]; then
    pg_start
    cut -d' ' -f2- "$LOG/queue" | run_all
    slowest=$(cat "$LOG"/*.took 2>/dev/null | sort -rn | head -n 8 | awk '{ printf "%s%s %s s", n++ ? ", " : "", $2, $1 }')
    [ -z "$slowest" ] || echo "Slowest: $slowest"
fi

# shellcheck disable=SC2046
set -- $(cat "$LOG"/*.count 2>/dev/null | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
failures=$(ls "$LOG"/*.shown 2>/dev/null)
[ -z "$failures" ] || { echo "Failed:"; grep -h '^FAIL' $failures; }
echo "All in $(($(date +%s) - begun_all)) s; skipped: $3"
echo "$1 passed, $2 failed"
[ "$2" = 0 ] && [ "$1" -gt 0 ]
