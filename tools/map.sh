#!/bin/sh
# Checks docs/map.md: every path that it names exists, and it names every folder of src.
#   tools/map.sh [--root DIR]       says what is wrong, exit 1
#   tools/map.sh --self-test        plants what must be found, and expects it to be found
# A path is what stands between backquotes and has a "/" or is a file of the root; * is a wildcard.
# What the build makes (build/…), URLs (/clients) and options are no paths.
set -u
root=$(dirname "$0")/..

check() {
    cd "$root" || exit 2
    [ -e docs/map.md ] || { echo "docs/map.md is missing"; return; }
    grep -o '`[^`]*`' docs/map.md | tr -d '`' | LC_ALL=C sort -u | while IFS= read -r path; do
        case $path in
        *' '*|/*|-*|build/*|*…*|*'('*|*'<'*|*:*) continue ;;
        */*|*.c|*.h|*.md|*.sh|*.json|Makefile) ;;
        *) continue ;;
        esac
        found=
        for f in $path; do [ -e "$f" ] && found=yes; done
        [ -n "$found" ] || echo "docs/map.md names $path, which is not there"
    done
    find src -type d -mindepth 2 | grep -v '/t$' | while IFS= read -r folder; do
        ls -p "$folder" | grep -qv '/$' || continue # only folders inside
        grep -qF "$folder" docs/map.md || echo "docs/map.md does not name $folder"
    done
}

expect() { # expect WORDS: the check of $temp says something with these words; none: it says nothing
    said=$(sh "$0" --root "$temp")
    case "$1:$said" in
    :) ;;
    :*) echo "self-test: said of what is right: $said"; exit 1 ;;
    *) case $said in *"$1"*) ;; *) echo "self-test: not said: $1"; exit 1 ;; esac ;;
    esac
}
self_test() {
    temp=$(mktemp -d) || exit 2
    trap 'rm -rf "$temp"' EXIT
    mkdir -p "$temp/docs" "$temp/src/lib/base" "$temp/src/lib/empty"
    touch "$temp/src/lib/base/a.c"
    expect "docs/map.md is missing"
    echo 'Open `src/lib/base/a.c` or `src/lib/base/*.c` at `/clients` with `a b/c`.' >"$temp/docs/map.md"
    expect ""
    echo 'And `src/lib/base/gone.c`.' >>"$temp/docs/map.md"
    expect "src/lib/base/gone.c"
    echo 'Nothing, but `src/lib/base/*.c`' >"$temp/docs/map.md"
    mkdir "$temp/src/lib/new"; touch "$temp/src/lib/new/b.c"
    expect "does not name src/lib/new"
    echo "map.sh finds what it must"
}

case ${1-} in
--self-test) self_test; exit 0 ;;
--root) root=$2 ;;
esac
problems=$(check)
[ -z "$problems" ] || { echo "$problems"; exit 1; }
