#!/bin/sh
# The command line as scripts use it: init, serve, token, backup, check, rebuild; exit codes, what goes
# to stdout and what to stderr, the one line when ready, SIGTERM, a killed child.
# DAFTAR: the program (build/asan/daftar unless set).
set -u
cd "$(dirname "$0")/../.." || exit 1
program=${DAFTAR:-build/asan/daftar}
dir=$(mktemp -d) || exit 1
parent=
stop_server() {
    [ -z "$parent" ] || { kill -TERM "$parent" 2>/dev/null; wait "$parent"; code=$?; parent=; return "$code"; }
}
trap 'stop_server; rm -rf "$dir"' EXIT
failed=0
fail() { echo "FAILED: $*"; sed 's/^/    /' "$dir/out" "$dir/err" 2>/dev/null; failed=1; }
# expect CODE ARGUMENT… : runs the program; its output is in $dir/out and $dir/err
expect() {
    want=$1; shift
    "$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    code=$?
    [ "$code" = "$want" ] || fail "daftar $* ended with $code, not $want"
}
says() { grep -q -- "$1" "$dir/out" || fail "stdout does not say: $1"; }
complains() {
    grep -q -- "$1" "$dir/err" || fail "stderr does not say: $1"
    [ ! -s "$dir/out" ] || fail "a complaint on stdout"
}
data=$dir/data
echo 'correct horse battery' >"$dir/password"

# Help, and usage that makes no sense
expect 0 --help; says 'serve '
expect 0 init --help; says '--password-file'
expect 2; complains 'Usage'
expect 2 nonsense; complains 'no command nonsense'
expect 2 check; complains '--data'
expect 2 check --data "$data" --nonsense; complains '--nonsense'
expect 2 check --data "$data" --data "$data"; complains 'twice'
expect 2 check --data; complains 'wants DIR'
expect 2 check --data "$data" word; complains 'usage'
expect 2 init --data "$data"; complains '--name is missing'
expect 2 backup --data "$data"; complains 'usage'
expect 4 check --data "$data"; complains 'no workspace'
[ ! -e "$data/daftar.db" ] || fail "check made a database"

# init: refusals leave no firm behind
expect 4 init --data "$data" --name Firm --email a@example.com --password-file "$dir/nothing"; complains 'cannot read'
echo short >"$dir/short"
expect 1 init --data "$data" --name Firm --email a@example.com --password-file "$dir/short"; complains 'at least 10'
expect 1 init --data "$data" --name Firm --email nonsense --password-file "$dir/password"; complains 'e-mail'
expect 1 init --data "$data" --name Firm --email a@example.com --password-file "$dir/password" --language xx; complains 'language'
expect 4 token --data "$data" --email a@example.com --name x; complains 'not set up'
expect 0 init --data "$data" --name=Firm --email a@example.com --password-file "$dir/password" --language fa
expect 5 init --data "$data" --name Firm --email a@example.com --password-file "$dir/password"; complains 'already'
[ "$(stat -c %a "$data" "$data/daftar.db" | tr '\n' ' ')" = '700 600 ' ] || fail "the data can be read by others"

# token, check, rebuild, backup
expect 0 token --data "$data" --email a@example.com --name test
grep -qE '^dft_[A-Za-z0-9_-]{43}$' "$dir/out" || fail "no token on stdout"
expect 4 token --data "$data" --email b@example.com --name test; complains 'no active member'
expect 0 check --data "$data"; says 'no faults'
expect 0 rebuild --data "$data"
expect 0 backup --data "$data" "$dir/copy"
(cd "$dir/copy" && sha256sum --quiet -c MANIFEST) || fail "the manifest does not hold"
expect 5 backup --data "$data" "$dir/copy"; complains 'already'
# the key outside the database: nobody else's, and part of the copy
[ "$(stat -c %a "$data/keys" "$data/keys/seal.key" "$dir/copy/keys/seal.key" | tr '\n' ' ')" = '700 600 600 ' ] ||
    fail "the key can be read by others"
cmp -s "$data/keys/seal.key" "$dir/copy/keys/seal.key" || fail "the copy has another key"
chmod 640 "$data/keys/seal.key"
expect 8 serve --data "$data" --listen 127.0.0.1:0
grep -q 'can be read by others' "$dir/err" || fail "serve does not say why"
chmod 600 "$data/keys/seal.key"
expect 4 member --data "$data" --reset-factor b@example.com; complains 'no active member'
expect 5 member --data "$data" --reset-factor a@example.com; complains 'no second factor'
expect 2 member --data "$data"; complains 'reset-factor is missing'
expect 0 check --data "$dir/copy"; says 'no faults'
head -c 40000 /dev/zero | tr '\0' x | dd of="$dir/copy/daftar.db" bs=1 seek=40960 conv=notrunc 2>/dev/null
"$program" check --data "$dir/copy" >"$dir/out" 2>"$dir/err" </dev/null && fail "a damaged file passes"

