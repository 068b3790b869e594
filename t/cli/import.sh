#!/bin/sh
# daftar import and daftar export from outside, on SQLite and on PostgreSQL: counts, encodings, separators,
# refused rows, kill -9 in the middle, files that are none, and an export that comes back equal.
set -u
cd "$(dirname "$0")/../.." || exit 1
. t/cli/_cli.sh

rows() { # rows N: a header and N clients, a third of them of some company
    awk -v n="$1" 'BEGIN { print "First name,Last name,Mobile,E-mail,Town,Company,Tags"
        for (i = 1; i <= n; i++) printf "Given%d,Family%d,+33 6 %02d %02d %02d %02d,c%d@example.org,Lyon,%s,%s\r\n", i, i,
            i / 1000000 % 100, i / 10000 % 100, i / 100 % 100, i % 100, i, i % 3 ? "" : "Firm " i % 50, i % 7 ? "" : "VIP" }'
}
clients() { run export --format csv; printf '%s\n' "$out" | awk 'END { print NR - 1 }'; }

counts() {
    begin counts
    rows 60 >"$temp/a.csv"
    echo ',Nobody,12,not an address,,,' >>"$temp/a.csv"
    run import --dry-run "$temp/a.csv"
    ok "a trial says what would happen" is "$(last)" "created 60 changed 0 skipped 0 refused 1"
    ok "and leaves nothing" is "$(clients)" 0
    run import --refused "$temp/refused.csv" "$temp/a.csv"
    ok "counts are the last line" is "$(last)" "created 60 changed 0 skipped 0 refused 1"
    ok "refused rows are no failure" is $code 0
    ok "the refused row comes out with its cells and reasons" grep -q '^,Nobody,12,not an address,,,,62,.' "$temp/refused.csv"
    run import "$temp/a.csv"
    ok "again: all are there" is "$(last)" "created 0 changed 0 skipped 60 refused 1"
    printf 'E-mail,Town,Father’s name,Mobile\nc1@example.org,Paris,Jean,+33 7 99 88 77 66\n' >"$temp/b.csv"
    run import --on-match fill "$temp/b.csv"
    ok "fill" is "$(last)" "created 0 changed 1 skipped 0 refused 0"
    run export --format json --search Given1
    ok "fill adds a phone and a place, and keeps what was there" sh -c "printf '%s' \"\$1\" | grep -q 'Lyon' && printf '%s' \"\$1\" | grep -q '998877'" - "$(printf %s "$out" | tr -d ' ')"
    printf 'E-mail,Last name\nc1@example.org,Changed\n' >"$temp/c.csv"
    run import --on-match fill "$temp/c.csv"
    ok "fill overwrites nothing" is "$(last)" "created 0 changed 0 skipped 1 refused 0"
    run import --on-match overwrite "$temp/c.csv"
    ok "overwrite does" is "$(last)" "created 0 changed 1 skipped 0 refused 0"
    run import --match none "$temp/c.csv"
    ok "without matching every row is new" is "$(last)" "created 1 changed 0 skipped 0 refused 0"
    run export --format csv --where town=Nowhere
    ok "a filter without hits" is "$(printf '%s\n' "$out" | wc -l)" 1
    run export --format csv --where secret=1
    ok "a field that is no filter is refused" is $code 2
}

doubtful() {
    begin doubtful
    printf 'First name,Last name,Birthday,Town\nMohammad,Karimi,1983-10-07,Tehran\n' >"$temp/there.csv"
    printf 'First name,Last name,Birthday,Mobile\nمحمد,کریمی,1983-10-07,+98 912 345 6789\nJean,Dupont,1971-05-06,\n' >"$temp/coming.csv"
    run import "$temp/there.csv"
    run import --dry-run "$temp/coming.csv"
    ok "a trial counts all as new" is "$(last)" "created 2 changed 0 skipped 0 refused 0"
    ok "and says who may be here already, and why" grep -q 'line 2: May be .*Mohammad Karimi.*same birth date' "$temp/err"
    ok "and how many" grep -q '^1 of the new rows may be clients who are here already$' "$temp/err"
    run import --doubtful refuse --refused "$temp/held.csv" "$temp/coming.csv"
    ok "held back" is "$(last)" "created 1 changed 0 skipped 0 refused 1"
    ok "and counted" grep -q '^1 of the refused rows may be clients who are here already$' "$temp/err"
    ok "with the reason in the refused rows" grep -q '^محمد,.*May be .*Mohammad Karimi.*same birth date' "$temp/held.csv"
    run import "$temp/coming.csv"
    ok "else it comes in" is "$(last)" "created 1 changed 0 skipped 1 refused 0"
    run import --doubtful maybe "$temp/coming.csv"
    ok "a way that nobody knows" is $code 2
    run duplicates --no-look
    ok "a command compares nobody by itself" is "$out" ""
    # shellcheck disable=SC2086
    "$daftar" serve $place --listen 127.0.0.1:0 >"$temp/served" 2>&1 &
    server=$!
    for _ in $(seq 200); do
        run duplicates --no-look
        [ -z "$out" ] || break
        sleep 0.2
    done
    kill $server; wait $server
    ok "but the next server compares whom it brought" sh -c "printf '%s\n' '$out' | grep -q 'Mohammad Karimi.*same birth date'"
}

