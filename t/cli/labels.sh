#!/bin/sh
# daftar labels from outside: sheets, the start, envelopes, criteria, the frame page, what is refused. The
# PDF is read by poppler.
set -u
cd "$(dirname "$0")/../.." || exit 1
. t/cli/_cli.sh
labels() { "$daftar" labels --data "$temp/d" --output "$temp/out.pdf" "$@" >"$temp/said" 2>"$temp/err"; }
said() { awk -v n="$1" '{ for (i = 1; i < NF; i++) if ($i == n) print $(i + 1) }' "$temp/said"; }
pdf() { pdfinfo "$temp/out.pdf" | sed -n "s/^$1: *//p"; }

"$daftar" demo --data "$temp/d" --clients 80 --seed 5 --language fa >/dev/null 2>"$temp/err" || exit 1
labels --sheet L7160
ok "labels are made" test $? -eq 0
good=$(said labels)
ok "everybody is printed or told" is "$((good + $(said left-out)))" 80
ok "who is left out is told with a reason" is "$(grep -c '^client [0-9]*: [A-Z]' "$temp/err")" "$(said left-out)"
ok "as many pages as it says" is "$(pdf Pages)" "$(said pages)"
ok "as many as that takes" is "$(said pages)" "$(((good + 20) / 21))"
ok "A4" is "$(pdf 'Page size')" "595.276 x 841.89 pts (A4)"
ok "fonts are inside" sh -c "pdffonts '$temp/out.pdf' | tail -n +3 | grep -c . >'$temp/n'; ! pdffonts '$temp/out.pdf' | tail -n +3 | grep -v 'yes yes yes'"
ok "made by nobody but Daftar" is "$(pdf Producer)" Daftar
labels --sheet 5160 --start 30
ok "US Letter" is "$(pdf 'Page size')" "612 x 792 pts (letter)"
ok "the first sheet has one label" is "$(said pages)" "$(((good + 29 + 29) / 30))"
labels --envelope C5 --sender 'شرکت پارس' --where kind=organisation
ok "envelopes, one a page" is "$(pdf Pages)" "$(said labels)"
ok "only those of the criterion" test "$(said labels)" -lt "$good"
ok "229 × 162 mm" is "$(pdf 'Page size')" "649.134 x 459.213 pts"
labels --frame --sheet L8651 --offset 1.5,-0.5
ok "the frame page is one page" is "$(pdf Pages)" 1
ok "with 65 numbers" is "$(pdftotext "$temp/out.pdf" - | tr -d '\f' | grep -c .)" 65
for wrong in '--sheet L9999' '--start 0' '--offset 1' '--size big' '--envelope C4 --window left' '--where nonsense=1' '--sort colour'; do
    # shellcheck disable=SC2086
    labels $wrong
    ok "refused: $wrong" test $? -ne 0
    ok "in one line" is "$(wc -l <"$temp/err" | tr -d ' ')" 1
done
finish
