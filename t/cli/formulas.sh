#!/bin/sh
# trust.md T-10 and T-11: what looks like a formula leaves as text, in CSV and in XLSX, and comes back
# equal; LibreOffice, where it is installed, shows the letters and computes nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
. t/cli/_cli.sh
call() { "$daftar" "$@" 2>"$temp/err"; }
new() { call init --data "$temp/$1" --name Firm --email owner@example.org --password-file "$temp/password" --language "$2" >/dev/null; }

# Each of them in each of these columns of one client; the name makes them tell apart.
printf '%s\n' '=1+1' '+1' '-1+1' '@SUM(1)' ' =1' "=cmd|' /C calc'!A1" '＝1' "'=1" "_x0041_ & <b>" >"$temp/texts"
printf 'name,nickname,territory,street,town,notes_private,own_id,phone,birth_date\r\n' >"$temp/in.csv"
n=0
while IFS= read -r text; do
    n=$((n + 1))
    printf 'Client %d,"%s","%s","%s","%s","%s","%s %d",+98 912 345 67%02d,1990-01-%02d\r\n' $n "$text" "$text" "$text" "$text" "$text" "$text" $n $n $n
done <"$temp/texts" >>"$temp/in.csv"

new first fa
ok "in" sh -c "'$daftar' import --data '$temp/first' --match none '$temp/in.csv' | tail -1 | grep -q 'created $n changed 0 skipped 0 refused 0'"
call export --data "$temp/first" --format json >"$temp/first.json"
call export --data "$temp/first" --format csv --bom --output "$temp/out.csv"
call export --data "$temp/first" --format xlsx --output "$temp/out.xlsx"
ok "they are kept as they are" grep -qF '"nickname":"=1+1"' "$temp/first.json"

# CSV: no cell begins as a formula would; phones are not harmed.
ok "csv: every one is defused" sh -c "! grep -qE '(^|,)\"?[ ]*(=|@|＝|-1\\+1|\\+1,)' '$temp/out.csv'"
ok "csv: phones are as they were" grep -q ',+98 912 345 6701,' "$temp/out.csv"

# XLSX: texts are inline strings, there is no formula, the sheet is from right to left.
ok "xlsx: it is a ZIP that is whole" unzip -tqq "$temp/out.xlsx"
unzip -p "$temp/out.xlsx" xl/worksheets/sheet1.xml >"$temp/sheet.xml"
ok "xlsx: no formula" sh -c "! grep -q '<f[ >/]' '$temp/sheet.xml'"
ok "xlsx: texts are inline strings" grep -q 't="inlineStr"><is><t>=1+1</t>' "$temp/sheet.xml"
ok "xlsx: no shared strings" sh -c "! unzip -l '$temp/out.xlsx' | grep -q sharedStrings"
ok "xlsx: from right to left for a Persian reader" grep -q 'rightToLeft="1"' "$temp/sheet.xml"
ok "xlsx: the header stays in sight" grep -q 'state="frozen"' "$temp/sheet.xml"
ok "xlsx: filters over all rows" grep -q "<autoFilter ref=\"A1:[A-Z]*$((n + 1))\"" "$temp/sheet.xml"
ok "xlsx: a birthday is a day, as a number" grep -q '><v>32874</v>' "$temp/sheet.xml"
ok "xlsx: nothing stays behind" sh -c "[ -z \"\$(ls -A '$temp/first/tmp')\" ]"

# And back: the very same records.
for kind in csv xlsx; do
    new "$kind" en
    call import --data "$temp/$kind" --match none "$temp/out.$kind" >"$temp/counts"
    ok "$kind: all come back" grep -q "created $n changed 0 skipped 0 refused 0" "$temp/counts"
    call export --data "$temp/$kind" --format csv >"$temp/again.csv"
    call export --data "$temp/first" --format csv >"$temp/once.csv"
    ok "$kind: byte for byte" cmp "$temp/once.csv" "$temp/again.csv"
done

# What another program shows of both.
if command -v soffice >/dev/null 2>&1; then
    mkdir "$temp/office"
    for kind in csv xlsx; do
        # 44,34,76: comma, quote, UTF-8; the last true of the filter for CSV leaves formulas unread.
        soffice "-env:UserInstallation=file://$temp/profile" --headless --infilter="$([ $kind = csv ] && echo 'CSV:44,34,76')" \
            --convert-to 'fods:OpenDocument Spreadsheet Flat XML' --outdir "$temp/office" "$temp/out.$kind" >/dev/null 2>&1
        shown="$temp/office/out.fods"
        ok "LibreOffice, $kind: it opens" test -s "$shown"
        # It shows the booleans of XLSX as TRUE() and FALSE().
        ok "LibreOffice, $kind: no formula" sh -c "! grep -o 'table:formula=\"[^\"]*' '$shown' | grep -qv 'of:=\(TRUE\|FALSE\)()'"
        mark=; [ $kind = csv ] && mark="&apos;"
        ok "LibreOffice, $kind: the letters" grep -qF "<text:p>$mark=1+1</text:p>" "$shown"
        ok "LibreOffice, $kind: a phone" grep -qF '98 912 345 6701</text:p>' "$shown"
        rm -f "$shown"
    done
else
    echo "# soffice is not installed: what another program shows was not looked at"
fi
finish
