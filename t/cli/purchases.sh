#!/bin/sh
# daftar import --kind purchase and daftar export --kind purchase from outside, on SQLite and on PostgreSQL: whose a
# purchase is, what is refused, a file twice, two lines of one order, currencies, kill -9, and an export read back.
set -u
cd "$(dirname "$0")/../.." || exit 1
. t/cli/_cli.sh

begin_with() { # begin_with NAME: begin, and 40 clients; Twin and Twin are two, Double shares an e-mail
    begin "$1"
    awk 'BEGIN { print "Own number,First name,Last name,Mobile,E-mail"
        for (i = 1; i <= 37; i++) printf "N%d,Given%d,Family%d,+33 6 12 34 56 %02d,c%d@example.org\n", i, i, i, i, i
        print "T1,Twin,Same,,t1@example.org"; print "T2,Twin,Same,,t2@example.org"; print "D1,Double,Dee,,c1@example.org" }' >"$temp/c.csv"
    run import --match none "$temp/c.csv"
    [ "$(last)" = "created 40 changed 0 skipped 0 refused 0" ] || { echo "Bail out! no clients: $out"; exit 1; }
}
purchases() { run export --kind purchase --format csv; printf '%s\n' "$out" | awk 'END { print NR - 1 }'; }
sum() { run export --kind purchase --format csv; printf '%s\n' "$out" | awk -F, 'NR > 1 { s += $2 } END { printf "%.2f", s }'; }

whose() {
    begin_with whose
    cat >"$temp/w.csv" <<'END'
Customer ID,Email,Phone,Customer name,Order date,Total,Currency,Order number
N2,,,,2026-03-01,12.50,EUR,by number
,C3@Example.ORG,,,2026-03-01,12.50,EUR,by mail
,,+33 612 34 56 04,,2026-03-01,12.50,EUR,by phone
,,,given5 FAMILY5,2026-03-01,12.50,EUR,by name
N6,c6@example.org,+33612345606,Somebody Else,2026-03-01,-3,EUR,a return
,,,Twin Same,2026-03-01,1,EUR,two of the name
,c1@example.org,,,2026-03-01,1,EUR,two of the mail
,c1@example.org,+33612345601,,2026-03-01,2,EUR,the mail of one of them
N7,c8@example.org,,,2026-03-01,1,EUR,two clients
nobody,,,Given9 Family9,2026-03-01,1,EUR,no such number
,,,,2026-03-01,1,EUR,nobody
N9,,,,2026-02-30,1,EUR,no such day
N9,,,,2026-03-01,1,XXX,no such money
N9,,,,2026-03-01,1.5,JPY,no such part
N9,,,,,1,EUR,no day
N9,,,,2026-03-01,,EUR,no amount
END
    run import --kind purchase --dry-run "$temp/w.csv"
    ok "a trial says what would happen" is "$(last)" "created 6 changed 0 skipped 0 refused 10"
    ok "and leaves nothing" is "$(purchases)" 0
    run import --kind purchase --refused "$temp/refused.csv" "$temp/w.csv"
    ok "the owner is found by number, e-mail, phone, name" is "$(last)" "created 6 changed 0 skipped 0 refused 10"
    ok "returns count" is "$(sum)" "49.00"
    ok "refused with the reason" grep -q 'two of the name.*More than one client has this' "$temp/refused.csv"
    ok "two clients in one row" grep -q 'two clients.*This is another client' "$temp/refused.csv"
    ok "nobody of that number" grep -q 'no such number.*There is no such client here' "$temp/refused.csv"
    ok "no client at all" grep -q ',nobody,.*Whose purchase is it' "$temp/refused.csv"
    ok "a currency that is none" grep -q 'no such money.*There is no currency' "$temp/refused.csv"
    run import --kind purchase --match email "$temp/w.csv"
    ok "purchases are not known by e-mail" is $code 2
    run import --kind note "$temp/w.csv"
    ok "notes are not imported" is $code 2
    printf 'BEGIN:VCARD\nVERSION:4.0\nFN:A\nEND:VCARD\n' >"$temp/card.vcf"
    run import --kind purchase "$temp/card.vcf"
    ok "cards are no purchases" is "$code $(purchases)" "1 6"
}

twice() {
    begin_with twice
    cat >"$temp/t.csv" <<'END'
client_number,date,amount,currency,product,quantity,reference
N1,2026-01-05,10.00,EUR,Pen,2,A1
N1,2026-01-05,20.00,EUR,Book,1,A1
N1,2026-01-05,1250,JPY,Book,1,A2
N1,2026-01-05,1.250,KWD,Ink,0.5,A3
N2,2026-01-06,5.00,EUR,Pen,,
N2,2026-01-06,5.00,EUR,Pen,,
END
    run import --kind purchase "$temp/t.csv"
    ok "two lines of one order, and the same line twice, all come in" is "$(last)" "created 6 changed 0 skipped 0 refused 0"
    run import --kind purchase "$temp/t.csv"
    ok "the file again doubles nothing" is "$(last)" "created 0 changed 0 skipped 6 refused 0"
    run export --kind purchase --format csv --output "$temp/out.csv"
    ok "each amount in its own currency" is "$(cut -d, -f1-3,6,8 "$temp/out.csv" | tr -d '\r' | tr '\n' ' ' | head -c 120)" \
        "date,amount,currency,quantity,client_number 2026-01-05,10.00,EUR,2.000,N1 2026-01-05,20.00,EUR,1.000,N1 2026-01-05,1250,"
    run import --kind purchase "$temp/out.csv"
    ok "an export is known again" is "$(last)" "created 0 changed 0 skipped 6 refused 0"
    printf 'customer_id,email,order_date,revenue\nGiven3 Family3,c3@example.org,2025-01-02,7\n' >"$temp/r.csv"
    run import --kind purchase "$temp/r.csv"
    run import --kind purchase "$temp/r.csv"
    ok "without a reference too, whatever the client is called in it" is "$(last)" "created 0 changed 0 skipped 1 refused 0"
    sed 's/20.00/21.00/; s/1.250,KWD/1.500,KWD/' "$temp/t.csv" >"$temp/u.csv"
    run import --kind purchase --on-match overwrite "$temp/u.csv"
    ok "overwritten is what differs, of the right line" is "$(last)" "created 0 changed 2 skipped 4 refused 0"
    ok "with its currency" is "$(run export --kind purchase --format json; printf %s "$out" | grep -c '"amount":"1.500","currency":"KWD"')" 1
    run import --kind purchase --match none "$temp/t.csv"
    ok "compared with nothing, all come in" is "$(last)" "created 6 changed 0 skipped 0 refused 0"
    ok "of every row" is "$(purchases)" 13
}

killed() {
    begin_with killed
    awk 'BEGIN { print "email,date,amount,reference"
        for (i = 1; i <= 6000; i++) printf "c%d@example.org,2026-%02d-%02d,%d.%02d,R%d\n", i % 36 + 2, i % 12 + 1, i % 28 + 1, i % 500, i % 100, i }' >"$temp/k.csv"
    # shellcheck disable=SC2086
    "$daftar" import $place --kind purchase "$temp/k.csv" >/dev/null 2>&1 &
    pid=$!
    i=0; n=0
    while [ "$n" -lt 200 ] && [ $i -lt 200 ] && kill -0 $pid 2>/dev/null; do n=$(purchases); i=$((i + 1)); done
    kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
    run import --kind purchase "$temp/k.csv"
    ok "goes on where it was killed" is "$(last)" "created 6000 changed 0 skipped 0 refused 0"
    ok "and nothing is there twice" is "$(purchases)" 6000
}

on_both whose twice killed
finish
