#!/bin/sh
# daftar export --all from outside: every record is in the folder, the ZIP file holds the same, and the
# clients come back equal into a new workspace.
set -u
cd "$(dirname "$0")/../.." || exit 1
. t/cli/_cli.sh
records() { # records FILE: how many the JSON array holds
    node -e 'console.log(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).length)' "$1"
}

"$daftar" demo --data "$temp/a" --clients 250 --seed 7 --language en >/dev/null 2>"$temp/err" || exit 1
"$daftar" export --all --data "$temp/a" --output "$temp/out" >"$temp/said" 2>"$temp/err"
ok "it says how many" is "$(cat "$temp/said")" "250 clients in $temp/out"
for pair in parties:250 tags categories bonds notes members; do
    file=${pair%:*}
    n=$(records "$temp/out/json/$file.json")
    case $pair in *:*) ok "json/$file.json holds all" is "$n" "${pair#*:}" ;; *) ok "json/$file.json holds some" test "$n" -gt 0 ;; esac
    [ "$file" = parties ] || ok "csv/$file.csv holds as many" is "$(node -e '
        const text = require("fs").readFileSync(process.argv[1], "utf8"); let rows = 0, quoted = false;
        for (const c of text) { if (c === "\"") quoted = !quoted; if (c === "\n" && !quoted) rows++; } console.log(rows - 1)' "$temp/out/csv/$file.csv")" "$n"
done
ok "the history is whole" test "$(records "$temp/out/json/tables/change.json")" -ge 250
for file in index.html book/book.js book/book.css book/data/texts.js book/data/names.js book/data/list-0.js book/data/clients-0.js; do
    ok "$file is there" test -s "$temp/out/$file"
done
ok "no secret is in it" sh -c "! grep -rqE 'password_hash|token_hash|argon2' '$temp/out'"
"$daftar" export --all --data "$temp/a" --output "$temp/out" 2>/dev/null
ok "a folder that is there is not written into" test $? -ne 0
"$daftar" export-all --data "$temp/a" --output "$temp/all.zip" >/dev/null
(cd "$temp" && mkdir unpacked && cd unpacked && unzip -q ../all.zip)
ok "the ZIP file holds the same" sh -c "diff -rq -x names.js '$temp/out' '$temp/unpacked'"

"$daftar" init --data "$temp/b" --name Firm --owner Demo --email owner@example.org --password-file "$temp/password" --language en >/dev/null 2>&1
"$daftar" import --data "$temp/b" --match uid "$temp/out/csv/clients.csv" >"$temp/said" 2>"$temp/err"
ok "the clients come in again" is "$(tail -n 1 "$temp/said")" "created 250 changed 0 skipped 0 refused 0"
"$daftar" export --data "$temp/b" --format csv | sort >"$temp/b.csv"
"$daftar" export --data "$temp/a" --format csv | sort >"$temp/a.csv"
ok "and are equal" cmp -s "$temp/a.csv" "$temp/b.csv"
finish
