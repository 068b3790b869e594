#!/bin/sh
# Runs every example of docs/api.md, in order, against a server with invented clients: each block must
# end with 0, and the replies must be JSON.
set -eu
cd "$(dirname "$0")/../.."
daftar=${DAFTAR:-build/daftar}
temp=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server"; wait "$server" || :; }; rm -rf "$temp"' EXIT

"$daftar" demo --data "$temp/data" --clients 30 --seed 1 >"$temp/demo"
email=$(sed -n 's/^sign in as \([^ ]*\) .*/\1/p' "$temp/demo")
TOKEN=$("$daftar" token --data "$temp/data" --email "$email" --name docs)
"$daftar" serve --data "$temp/data" --listen 127.0.0.1:0 >"$temp/ready" 2>"$temp/log" &
server=$!
for _ in $(seq 300); do
    grep -q http "$temp/ready" && break
    sleep 0.1
done
URL=$(grep -o 'http://[0-9.:]*' "$temp/ready")
export TOKEN URL

# All blocks become one program: later ones use what earlier ones found.
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' docs/api.md >"$temp/examples.sh"
blocks=$(grep -c '^```sh$' docs/api.md)
[ "$blocks" -ge 8 ] || { echo "only $blocks examples"; exit 1; }
if ! sh -eu "$temp/examples.sh" >"$temp/out" 2>"$temp/err"; then
    echo "an example of docs/api.md failed:"
    tail -n 3 "$temp/out"
    cat "$temp/err" "$temp/log"
    exit 1
fi
for words in '"total":' '"e164":"+989123456789"' '"nickname":"Sari"' '"action":"restore"' '"left":0' 'emails.0.email'; do
    grep -qF "$words" "$temp/out" ||
        { echo "no $words in what the examples gave"; exit 1; }
done
echo "$blocks examples ran"
