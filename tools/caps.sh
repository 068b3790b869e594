#!/bin/sh
# Checks that the code stays small enough to read (design.md section 10).
#   tools/caps.sh [--root DIR]      says what is too long, exit 1
#   tools/caps.sh --self-test       plants what must be found, and expects it to be found
# A file has 800 lines at most (C, scripts, style sheets), a function 60, a header 200 (a table of
# data, *_table.h, has no limit), a feature 2,500 lines of C and .def. Tables of cases in
# tests do not count. What must be longer gets its own number below, in the same commit.
set -u

# PATH LINES            a file (or a feature's folder) that may have so many lines
FILES='
t/wire/wire.h 400
t/wire/cases.h 400
src/features/export 2600
src/features/import 3740
src/features/duplicate 3900
src/features/client 3700
'
# PATH FUNCTION LINES   a function that may have so many
FUNCTIONS='
'

root=$(dirname "$0")/..
check() {
    cd "$root" || exit 2
    {
        find src tools t bench assets -type f \( -name '*.c' -o -name '*.sh' -o -name '*.mjs' -o -name '*.js' \
            -o -name '*.css' -o -name '*.html' -o -name '*.def' \) 2>/dev/null | sed 's/^/file 800 /'
        find src tools t -type f -name "*.h" ! -name "*_table.h" 2>/dev/null | sed 's/^/file 200 /'
    } | LC_ALL=C sort -k3 | while read -r _ most path; do
        lines=$(wc -l <"$path")
        allowed=$(echo "$FILES" | awk -v p="$path" '$1 == p { print $2 }')
        [ "$lines" -le "${allowed:-$most}" ] || echo "$path: $lines lines, ${allowed:-$most} allowed"
    done
    for feature in src/features/*/; do
        [ -d "$feature" ] || continue
        feature=${feature%/}
        lines=$(find "$feature" -type f \( -name '*.c' -o -name '*.h' -o -name '*.def' \) -exec cat {} + | wc -l)
        allowed=$(echo "$FILES" | awk -v p="$feature" '$1 == p { print $2 }')
        [ "$lines" -le "${allowed:-2500}" ] || echo "$feature: $lines lines, ${allowed:-2500} allowed"
    done
    # clang-format puts the head of a function at the left margin and its last } alone at the margin.
    find src tools t bench -name '*.c' 2>/dev/null | LC_ALL=C sort | xargs awk -v exceptions="$FUNCTIONS" '
        BEGIN { n = split(exceptions, e, "\n"); for (i = 1; i <= n; i++) { split(e[i], w, " "); allowed[w[1] " " w[2]] = w[3] } }
        FNR == 1 { inside = 0; start = 0; data = 0; table = 0 }
        /^}[ \t]*$/ {
            if (inside) {
                lines = FNR - start + 1 - data
                most = (FILENAME " " name) in allowed ? allowed[FILENAME " " name] : 60
                if (lines > most) printf "%s:%d: %s has %d lines, %d allowed\n", FILENAME, start, name, lines, most
            }
            inside = 0; start = 0; data = 0; next
        }
        /^}/ { inside = 0; start = 0; next }
        inside && FILENAME ~ /^t\// && /^    (static const |} ).*= \{$/ { table = FNR } # a test'"'"'s cases are data
        inside && table && /^    \};$/ { data += FNR - table; table = 0 }
        inside { next }
        /^#/ || /^\/[\/*]/ || /^ \*/ || /^$/ { next }
        /^[A-Za-z_]/ && !start { start = FNR; name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
        /\{$/ && start { inside = 1; next }
        /;[ \t]*(\/\*.*)?$/ { start = 0 }'
}

plant() { # plant WHAT PATH: the text on standard input must make the check fail
    mkdir -p "$temp/$(dirname "$2")"
    cat >"$temp/$2"
    found=$(sh "$0" --root "$temp")
    rm "$temp/$2"
    case $found in *"$2"*|*"${2%/*}: "*) ;; *) echo "self-test: not found: $1" | tee -a "$temp/failed" ;; esac
}
lines() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "int x;" }'; }
function_of() { awk -v n="$1" 'BEGIN { print "static int\nlong_one(int a,"; print "         int b) {"; for (i = 0; i < n; i++) print "    a++;"; print "label:\n    return a;\n}" }'; }
self_test() {
    temp=$(mktemp -d) || exit 2
    trap 'rm -rf "$temp"' EXIT
    mkdir -p "$temp/src" "$temp/tools" "$temp/t"
    lines 801 | plant "a long file" src/lib/a.c
    lines 201 | plant "a long header" src/lib/a.h
    lines 801 | plant "a long script" tools/a.sh
    function_of 56 | plant "a long function" src/lib/b.c
    for i in 1 2 3; do mkdir -p "$temp/src/features/x"; lines 799 >"$temp/src/features/x/$i.c"; done
    lines 700 | plant "a long feature" src/features/x/4.c
    rm -r "$temp/src/features"
    mkdir -p "$temp/src/lib"
    function_of 54 >"$temp/src/lib/ok.c"
    lines 740 >>"$temp/src/lib/ok.c"
    { echo 'static void t(void) {'; echo '    static const int v[] = {'; awk 'BEGIN { for (i = 0; i < 99; i++) print "        1," }'
      echo '    };'; echo '}'; } >"$temp/t/test_ok.c"
    [ ! -e "$temp/failed" ] || exit 1
    found=$(sh "$0" --root "$temp")
    [ -z "$found" ] || { echo "self-test: found what is right: $found"; exit 1; }
    echo "caps.sh finds what it must"
}

case ${1-} in
--self-test) self_test; exit 0 ;;
--root) root=$2 ;;
esac
problems=$(check)
[ -z "$problems" ] || { echo "$problems"; exit 1; }