encodings() {
    text='Nom;Téléphone;Ville\r\nÉlodie Lefèvre;0612345678;Orléans\r\n"Jean\r\nPaul Sartre";;Paris\r\n'
    arabic='الاسم;الهاتف;المدينة\r\nمحمد العلي;+966501234567;الرياض\r\nفاطمة الزهراء;;جدة\r\n'
    for code_name in UTF-8 UTF-16LE UTF-16BE WINDOWS-1252 ISO-8859-1 WINDOWS-1256 BOM-16; do
        begin "e$(echo $code_name | tr -dc 'A-Z0-9' | tr 'A-Z' 'a-z')"
        if [ $code_name = WINDOWS-1256 ]; then source=$arabic; town=الرياض; else source=$text; town=Orléans; fi
        # shellcheck disable=SC2059 (the text holds the escapes)
        case $code_name in
        BOM-16) printf "$source" | iconv -f UTF-8 -t UTF-16 >"$temp/e.csv" ;;
        *) printf "$source" | iconv -f UTF-8 -t $code_name >"$temp/e.csv" ;;
        esac
        run import "$temp/e.csv"
        ok "$code_name" is "$(last)" "created 2 changed 0 skipped 0 refused 0"
        run export --format json
        ok "$code_name: letters are right" sh -c 'printf %s "$1" | grep -q "$2"' - "$out" "$town"
    done
}

no_files() {
    begin none
    printf 'Name,Phone\nA,1\n"open,2\n' >"$temp/open.csv"
    printf 'Name,Phone\nA\000B,1\n' >"$temp/nul.csv"
    : >"$temp/empty.csv"
    head -c 5000 "$daftar" >"$temp/binary.csv"
    awk 'BEGIN { printf "Name,Notes\nA,"; for (i = 0; i < 100001; i++) printf "x"; print "" }' >"$temp/long.csv"
    awk 'BEGIN { for (i = 0; i < 201; i++) printf "c%d,", i; print "" }' >"$temp/wide.csv"
    for bad in open nul empty binary long wide; do
        run import --separator , "$temp/$bad.csv"
        ok "$bad: refused" is $code 1
        ok "$bad: with a reason" test -s "$temp/err"
    done
    ok "nothing was written" is "$(clients)" 0
    ok "and no file kept" is "$(find "$temp" -path '*files*' -type f | grep -c "none/files")" 0
    run import "$temp/no such file.csv"
    ok "a file that is not there" is $code 4
    run import --charset latin-9 "$temp/open.csv"
    ok "an encoding that nobody knows" is $code 1
    run import --match name "$temp/open.csv"
    ok "a way to match that nobody knows" is $code 2
}

killed() {
    begin killed
    rows 3000 >"$temp/k.csv"
    tries=0
    while :; do
        # shellcheck disable=SC2086
        "$daftar" import $place --match none "$temp/k.csv" >"$temp/k.out" 2>"$temp/err" &
        pid=$!
        (sleep "0.$((2 + tries % 5))"; kill -9 $pid) 2>/dev/null &
        killer=$!
        wait $pid 2>/dev/null
        ended=$?
        wait $killer 2>/dev/null
        tries=$((tries + 1))
        [ $ended = 137 ] && [ $tries -lt 12 ] || break
    done
    if [ $ended = 137 ]; then run import --match none "$temp/k.csv"; printf '%s\n' "$out" >"$temp/k.out"; fi
    ok "killed $tries times, and then to its end" is "$(tail -n 1 "$temp/k.out")" "created 3000 changed 0 skipped 0 refused 0"
    run export --format csv --where kind=person
    printf '%s\n' "$out" | sed 1d | grep -o 'c[0-9]*@example.org' | sort | uniq -c | awk '$1 != 1 { bad++ } END { print NR, bad + 0 }' >"$temp/k.n"
    ok "nothing is lost, nothing is there twice" is "$(cat "$temp/k.n")" "3000 0"
    run export --format csv --where kind=organisation
    ok "nor are companies" is "$(printf '%s\n' "$out" | awk 'END { print NR - 1 }')" 50
    run check
    ok "daftar check finds nothing" is $code 0
}