# own fields
expect 2 field nonsense --data "$data"; complains 'list, add, rename'
expect 2 field add --data "$data"; complains '--name is missing'
expect 1 field add --data "$data" --name Size --kind choice; complains 'choices'
expect 0 field add --data "$data" --name Size --kind number --decimals 1 --filtered --listed; says '^cf_1$'
printf 'name,Size\nAnna,1.5\n' >"$dir/in.csv"
expect 0 import --data "$data" "$dir/in.csv"; says 'created 1'
expect 0 list party --data "$data" --where Size=1.5 --columns display_name,cf_1; says 'Anna'
expect 1 field add --data "$data" --name size; complains 'name'
expect 0 field rename cf_1 --data "$data" --name Extent
expect 0 field list --data "$data"; says 'cf_1.*number.*Extent.*1$'
expect 0 field remove cf_1 --data "$data"
expect 0 export --data "$data" --format csv
grep -q 'cf_1' "$dir/out" && fail "a removed field is exported"
expect 0 field restore cf_1 --data "$data"
expect 0 list party --data "$data" --where Extent=1.5 --columns display_name,cf_1; says '1.5'
expect 0 check --data "$data"; says 'no faults'
expect 0 rebuild --data "$data"
expect 0 check --data "$data"; says 'no faults'
expect 0 list party --data "$data" --sort cf_1 --columns display_name,cf_1; says '1.5'
expect 4 field remove cf_9 --data "$data"; complains 'no field cf_9'

# serve
serve() {
    : >"$dir/serve.out"
    "$program" serve --data "$1" --listen 127.0.0.1:0 >"$dir/serve.out" 2>"$dir/serve.err" </dev/null &
    parent=$!
    i=0
    until grep -q 'ready on' "$dir/serve.out"; do
        i=$((i + 1))
        [ $i -lt 200 ] || { cat "$dir/serve.err"; fail "the server does not get ready"; return 1; }
        sleep 0.1
    done
    at=$(sed -n 's/^daftar: ready on //p' "$dir/serve.out")
}
get() { curl -s -o "$dir/page" -w '%{http_code}' "$@"; }
if serve "$data"; then
    [ "$(wc -l <"$dir/serve.out")" = 1 ] || fail "more than one line when ready"
    [ "$(get "$at/health")" = 200 ] || fail "/health"
    [ "$(get "$at/clients")" = 303 ] || fail "/clients lets strangers in"
    [ "$(get -H 'Host: evil.example' "$at/health")" = 421 ] || fail "a foreign host is served"
    code=$(get -c "$dir/jar" --data-urlencode email=a@example.com --data-urlencode 'password=correct horse battery' "$at/sign-in")
    [ "$code" = 303 ] || fail "sign-in gives $code"
    [ "$(get -b "$dir/jar" "$at/welcome")" = 200 ] || fail "no welcome"
    expect 0 backup --data "$data" "$dir/copy2"
    expect 0 check --data "$dir/copy2"
    expect 5 rebuild --data "$data"; complains 'stop the server'
    # the child dies, the parent starts it again, the session lives on, no second line
    child=$(ps -o pid= --ppid "$parent" | tr -d ' ')
    kill -9 "$child"
    i=0
    until [ "$(get -b "$dir/jar" "$at/welcome")" = 200 ]; do
        i=$((i + 1)); [ $i -lt 50 ] || { fail "not started again"; break; }
        sleep 0.1
    done
    [ "$(wc -l <"$dir/serve.out")" = 1 ] || fail "the second child speaks"
    begun=$(date +%s)
    stop_server || fail "SIGTERM gives exit code $?"
    [ $(($(date +%s) - begun)) -le 5 ] || fail "SIGTERM takes more than 5 s"
    if grep -qE 'AddressSanitizer|LeakSanitizer|runtime error' "$dir/serve.err"; then cat "$dir/serve.err"; fail "sanitizer"; fi
fi
# the first serve of an empty folder prints the one link; every serve until set-up a new one
if serve "$dir/new"; then
    link=$(sed -n 's/.* at \(http[^ ]*setup[^ ]*\)$/\1/p' "$dir/serve.out")
    [ "$(get "$link")" = 200 ] || fail "the set-up link"
    [ "$(get "$at/sign-in")" = 503 ] || fail "a page before the set-up"
    stop_server
    serve "$dir/new"
    new=$(sed -n 's/.* at \(http[^ ]*setup[^ ]*\)$/\1/p' "$dir/serve.out")
    [ "$(get "$at/setup/${link##*/}")" = 404 ] || fail "the old link still works"
    [ "$(get "$new")" = 200 ] || fail "the new link"
    stop_server
fi
exit $failed