# Every source, each of them twice: the second time changes nothing.
sources() {
    begin sources
    cat >"$temp/c.vcf" <<'CARDS'
BEGIN:VCARD
VERSION:3.0
UID:card-1
N:Karimi;Ali;;;
TEL;TYPE=CELL:+98 912 345 6789
PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
this line is nonsense
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:No Number
END:VCARD
CARDS
    printf 'سارا احمدی ۰۹۱۲ ۱۱۱ ۲۲۳۳\nZoe Adams zoe@example.org +44 7400 123456\n' >"$temp/chat.txt"
    printf 'Given name\tLast name\tTown\nTom\tBaker\tLeeds\nTom\tBaker\tLeeds\nTom\tBaker\tYork\n' >"$temp/rows.txt"
    run import "$temp/c.vcf"
    ok "cards come in" is "$(last)" "created 2 changed 0 skipped 0 refused 0"
    ok "and the line that is none is named" grep -q '^line 7: ' "$temp/err"
    run export --format vcard --output "$temp/photo.vcf"
    ok "the photo came with its card" is "$(grep -c '^PHOTO' "$temp/photo.vcf")" 1
    run import "$temp/c.vcf"
    ok "cards again: nothing" is "$(last)" "created 0 changed 0 skipped 2 refused 0"
    run import - <"$temp/chat.txt"
    ok "a piece of a chat on the standard input" is "$(last)" "created 2 changed 0 skipped 0 refused 0"
    run import --format text "$temp/chat.txt"
    ok "the chat again: nothing" is "$(last)" "created 0 changed 0 skipped 2 refused 0"
    run import "$temp/rows.txt"
    ok "rows with tabs, one of them twice" is "$(last)" "created 2 changed 0 skipped 1 refused 0"
    ok "which is said" grep -q '^1 of the skipped rows' "$temp/err"
    run import "$temp/rows.txt"
    ok "the rows again: nothing" is "$(last)" "created 0 changed 0 skipped 3 refused 0"
    run export --format xlsx --output "$temp/all.xlsx"
    run import "$temp/all.xlsx"
    ok "our own workbook: nothing" is "$(last)" "created 0 changed 0 skipped 6 refused 0"
    run import --sheet 'No such sheet' "$temp/all.xlsx"
    ok "a sheet that is not there" is $code 1
    run import --format word "$temp/all.xlsx"
    ok "a format that nobody knows" is $code 2
    begin other
    run import "$temp/all.xlsx"
    ok "the workbook elsewhere" is "$(last)" "created 6 changed 0 skipped 0 refused 0"
    run import "$temp/all.xlsx"
    ok "and again: nothing" is "$(last)" "created 0 changed 0 skipped 6 refused 0"
    printf '%%PDF-1.4 x' >"$temp/list.pdf"
    printf '\320\317\021\340\241\261\032\341' >"$temp/old.xls"
    printf '\211PNG\r\n' >"$temp/photo.csv"
    printf '<html><table></table></html>' >"$temp/page.xls"
    for bad in list.pdf old.xls photo.csv page.xls; do
        run import "$temp/$bad"
        ok "$bad: refused" is $code 1
        ok "$bad: with a way out" grep -qE 'paste|[sS]ave' "$temp/err"
    done
    ok "nothing is left in tmp" is "$(find "$temp"/*/tmp -type f | wc -l)" 0
}

comes_back() {
    begin first
    cat >"$temp/r.csv" <<'ROWS'
First name,Last name,Notes,Phone,Phone 2,E-mail,Street,Town,Date of birth,Tags,Company,Job title
"=cmd|' /C calc'!A1",'+Quote,"two
lines, ""quoted""",+98 912 345 6789,021-88776655,a@example.org,"خیابان ولیعصر، ۱۲",تهران,--03-21,"VIP, بهار",Studio,Director
@SUM(1),-1+1,＝1,,,b@example.org,,,1983-10-07,,,
ROWS
    run import "$temp/r.csv"
    ok "cells that look like formulas come in" is "$(last)" "created 2 changed 0 skipped 0 refused 0"
    run export --format csv --output "$temp/r1.csv"
    ok "no cell of the export is a formula" sh -c '! grep -qE "(^|,)\"?[=@＝]" "$1"' - "$temp/r1.csv"
    run export --format json --where kind=person; printf '%s' "$out" | sed -E 's/"(id|uid|created_at|changed_at|created_by|version|organisation)": ?("[^"]*"|[0-9]+|null)//g' >"$temp/r1.json"
    begin second
    run import "$temp/r1.csv"
    run export --format csv --output "$temp/r2.csv"
    sort "$temp/r1.csv" >"$temp/r1.sorted"; sort "$temp/r2.csv" >"$temp/r2.sorted"
    ok "the export of the import of the export is the same" diff "$temp/r1.sorted" "$temp/r2.sorted"
    run export --format csv --separator ';' --bom
    ok "a byte order mark and another separator" sh -c 'printf %s "$1" | head -c 8 | od -An -tx1 | grep -q "ef bb bf 6b 69 6e 64 3b"' - "$out"
}

on_both counts doubtful encodings no_files killed sources comes_back
finish
